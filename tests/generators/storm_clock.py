"""What a case of the storm must tell whom, and when: worked out by its plan from limits and acts, by few rules.

A clock that runs out is missed at that moment and climbs one rung, to the first who is not away; a missed resolution
climbs on every 24 hours. An act ends clocks; what it had met is taken back, and its rungs with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.generators.month_street import DAY
from tests.generators.storm_shifts import Shifts

RESOLVE: Final = "resolve"
LADDER: Final = "ladder"
WITH_RESOLUTION: Final = "restore"
"""The milestone that is due together with the resolution, and climbs with it."""


class Notice(NamedTuple):
    """Something that was told, at its time; `who` is empty for what only the log notes."""

    t_ms: int
    what: str
    """`missed`, `told` or `withdrawn`."""
    of: str
    """The clocks, or the rung that was reached."""
    who: str = ""


class Ending(NamedTuple):
    """An act that ends clocks: when the log hears of it, and when it was done."""

    t_ms: int
    occurred_ms: int
    clocks: tuple[str, ...]


@dataclass
class Climb:
    """One case on its way up."""

    pending: dict[str, int]
    """Clock → when it is due."""
    ladder: tuple[str, ...]
    away: frozenset[str] = frozenset()
    shifts: Shifts | None = None
    """When people are told how it climbs on; at any hour without."""
    rung: int = 0
    missed: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Clock → when it was due, and how many rungs it climbed."""
    notices: list[Notice] = field(default_factory=list)

    def play(self, endings: Iterable[Ending], until: int) -> list[Notice]:
        """All notices up to a moment."""
        for ending in sorted(endings):
            self._until(ending.t_ms)
            self._end(ending)
        self._until(until)
        return self.notices

    def _until(self, t: int) -> None:
        while self.pending:
            name = min(self.pending, key=lambda name: (self.pending[name], name == WITH_RESOLUTION))
            due = self.pending[name]
            if due >= t:
                return
            del self.pending[name]
            self._fire(name, due)

    def _fire(self, name: str, due: int) -> None:
        clock = RESOLVE if name == LADDER else name
        if name != LADDER:
            self.notices.append(Notice(due, "missed", name))
            self.missed[name] = (due, 0)
        if clock == WITH_RESOLUTION or self.rung >= len(self.ladder):
            return
        before = self.rung
        rung = next((n for n in range(before, len(self.ladder)) if self.ladder[n] not in self.away), before) + 1
        self.rung = rung
        self.missed[clock] = (self.missed[clock][0], self.missed[clock][1] + rung - before)
        self.notices.append(Notice(due, "told", str(rung), self.ladder[rung - 1]))
        if clock == RESOLVE and rung < len(self.ladder):
            self.pending[LADDER] = due + DAY if self.shifts is None else self.shifts.open_at(due + DAY)

    def _end(self, ending: Ending) -> None:
        for name in ending.clocks:
            self.pending.pop(name, None)
        if RESOLVE in ending.clocks:
            self.pending.clear()
        early = [name for name in ending.clocks if name in self.missed and ending.occurred_ms <= self.missed[name][0]]
        for name in early:
            self.rung -= self.missed.pop(name)[1]
        if early:
            self.notices.append(Notice(ending.t_ms, "withdrawn", " ".join(early)))
