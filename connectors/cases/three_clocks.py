"""The three clocks of a case as people read them: when each started, when it is due, and how it stands.

The case alone does not keep when a clock was due that has ended; its events do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.case import WITH_ORDER, Case, Deadline, State
from schemas.event import Event
from schemas.models import ChoiceEnum

CLOCKS: Final = (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE)
_DONE: Final = frozenset({State.RESOLVED, State.CLOSED})


class Standing(ChoiceEnum):
    """How a clock stands."""

    RUNNING = "running"
    MET = "met"
    LATE = "late"
    """It ended after its deadline, or has passed it."""
    STANDS_STILL = "stands_still"
    """Paused, waiting for verification, or the case ended before the clock did."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One clock at one moment; times are milliseconds UTC."""

    clock: Deadline
    started_ms: int
    due_ms: int | None
    """None: no limit is set, and nothing is late."""
    ended_ms: int | None
    """When what it waits for was done; of the resolution, the last time, and None while it is worked on again."""
    standing: Standing | None
    """None where there is no limit."""


def three_clocks(case: Case, events: Iterable[Event], now_ms: int) -> tuple[ClockReading, ...]:
    """Accept, first response and resolution of a case at `now_ms`; nothing before it was dispatched.

    `events` are those of the case, oldest first.
    """
    start_ms = case.counted_ms
    if start_ms is None:
        return ()
    past = tuple(events)
    ends = {Deadline.ACCEPT: case.acknowledged_ms, Deadline.RESPOND: case.contacted_ms}
    readings = []
    for clock in CLOCKS:
        if clock is Deadline.RESOLVE:
            due_ms, ended_ms = case.due_ms, case.resolved_ms if case.state in _DONE else None
            standing = None if due_ms is None else _resolution(case, due_ms, now_ms)
        else:
            due_ms, ended_ms = _due(case, past, clock), ends[clock]
            standing = None if due_ms is None else _plain(case, clock, due_ms, ended_ms, now_ms)
        readings.append(ClockReading(clock, start_ms, due_ms, ended_ms, standing))
    return tuple(readings)


def _due(case: Case, past: Sequence[Event], clock: Deadline) -> int | None:
    """When a clock is or was due: as the case has it, else as the last event had it that set it."""
    if case.limits is not None and getattr(case.limits, clock) is None:
        return None
    if clock in case.deadlines:
        return case.deadlines[clock]
    if clock in case.missed:
        return case.fired.get(clock)
    known = (event.now.get("deadlines", {}).get(clock.value) for event in reversed(past))
    return next((at for at in known if at is not None), None)


def _plain(case: Case, clock: Deadline, due_ms: int, ended_ms: int | None, now_ms: int) -> Standing:
    """Accepting and responding: never stopped by a pause."""
    if clock in case.missed:
        return Standing.LATE
    if ended_ms is not None:
        return Standing.MET if ended_ms <= due_ms else Standing.LATE
    if case.state not in WITH_ORDER:
        return Standing.STANDS_STILL
    return Standing.RUNNING if now_ms <= due_ms else Standing.LATE


def _resolution(case: Case, due_ms: int, now_ms: int) -> Standing:
    """Judged at the last `resolved`; it waits for the verification, and goes on when the work was not done."""
    if case.on_time is False and case.state in _DONE:
        return Standing.LATE
    if case.state is State.CLOSED and case.on_time:
        return Standing.MET
    if case.left_ms is not None:
        return Standing.LATE if case.left_ms < 0 else Standing.STANDS_STILL
    if case.state not in WITH_ORDER or case.state in {State.RESOLVED, State.SUSPENDED}:
        return Standing.LATE if Deadline.RESOLVE in case.missed else Standing.STANDS_STILL
    return Standing.RUNNING if now_ms <= due_ms else Standing.LATE
