"""The three clocks of a case: accept, first response, resolution. Plain hours and days; times in milliseconds UTC."""

from typing import Any

from schemas.case import Case, Deadline
from schemas.rulebook import Category, Limit, Policy, limit_ms

RUNNING = (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE, Deadline.LADDER)


def started(category: Category, start_ms: int) -> dict[str, Any]:
    """Deadlines of a case whose clocks start at `start_ms` (dispatch)."""
    limits = category.limits
    deadlines = {
        deadline: start_ms + limit_ms(limit)
        for deadline, limit in (
            (Deadline.ACCEPT, limits.accept),
            (Deadline.RESPOND, limits.respond),
            (Deadline.RESOLVE, limits.resolve),
        )
        if limit is not None
    }
    return {"deadlines": deadlines, "due_ms": deadlines.get(Deadline.RESOLVE), "missed": (), "rung": 0}


def without(case: Case, *gone: Deadline) -> dict[Deadline, int]:
    """The deadlines of a case but for some."""
    return {name: at for name, at in case.deadlines.items() if name not in gone}


def resolution_stopped(case: Case, at_ms: int) -> dict[str, Any]:
    """The resolution clock stands still from `at_ms`: what is left is kept (negative when late)."""
    return {
        "left_ms": None if case.due_ms is None else case.due_ms - at_ms,
        "deadlines": without(case, Deadline.RESOLVE, Deadline.LADDER),
    }


def resolution_goes_on(case: Case, t_ms: int, policy: Policy) -> dict[str, Any]:
    """The resolution clock goes on at `t_ms` with what is left; an overdue case goes on climbing."""
    if case.left_ms is None:
        return {"left_ms": None}
    due = t_ms + case.left_ms
    deadlines = dict(case.deadlines)
    if Deadline.RESOLVE in case.missed:
        deadlines[Deadline.LADDER] = after(t_ms, policy.ladder_step)
    else:
        deadlines[Deadline.RESOLVE] = max(due, t_ms)
    return {"left_ms": None, "due_ms": due, "deadlines": deadlines}


def met(case: Case, at_ms: int, *clocks: Deadline) -> tuple[dict[str, Any], tuple[Deadline, ...]]:
    """An act at `at_ms` ends these clocks: the change, and the notices of those that were met although they fired."""
    withdrawn = tuple(
        clock
        for clock in clocks
        if clock in case.missed and at_ms <= _limit_at(case, clock) and not _judged(case, clock)
    )
    change: dict[str, Any] = {"deadlines": without(case, *clocks)}
    if withdrawn:
        change["missed"] = tuple(c for c in case.missed if c not in withdrawn)
        change["rung"] = max(0, case.rung - len(withdrawn))
    return change, withdrawn


def _limit_at(case: Case, clock: Deadline) -> int:
    if clock is Deadline.RESOLVE and case.due_ms is not None:
        return case.due_ms
    return case.fired.get(clock, -1)


def _judged(case: Case, clock: Deadline) -> bool:
    """Whether the clock had already ended before by another act."""
    return clock is Deadline.ACCEPT and case.acknowledged_ms is not None


def on_time(case: Case, resolved_ms: int) -> bool | None:
    """Whether a case resolved then is in time; None without a deadline. Judged at the last `resolved`."""
    return None if case.due_ms is None else resolved_ms <= case.due_ms


def after(t_ms: int, limit: Limit) -> int:
    """`limit` later than `t_ms`."""
    return t_ms + limit_ms(limit)
