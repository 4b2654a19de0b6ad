"""The three clocks of a case: accept, first response, resolution. Plain hours and days; times in milliseconds UTC."""

from typing import Any

from rules.book import Book
from schemas.case import Case, Deadline
from schemas.limit import Limit, limit_ms
from schemas.rulebook import Category

_CLOCKS = (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE)


def started(category: Category, start_ms: int) -> dict[str, Any]:
    """Deadlines of a case whose clocks start at `start_ms` (dispatch)."""
    limits = category.limits
    deadlines = {
        deadline: start_ms + limit_ms(limit)
        for deadline, limit in zip(_CLOCKS, (limits.accept, limits.respond, limits.resolve), strict=True)
        if limit is not None
    }
    return {"deadlines": deadlines, "due_ms": deadlines.get(Deadline.RESOLVE)}


def without(case: Case, *gone: Deadline) -> dict[Deadline, int]:
    """The deadlines of a case but for some."""
    return {name: at for name, at in case.deadlines.items() if name not in gone}


def due_at(case: Case, at_ms: int) -> int | None:
    """When the resolution is due, seen from `at_ms`: while that clock stands still, this moves along."""
    return case.due_ms if case.left_ms is None else at_ms + case.left_ms


def resolution_stopped(case: Case, at_ms: int) -> dict[str, Any]:
    """The resolution clock stands still from `at_ms`: what is left is kept (negative when late)."""
    due, from_ms = due_at(case, at_ms), max(at_ms, case.dispatched_ms or at_ms)
    left = case.left_ms if case.left_ms is not None or due is None else due - from_ms
    return {"left_ms": left, "due_ms": due, "deadlines": without(case, Deadline.RESOLVE, Deadline.LADDER)}


def resolution_goes_on(case: Case, t_ms: int, book: Book) -> dict[str, Any]:
    """The resolution clock goes on at `t_ms` with what is left; an overdue case goes on climbing."""
    if case.left_ms is None:
        return {"left_ms": None}
    due, deadlines = t_ms + case.left_ms, dict(case.deadlines)
    if Deadline.RESOLVE not in case.missed:
        deadlines[Deadline.RESOLVE] = max(due, t_ms)
    elif case.rung < len(book.ladder(case.place)) and not case.history:
        deadlines[Deadline.LADDER] = after(t_ms, book.rulebook.policy.ladder_step)
    return {"left_ms": None, "due_ms": due, "deadlines": deadlines}


def unpaused(case: Case, at_ms: int) -> dict[str, Any]:
    """A pause, if there is one, is over at `at_ms`."""
    if case.suspended_ms is None:
        return {}
    paused_ms = case.paused_ms + max(0, at_ms - case.suspended_ms)
    return {"paused_ms": paused_ms, "suspended_ms": None, "suspended_from": None}


def due_moved(case: Case, due_ms: int | None, t_ms: int) -> dict[str, Any]:
    """Another resolution deadline while that clock runs. A missed one counts as not missed when it lies ahead now."""
    missed = Deadline.RESOLVE in case.missed
    if due_ms is None:
        change = {"due_ms": None, "deadlines": without(case, Deadline.RESOLVE, Deadline.LADDER)}
        return {**change, **_forgiven(case)} if missed else change
    if missed and due_ms <= t_ms:
        return {"due_ms": due_ms}
    deadlines = {**without(case, Deadline.LADDER), Deadline.RESOLVE: max(due_ms, t_ms)}
    return {"due_ms": due_ms, "deadlines": deadlines, **(_forgiven(case) if missed else {})}


def _forgiven(case: Case) -> dict[str, Any]:
    """The resolution was missed and is not any more; who was told stays told, so the rungs stay climbed."""
    return {
        "missed": tuple(clock for clock in case.missed if clock is not Deadline.RESOLVE),
        "climbed": {clock: rungs for clock, rungs in case.climbed.items() if clock is not Deadline.RESOLVE},
    }


def limits_changed(case: Case, was: Category, now: Category, t_ms: int) -> dict[str, Any]:
    """The limits of another category, counted from dispatch, with all the time the clock stood still or was given.

    What was met or missed before stays so; a limit that is over already falls due at once.
    """
    if case.dispatched_ms is None or was.limits == now.limits:
        return {}
    old, new = (started(category, case.dispatched_ms) for category in (was, now))
    more = case.due_ms - old["due_ms"] if case.due_ms is not None and old["due_ms"] is not None else 0
    change = due_moved(case, None if new["due_ms"] is None else new["due_ms"] + more, t_ms)
    deadlines = dict(change.get("deadlines", case.deadlines))
    ended = {Deadline.ACCEPT: case.acknowledged_ms, Deadline.RESPOND: case.contacted_ms}
    for clock, ended_ms in ended.items():
        deadlines.pop(clock, None)
        if clock in new["deadlines"] and ended_ms is None and clock not in case.missed:
            deadlines[clock] = max(new["deadlines"][clock], t_ms)
    return {**change, "deadlines": deadlines}


def forgotten(case: Case) -> dict[str, Any]:
    """What makes the clocks of a case ready to start anew; only what is not so already."""
    fresh: dict[str, Any] = {
        "dispatched_ms": None,
        "acknowledged_ms": None,
        "contacted_ms": None,
        "resolved_ms": None,
        "on_time": None,
        "outcome": None,
        "left_ms": None,
        "due_ms": None,
        "missed": (),
        "fired": {},
        "climbed": {},
        "rung": 0,
    }
    return {name: value for name, value in fresh.items() if getattr(case, name) != value}


def met(case: Case, at_ms: int, *clocks: Deadline) -> tuple[dict[str, Any], tuple[Deadline, ...]]:
    """An act at `at_ms` ends these clocks: the change, and the notices of those that were met although they fired."""
    withdrawn = tuple(
        clock
        for clock in clocks
        if clock in case.missed and at_ms <= _limit_at(case, clock, at_ms) and not _judged(case, clock)
    )
    change: dict[str, Any] = {"deadlines": without(case, *clocks)}
    if withdrawn:
        change["missed"] = tuple(c for c in case.missed if c not in withdrawn)
        change["rung"] = max(0, case.rung - sum(case.climbed.get(clock, 0) for clock in withdrawn))
        change["climbed"] = {clock: rungs for clock, rungs in case.climbed.items() if clock not in withdrawn}
    return change, withdrawn


def _limit_at(case: Case, clock: Deadline, at_ms: int) -> int:
    due = due_at(case, at_ms) if clock is Deadline.RESOLVE else None
    return case.fired.get(clock, -1) if due is None else due


def _judged(case: Case, clock: Deadline) -> bool:
    """Whether the clock had already ended before by another act."""
    return clock is Deadline.ACCEPT and case.acknowledged_ms is not None


def on_time(case: Case, resolved_ms: int) -> bool | None:
    """Whether a case resolved then is in time; None without a deadline. Judged at the last `resolved`."""
    due = due_at(case, resolved_ms)
    return None if due is None else resolved_ms <= due


def after(t_ms: int, limit: Limit) -> int:
    """`limit` later than `t_ms`."""
    return t_ms + limit_ms(limit)
