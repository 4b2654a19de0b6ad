"""The order of a case as its department sees it: the whole present job, or its end."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Draft
from schemas.case import Case
from schemas.codec import Headers, cloud_event, joined, part_writer, writer
from schemas.event import Because, EventType
from schemas.names import Name
from schemas.order import FINISHED_KIND, NOT_OF_AN_ORDER, ORDER_KIND, Order, ordered_from
from schemas.report import Department
from schemas.topics import department_topic
from streams.cases.case_cache import EXACT_FROM
from streams.partition.contract import Output, Slot

_ALWAYS: Final = ("seq", "kind", "category", "submitted_ms")
"""Fields that an order always carries, although they have defaults in a case."""

_CLARITIES: Final = ("task", "standard", "guide", "method")
"""The four parts of a handling guide: fields of an item, and of an order."""

_written = writer(Order)
_of_the_case = part_writer(Case, Order.model_fields.keys() & Case.model_fields.keys() - {*_ALWAYS})


SOURCE: Final = "grid36/orders"
ROOM: Final = 1_000
"""Bytes an order needs beside its case, its texts and what the rulebook says."""
CHANGE_BYTES: Final = 40
"""Bytes for each event that it names."""


class PendingOrder(NamedTuple):
    """What a department learns about a case: the order after some events or, without events, that it ends.

    It is encoded when the transaction is written, so that only the last of several orders of a case is encoded.
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
    most: int = 0
    """Bytes that it has at the most."""
    before: tuple[Output, ...] = ()
    """Records of the slot that have to be written first."""

    @property
    def size(self) -> int:
        """Its size in bytes; exact where the limit is near, else an upper bound."""
        return self.most if self.most < EXACT_FROM else len(self.value or b"")

    def after(self, earlier: "PendingOrder") -> "PendingOrder":
        """Names also what the earlier order named; an end is never left out, nor the order before it."""
        if self.changed and earlier.changed:
            most = self.most + CHANGE_BYTES * len(earlier.changed)
            return self._replace(changed=earlier.changed + self.changed, most=most, before=earlier.before)
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
        kind, event_id = ORDER_KIND, f"{self.department}/{self.case.number}/{self.case.seq}"
        if not self.changed:
            kind, event_id = FINISHED_KIND, f"{event_id}/finished"
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
        """The orders after `drafts` of one case; `words` are the case's texts, bytes of `CaseWords`.

        `after` None: the case is archived. `case_bytes`: how many bytes it has at the most.
        """
        now = after or before
        if now is None:
            return
        new = ordered_from(after)
        for code in () if before is None else ordered_from(before):
            if code not in new:
                yield PendingOrder(self._slot(code, now), self._partition, code, now, t_ms)
        named = [draft for draft in drafts if draft.type not in NOT_OF_AN_ORDER] if new else []
        if after is not None and named:
            reasons = [draft.because for draft in named if draft.because is not None]
            changed = tuple([draft.type for draft in named])
            parts = self._guide(book, after), words or b"{}"
            most = case_bytes + len(parts[0]) + len(parts[1]) + CHANGE_BYTES * len(changed) + ROOM
            for code, assisting in new.items():
                yield PendingOrder(
                    self._slot(code, after),
                    self._partition,
                    code,
                    after,
                    t_ms,
                    changed,
                    reasons[-1] if reasons else None,
                    assisting,
                    parts,
                    most,
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
