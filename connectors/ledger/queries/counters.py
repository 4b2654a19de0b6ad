"""Counts cases that are open, late, waiting for information, or closed today, with few queries."""

from dataclasses import dataclass, field, replace
from threading import Lock
from time import monotonic
from typing import Final

from pydantic_core import from_json

from connectors.ledger.queries.cases import Ledger
from schemas.case import State
from schemas.event import EventType

OVER: Final = frozenset({State.CLOSED, State.REFUSED, State.MERGED, State.MOVED})
AT_ONCE: Final = 20_000
"""How many events are read for one answer; later answers read the rest."""
ENDS: Final = (
    "SELECT seq, number, t_ms, type, event FROM timeline INDEXED BY timeline_ends"
    " WHERE seq > ? AND seq <= ? AND type IN ('closed', 'reopened') AND number IS NOT NULL ORDER BY seq LIMIT ?"
)


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

    def _take(self, number: str, type_: str, event: bytes) -> None:
        if type_ == EventType.REOPENED:
            self._numbers.discard(number)
        elif not from_json(event).get("facts", {}).get("figures", {}).get("self_handled"):
            self._numbers.add(number)


@dataclass(slots=True)
class Counters:
    """Counters for all open pages; an answer is reused for a time that grows with its cost."""

    _figures: Figures | None = None
    _until_s: float = 0.0
    _seq: int = -1
    _closed: ClosedToday = field(default_factory=ClosedToday)
    _lock: Lock = field(default_factory=Lock)

    def ask(self, ledger: Ledger, now_ms: int, midnight_ms: int) -> Figures:
        """The current figures; runs in a ledger thread."""
        with self._lock:
            begun = monotonic()
            seq = ledger.last_seq()
            if self._figures is None or begun >= self._until_s:
                counts = ledger.counts(now_ms)
                states = counts.states
                open_ = sum(count for state, count in states.items() if state not in OVER)
                waiting = states[State.NEEDS_INFORMATION] + states[State.SUBMITTED]
                closed = self._closed.count(ledger, midnight_ms)
                self._figures = Figures(open_, counts.late, waiting, closed)
                self._until_s = monotonic() + max(0.3, 10 * (monotonic() - begun))
                self._seq = seq
            elif seq != self._seq:
                return replace(self._figures, again_ms=round(1000 * (self._until_s - begun)) + 1)
            return self._figures
