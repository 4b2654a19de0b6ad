"""The order of a case as its department sees it: the whole present job, or its end."""

from collections.abc import Iterable, Sequence

from rules.book import Book
from rules.draft import Draft
from schemas.case import WITH_ORDER, Case, State
from schemas.codec import encode
from schemas.event import Because, EventType
from schemas.order import Order, Written
from schemas.report import Department

NOT_OF_AN_ORDER = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
_ENDED = frozenset({State.CLOSED, State.MERGED, State.REFUSED})


def ordered_from(case: Case | None) -> Department | None:
    """The department in whose topic this case stands, if it stands in one."""
    if case is None or case.department is None or case.assignee is None or case.dispatched_ms is None:
        return None
    return case.department if case.state in WITH_ORDER or case.state in _ENDED else None


def order_of(
    case: Case,
    department: Department,
    book: Book,
    *,
    changed: Sequence[EventType],
    because: Because | None,
    written: tuple[Written, ...],
) -> Order:
    """The whole present order. `because` is the last reason among the events that changed it."""
    assert case.assignee is not None
    assert case.dispatched_ms is not None
    item = book.item(case.item)
    return Order(
        case=case.number,
        seq=case.seq,
        changed=tuple(changed),
        state=case.state,
        kind=case.kind,
        category=case.category,
        category_name=book.category(case.category).name if book.knows_category(case.category) else None,
        item=case.item,
        guide=item.guide if item else None,
        department=department,
        assignee=case.assignee,
        accountable=case.accountable,
        executor=case.executor,
        place=case.place,
        submitted_ms=case.submitted_ms,
        dispatched_ms=case.dispatched_ms,
        deadlines=case.deadlines,
        due_ms=case.due_ms,
        hops=case.hops,
        reworks=case.reworks,
        rung=case.rung,
        alerts=case.alerts,
        written=written,
        because=because,
    )


def order_records(
    before: Case | None,
    after: Case | None,
    book: Book,
    *,
    drafts: Iterable[Draft],
    written: tuple[Written, ...],
) -> list[tuple[str, str, bytes | None]]:
    """(department, case number, value) of what departments are told after `drafts` of one case.

    `after` None: the case is archived. A value of None ends the order.
    """
    told = [draft for draft in drafts if draft.type not in NOT_OF_AN_ORDER]
    old, new = ordered_from(before), ordered_from(after)
    records: list[tuple[str, str, bytes | None]] = []
    if old is not None and before is not None and (new is None or new.code != old.code):
        records.append((old.code, before.number, None))
    if new is not None and after is not None and told:
        reasons = [draft.because for draft in told if draft.because is not None]
        order = order_of(
            after,
            new,
            book,
            changed=[draft.type for draft in told],
            because=reasons[-1] if reasons else None,
            written=written,
        )
        records.append((new.code, after.number, encode(order)))
    return records
