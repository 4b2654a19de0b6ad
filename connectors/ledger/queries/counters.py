"""Counts cases that are open, late, waiting for information, or closed today, with few queries."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from time import monotonic
from typing import Final

from pydantic_core import from_json

from connectors.ledger.fold import OVER
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.remit_sql import held
from schemas.case import State
from schemas.event import EventType
from schemas.remit import Remit

AT_ONCE: Final = 20_000
"""How many events are read for one answer; later answers read the rest."""
ENDS: Final = (
    "SELECT seq, number, t_ms, type, event FROM timeline INDEXED BY timeline_ends"
    " WHERE seq > ? AND seq <= ? AND type IN ('closed', 'reopened') AND number IS NOT NULL ORDER BY seq LIMIT ?"
)
PART: Final = (
    "SELECT count(*), count(*) FILTER (WHERE due_order < ? AND master IS NULL AND state <> 'resolved'"
    " AND due_ms < coalesce(suspended_ms, ?)), count(*) FILTER (WHERE state IN ('needs_information', 'submitted'))"
    " FROM cases INDEXED BY cases_open WHERE open = 1 AND {}"
)
MOST_KEPT: Final = 1_000
"""Parts of the region whose figures are kept."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The four counters; `waiting` is for a place or text from the reporter. None includes cases fixed on the spot."""

    open: int
    late: int
    waiting: int
    closed_today: int
    again_ms: int | None = None
    """Set if the figures are outdated: ask again after this time."""


@dataclass(slots=True)
class ClosedToday:
    """Cases closed since midnight and not reopened, read from the ledger's events."""

    _epoch: str = ""
    _midnight_ms: int = -1
    _seq: int = 0
    _numbers: set[str] = field(default_factory=set)

    def count(self, ledger: Ledger, midnight_ms: int) -> int:
        """Read new events and return the number."""
        epoch = ledger.epoch()
        if (epoch, midnight_ms) != (self._epoch, self._midnight_ms):
            self._epoch, self._midnight_ms, self._numbers = epoch, midnight_ms, set()
            self._seq = ledger.seq_at(midnight_ms)
        upto = ledger.last_seq()
        rows = ledger.rows(ENDS, self._seq, upto, AT_ONCE)
        for _, number, t_ms, type_, event in rows:
            if t_ms >= self._midnight_ms:
                self._take(number, type_, event)
        self._seq = rows[-1][0] if len(rows) == AT_ONCE else upto
        return len(self._numbers)

    def within(self, ledger: Ledger, within: Remit) -> int:
        """How many of those that were counted last are in a part of the region."""
        (condition,), values = held(within)
        query = f"SELECT count(*) FROM cases WHERE number IN (SELECT value FROM json_each(?)) AND {condition}"  # noqa: S608 - condition of ours
        return int(ledger.rows(query, json.dumps([*self._numbers]), *values)[0][0])

    def _take(self, number: str, type_: str, event: bytes) -> None:
        if type_ == EventType.REOPENED:
            self._numbers.discard(number)
        elif not from_json(event).get("facts", {}).get("figures", {}).get("self_handled"):
            self._numbers.add(number)


@dataclass(slots=True)
class _Counted:
    """What was counted last for those who see the same part of the region."""

    figures: Figures | None = None
    until_s: float = 0.0
    seq: int = -1


@dataclass(slots=True)
class Counters:
    """Counters for all open pages; an answer is reused for a time that grows with its cost."""

    _counted: OrderedDict[Remit, _Counted] = field(default_factory=OrderedDict)
    _closed: ClosedToday = field(default_factory=ClosedToday)
    _lock: Lock = field(default_factory=Lock)

    def ask(self, ledger: Ledger, within: Remit, now_ms: int, midnight_ms: int) -> Figures:
        """The current figures of a part of the region; runs in a ledger thread."""
        with self._lock:
            counted = self._counted.pop(within, None) or _Counted()
            self._counted[within] = counted
            if len(self._counted) > MOST_KEPT:
                self._counted.popitem(last=False)
            begun = monotonic()
            seq = ledger.last_seq()
            if counted.figures is None or begun >= counted.until_s:
                counted.figures = self._count(ledger, within, now_ms, midnight_ms)
                counted.until_s = monotonic() + max(0.3, 10 * (monotonic() - begun))
                counted.seq = seq
            elif seq != counted.seq:
                return replace(counted.figures, again_ms=round(1000 * (counted.until_s - begun)) + 1)
            return counted.figures

    def _count(self, ledger: Ledger, within: Remit, now_ms: int, midnight_ms: int) -> Figures:
        closed = self._closed.count(ledger, midnight_ms)
        if not within.everything:
            return Figures(*_of_part(ledger, within, now_ms), self._closed.within(ledger, within))
        counts = ledger.counts(now_ms)
        open_ = sum(count for state, count in counts.states.items() if state not in OVER)
        waiting = counts.states[State.NEEDS_INFORMATION] + counts.states[State.SUBMITTED]
        return Figures(open_, counts.late, waiting, closed)


def _of_part(ledger: Ledger, within: Remit, now_ms: int) -> tuple[int, int, int]:
    """How many cases of a part of the region are open, late and waiting, as `Ledger.counts` counts all of them."""
    (condition,), values = held(within)
    ((open_, late, waiting),) = ledger.rows(PART.format(condition), now_ms, now_ms, *values)
    return open_, late, waiting
