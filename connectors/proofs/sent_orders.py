"""Which orders a department was sent, from the events of each case alone. Pure.

The worker writes one order for all that one command does to a case, or for several commands of one transaction. Where a
transaction ends is not in the log, so all that *may* have been written are named here; of those of one case, the last
one of a day was written, unless a later one took its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from schemas.event import EventType
from schemas.order import NOT_OF_AN_ORDER, TOLD

_FIELDS: Final = ("state", "department", "assignee", "dispatched_ms", "assists")
"""Fields of a case that decide who has an order for it."""
_OPENS_NOTHING: Final = NOT_OF_AN_ORDER | {EventType.TEXT_ERASED}
"""Events that may name a case which does not exist."""


class SentOrder(NamedTuple):
    """An order, or the end of one, in the topic of a department."""

    department: str
    case: str
    seq: int
    finished: bool
    t_ms: int

    @property
    def id(self) -> str:
        """The `ce_id` of its record."""
        return f"{self.department}/{self.case}/{self.seq}" + ("/finished" if self.finished else "")

    @property
    def rank(self) -> int:
        """Grows with each order of a case."""
        return 2 * self.seq + self.finished


@dataclass(frozen=True, slots=True)
class CaseOrders:
    """What is to be known of a case to say what its next event sends; `unit` is the last command that changed it."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0
    unit: tuple[str, int] = ("", 0)
    """The command and its time."""
    before: tuple[str, ...] = ()
    """The departments that had an order before this command."""
    seq_before: int = 0
    told: bool = False
    """Whether the command did something that an order tells of."""
    archived: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> "CaseOrders":
        """What `to_json` made."""
        return cls(**{**fields, "unit": tuple(fields["unit"]), "before": tuple(fields["before"])})


class NextOrders(NamedTuple):
    """A case after one more event, and what its last command has sent; these take the place of what it sent so far."""

    case: CaseOrders
    again: bool
    """Whether the event belongs to the same command as the one before."""
    sent: tuple[SentOrder, ...]


def next_orders(known: CaseOrders | None, event: Mapping[str, Any]) -> NextOrders | None:
    """Take the next event (plain JSON) of a case; None if it changes no case."""
    kind, now = event["type"], event.get("now", {})
    if kind == EventType.COMMAND_PARKED and not now:
        return None
    if (known is None and kind in _OPENS_NOTHING) or (known is not None and known.archived):
        return None
    case, unit = known or CaseOrders(), (event["command"], event["t_ms"])
    again = known is not None and case.unit == unit
    if not again:
        case = replace(case, unit=unit, before=_departments(case.fields), seq_before=case.seq, told=False)
    case = replace(
        case,
        fields={**case.fields, **{name: now[name] for name in _FIELDS if name in now}},
        seq=case.seq + 1,
        told=case.told or kind not in NOT_OF_AN_ORDER,
        archived=kind == EventType.ARCHIVED,
    )
    return NextOrders(case, again, tuple(_sent(event["case"], case, event["t_ms"])))


def _sent(number: str, case: CaseOrders, t_ms: int) -> list[SentOrder]:
    after = () if case.archived else _departments(case.fields)
    seq = case.seq_before if case.archived else case.seq
    ends = [SentOrder(code, number, seq, True, t_ms) for code in case.before if code not in after]
    return ends + [SentOrder(code, number, seq, False, t_ms) for code in after if case.told]


def _departments(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """As `schemas.order.ordered_from`, from plain JSON."""
    lead = fields.get("department")
    if lead is None or fields.get("assignee") is None or fields.get("dispatched_ms") is None:
        return ()
    if fields.get("state") not in TOLD:
        return ()
    return tuple(dict.fromkeys([lead["code"], *(each["department"]["code"] for each in fields.get("assists") or ())]))
