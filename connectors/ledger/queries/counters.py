"""Counts cases that are open, late, waiting for information, or closed today, with few queries."""

from dataclasses import dataclass, field, replace
from threading import Lock
from time import monotonic
from typing import Final

from connectors.ledger.queries.cases import Ledger, LedgerChange
from schemas.case import State
from schemas.event import EventType

OVER: Final = frozenset({State.CLOSED, State.REFUSED, State.MERGED, State.MOVED})
AT_ONCE: Final = 500
MOST_AT_A_TIME: Final = 40
"""How many batches are read for one answer; later answers read the rest."""


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
        for _ in range(MOST_AT_A_TIME):
            changes = ledger.changes(self._seq, AT_ONCE)
            for change in changes:
                self._take(change)
            if len(changes) < AT_ONCE:
                break
        return len(self._numbers)

    def _take(self, change: LedgerChange) -> None:
        self._seq = change.seq
        event = change.event
        if event.case is None or event.t_ms < self._midnight_ms:
            return
        if event.type is EventType.CLOSED and not event.facts.get("figures", {}).get("self_handled"):
            self._numbers.add(event.case)
        elif event.type is EventType.REOPENED:
            self._numbers.discard(event.case)


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
