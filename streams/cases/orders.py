"""The order of a case as its department sees it: the whole present job, or its end."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Draft
from schemas.case import WITH_ORDER, Case, State
from schemas.codec import Headers, cloud_event, joined, part_writer, writer
from schemas.event import Because, EventType
from schemas.names import Name
from schemas.order import Order
from schemas.report import Department
from schemas.topics import department_topic
from streams.cases.case_cache import EXACT_FROM
from streams.partition.contract import Output, Slot

NOT_OF_AN_ORDER = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
_TOLD = WITH_ORDER | {State.CLOSED, State.MERGED, State.REFUSED}

_ALWAYS: Final = ("seq", "kind", "category", "submitted_ms")
"""Fields that an order has in any case, although in a case they have defaults."""

_CLARITIES: Final = ("task", "standard", "guide", "method")
"""The four parts of a handling guide: fields of an item, and of an order."""

_written = writer(Order)
_of_the_case = part_writer(Case, Order.model_fields.keys() & Case.model_fields.keys() - {*_ALWAYS})


SOURCE: Final = "grid36/orders"
KIND: Final = "grid36.order"
"""CloudEvents type of a present order; with `.finished` behind it, that of the tombstone that ends one."""
ROOM: Final = 1_000
"""Bytes for what an order says beside its case, the texts and the rulebook."""
CHANGE_BYTES: Final = 40
"""And for each event that it names."""


class PendingOrder(NamedTuple):
    """What a department is to know of a case: its order after some events, or, with no events, that the order ends.

    Its bytes are made when the transaction is written, so that of several orders of one case only the last is made.
    """

    slot: Slot
    partition: int
    department: str
    case: Case
    """As it is now; where the order ends because the case is archived, as it was."""
    t_ms: int
    changed: tuple[EventType, ...] = ()
    because: Because | None = None
    assisting: Department | None = None
    parts: tuple[bytes, ...] = ()
    """JSON objects that are fields of the order too: what the rulebook says, and what was written."""
    case_bytes: int = 0
    before: tuple[Output, ...] = ()
    """Records of the slot that have to be written first."""

    @property
    def size(self) -> int:
        """How many bytes it has at the most; exact where it could matter."""
        most = self.case_bytes + sum(map(len, self.parts)) + CHANGE_BYTES * len(self.changed) + ROOM
        return most if most < EXACT_FROM else len(self.value or b"")

    def after(self, earlier: "PendingOrder") -> "PendingOrder":
        """Names also what the earlier order named; an end is never left out, nor the order before it."""
        if self.changed and earlier.changed:
            return self._replace(changed=earlier.changed + self.changed, before=earlier.before)
        return self._replace(before=earlier.outputs())

    def outputs(self) -> tuple[Output, ...]:
        """Its record, behind those that come before it."""
        topic, key = self.slot
        return (*self.before, Output(topic, self.partition, key, self.value, self.headers, self.t_ms))

    @property
    def value(self) -> bytes | None:
        """The bytes of an `Order` without its defaults; None ends the order."""
        if not self.changed:
            return None
        case = self.case
        fields: dict[str, object] = {"case": case.number, "changed": self.changed}
        fields |= {name: getattr(case, name) for name in _ALWAYS}
        if self.because is not None:
            fields["because"] = self.because
        if self.assisting is not None:
            fields["assisting"] = self.assisting
        return joined(_written(fields), _of_the_case(case), *self.parts)

    @property
    def headers(self) -> Headers:
        """CloudEvents headers; the id is made of department, case and its sequence, so it is the same in a replay."""
        kind, event_id = KIND, f"{self.department}/{self.case.number}/{self.case.seq}"
        if not self.changed:
            kind, event_id = f"{kind}.finished", f"{event_id}/finished"
        return cloud_event(event_id=event_id, source=SOURCE, kind=kind, t_ms=self.t_ms, subject=self.case.number)


class OrderWriter:
    """Writes the orders of one partition. What a rulebook says about a category and an item is encoded once."""

    def __init__(self, prefix: str, partition: int) -> None:
        self._prefix = prefix
        self._partition = partition
        self._guides: dict[tuple[str, str, str | None], bytes] = {}

    def orders(
        self,
        before: Case | None,
        after: Case | None,
        book: CompiledRulebook,
        drafts: Sequence[Draft],
        words: bytes | None,
        *,
        t_ms: int,
        case_bytes: int = 0,
    ) -> Iterator[PendingOrder]:
        """What departments are told after `drafts` of one case, whose words are `words`, bytes of `CaseWords`.

        `after` None: the case is archived. `case_bytes`: how many bytes it has at the most.
        """
        now = after or before
        if now is None:
            return
        old, new = ordered_from(before), ordered_from(after)
        for code in old:
            if code not in new:
                yield PendingOrder(self._slot(code, now), self._partition, code, now, t_ms)
        told = [draft for draft in drafts if draft.type not in NOT_OF_AN_ORDER] if new else []
        if after is not None and told:
            reasons = [draft.because for draft in told if draft.because is not None]
            parts = self._guide(book, after), words or b"{}"
            for code, assisting in new.items():
                yield PendingOrder(
                    self._slot(code, after),
                    self._partition,
                    code,
                    after,
                    t_ms,
                    tuple([draft.type for draft in told]),
                    reasons[-1] if reasons else None,
                    assisting,
                    parts,
                    case_bytes,
                )

    def _slot(self, department: str, case: Case) -> Slot:
        return self._prefix + department_topic(department), case.number.encode()

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
