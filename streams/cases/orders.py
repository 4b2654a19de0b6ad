"""The order of a case as its department sees it: the whole present job, or its end."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Draft
from schemas.case import WITH_ORDER, Case, State
from schemas.codec import Headers, cloud_event, joined, writer
from schemas.event import EventType
from schemas.names import Name
from schemas.order import Order
from schemas.report import Department

NOT_OF_AN_ORDER = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
_TOLD = WITH_ORDER | {State.CLOSED, State.MERGED, State.REFUSED}

_OF_THE_CASE: Final = tuple(
    (name, None if field.is_required() else field.get_default(call_default_factory=True))
    for name, field in Order.model_fields.items()
    if name in Case.model_fields
)
"""Fields that an order has from its case as they are, with the values at which they are left out."""

_CLARITIES: Final = ("task", "standard", "guide", "method")
"""The four parts of a handling guide: fields of an item, and of an order."""

_written = writer(Order)


SOURCE: Final = "grid36/orders"
KIND: Final = "grid36.order"
"""CloudEvents type of a present order; with `.finished` behind it, that of the tombstone that ends one."""


class OrderRecord(NamedTuple):
    """One record for a department; a value of None ends the order."""

    department: str
    case: str
    value: bytes | None
    seq: int

    def headers(self, t_ms: int) -> Headers:
        """CloudEvents headers; the id is made of department, case and its sequence, so it is the same in a replay."""
        kind, event_id = KIND, f"{self.department}/{self.case}/{self.seq}"
        if self.value is None:
            kind, event_id = f"{kind}.finished", f"{event_id}/finished"
        return cloud_event(event_id=event_id, source=SOURCE, kind=kind, t_ms=t_ms, subject=self.case)


class OrderWriter:
    """Writes orders. What a rulebook says about a category and an item is encoded once, and used again."""

    def __init__(self) -> None:
        self._guides: dict[tuple[str, str, str | None], bytes] = {}

    def records(
        self,
        before: Case | None,
        after: Case | None,
        book: CompiledRulebook,
        drafts: Sequence[Draft],
        words: bytes | None,
    ) -> list[OrderRecord]:
        """What departments are told after `drafts` of one case, whose words are `words`, bytes of a `Words`.

        `after` None: the case is archived.
        """
        old, new = ordered_from(before), ordered_from(after)
        now = after or before
        if now is None:
            return []
        records = [OrderRecord(code, now.number, None, now.seq) for code in old if code not in new]
        told = [draft for draft in drafts if draft.type not in NOT_OF_AN_ORDER] if new else []
        if after is not None and told:
            job, more = _job(after, told), (self._guide(book, after), words or b"{}")
            for code, assisting in new.items():
                part = (job,) if assisting is None else (job, _written({"assisting": assisting}))
                records.append(OrderRecord(code, after.number, joined(*part, *more), after.seq))
        return records

    def _guide(self, book: CompiledRulebook, case: Case) -> bytes:
        key = book.version, case.category, case.item
        found = self._guides.get(key)
        if found is None:
            item = book.item(case.item)
            name = book.category(case.category).name if book.knows_category(case.category) else None
            guide: dict[str, Name | str | None] = {"category_name": name, "post": (item and item.post) or None}
            guide |= {part: getattr(item, part) for part in _CLARITIES if item}
            found = _written({name: text for name, text in guide.items() if text is not None})
            if name is not None:  # else it is another system's word, and of those there may be any number
                self._guides[key] = found
        return found


def ordered_from(case: Case | None) -> dict[str, Department | None]:
    """In whose topics this case stands, by their codes: first the lead (None), then each department that was called."""
    if case is None or case.department is None or case.assignee is None or case.dispatched_ms is None:
        return {}
    if case.state not in _TOLD:
        return {}
    lead = case.department.code
    called = {each.department.code: each.department for each in case.assists if each.department.code != lead}
    return {lead: None, **called}


def _job(case: Case, told: Sequence[Draft]) -> bytes:
    """The fields of an `Order` that every event may change, without its defaults; the last reason counts."""
    fields: dict[str, object] = {"case": case.number, "changed": tuple([draft.type for draft in told])}
    of_the_case = vars(case)
    for name, default in _OF_THE_CASE:
        value = of_the_case[name]
        if value is not default and (default is None or value != default):
            fields[name] = value
    reasons = [draft.because for draft in told if draft.because is not None]
    if reasons:
        fields["because"] = reasons[-1]
    return _written(fields)
