"""The three clocks of a case: accept, first response, resolution. Times in milliseconds UTC.

The resolution clock runs at any hour, or only within the shifts of the department that the case was dispatched to
(`Case.clock`). The time left is stored in the same kind of time.
"""

from itertools import pairwise
from typing import Any

from rules.book.compiled_rulebook import CompiledRulebook
from rules.clocks import milestones
from rules.clocks.limits import Terms, terms_of
from rules.decision.draft import DecisionContext
from rules.facts.routing_facts import RoutingFacts
from rules.time.working import due_at as due_of
from rules.time.working import in_shift, moved, worked_ms
from schemas.case import Case, Deadline
from schemas.clock import CaseLimits, ShiftClock, Stretch
from schemas.items import Limits
from schemas.limit import Limit, is_working, limit_ms
from schemas.report import Department

_CLOCKS = (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE)


def dispatched(
    asked: RoutingFacts, item: str | None, department: Department | None, context: DecisionContext
) -> dict[str, Any]:
    """The change that starts the clocks of a case now, by its limits and the shifts of its department."""
    terms = terms_of(asked, item, context.book, context.t_ms)
    return started(terms, context.t_ms, context.book, department.code if department else None)


def for_remedy(
    asked: RoutingFacts, item: str | None, department: Department | None, context: DecisionContext
) -> dict[str, Any]:
    """The same for a standing remedy: answered as soon as a case, in place as the policy says, without milestones."""
    limits = terms_of(asked, item, context.book, context.t_ms).limits
    terms = Terms(limits.model_copy(update={"resolve": context.book.rulebook.policy.remedy_within}))
    return started(terms, context.t_ms, context.book, department.code if department else None)


def started(terms: Terms, start_ms: int, book: CompiledRulebook, organisation: str | None) -> dict[str, Any]:
    """Deadlines of a case whose clocks start at `start_ms` (dispatch), by the shifts of an organisation."""
    limits, calendar = terms.limits, book.region.calendar
    deadlines = {
        deadline: due_of(start_ms, limit, calendar, organisation)
        for deadline, limit in zip(_CLOCKS, (limits.accept, limits.respond, limits.resolve), strict=True)
        if limit is not None
    }
    _in_order(deadlines, limits)
    change: dict[str, Any] = {
        "deadlines": deadlines,
        "due_ms": deadlines.get(Deadline.RESOLVE),
        "limits": CaseLimits(accept=limits.accept, respond=limits.respond, resolve=limits.resolve),
    }
    if limits.resolve is not None and calendar is not None and is_working(limits.resolve):
        change["clock"] = ShiftClock(limit=limits.resolve, organisation=organisation)
    if terms.milestones:
        begun = milestones.begun(terms.milestones, start_ms, book, organisation)
        change |= {"milestones": begun, "deadlines": {**deadlines, **milestones.first_due(begun)}}
    return change


def _in_order(deadlines: dict[Deadline, int], limits: Limits) -> None:
    """Deadlines in order: resolving includes responding, and that accepting, so none may be due after a later one.

    Plain limits stay as the list has them; `rules check` reports those that contradict each other.
    """
    by_clock = {Deadline.ACCEPT: limits.accept, Deadline.RESPOND: limits.respond, Deadline.RESOLVE: limits.resolve}
    there = [clock for clock in _CLOCKS if clock in deadlines]
    for later_one, clock in pairwise(reversed(there)):
        if is_working(by_clock[later_one]) or is_working(by_clock[clock]):
            deadlines[clock] = min(deadlines[clock], deadlines[later_one])


def without(case: Case, *gone: Deadline) -> dict[Deadline, int]:
    """The deadlines of a case without these."""
    return {name: at for name, at in case.deadlines.items() if name not in gone}


def after(t_ms: int, limit: Limit) -> int:
    """`limit` after `t_ms` in plain time, for deadlines that notify nobody."""
    return t_ms + limit_ms(limit)


def later(case: Case, t_ms: int, limit: Limit, book: CompiledRulebook) -> int:
    """When to notify of something `limit` after `t_ms`: within the shift unless it is urgent."""
    clock = _quiet(case, book)
    due_ms = due_of(t_ms, limit, book.region.calendar, clock.organisation if clock else None)
    return due_ms if is_working(limit) else notify_at(case, due_ms, book)  # the end of a shift still belongs to it


def notify_at(case: Case, at_ms: int, book: CompiledRulebook) -> int:
    """When to notify people of what is due at `at_ms`: urgent matters at any hour, others within the shift."""
    clock = _quiet(case, book)
    return at_ms if clock is None else in_shift(at_ms, book.region.calendar, clock.organisation)


def _quiet(case: Case, book: CompiledRulebook) -> ShiftClock | None:
    """Within whose shifts people are notified of a case; None: at any hour. A waiting case counts by its category."""
    if case.clock is not None or case.dispatched_ms is not None:
        return case.clock
    limit = book.category(case.category).limits.resolve
    return ShiftClock(limit=limit) if limit is not None and is_working(limit) else None


def between(case: Case, from_ms: int, to_ms: int, book: CompiledRulebook) -> int:
    """Time between two moments as the resolution clock counts it."""
    if case.clock is None:
        return to_ms - from_ms
    worked = worked_ms(from_ms, to_ms, book.region.calendar, case.clock.organisation)
    return (
        -1 if worked == 0 and to_ms < from_ms else worked
    )  # after the shift counts as late, although nobody worked since


def on(case: Case, at_ms: int, by_ms: int, book: CompiledRulebook) -> int:
    """A moment later by this much, as the resolution clock counts it."""
    if case.clock is None:
        return at_ms + by_ms
    return moved(at_ms, by_ms, book.region.calendar, case.clock.organisation)


def _ahead(case: Case, due_ms: int, t_ms: int, book: CompiledRulebook) -> int:
    """When a resolution deadline set at `t_ms` fires: at its time, or as soon as people can be notified."""
    return due_ms if due_ms >= t_ms else notify_at(case, t_ms, book)


def due_at(case: Case, at_ms: int, book: CompiledRulebook) -> int | None:
    """When the resolution is due, seen from `at_ms`: it moves on while the clock is stopped, never back."""
    if case.left_ms is None:
        return case.due_ms
    return max(on(case, at_ms, case.left_ms, book), case.due_ms or 0)


def resolution_stopped(case: Case, at_ms: int, book: CompiledRulebook) -> dict[str, Any]:
    """The change that stops the resolution clock at `at_ms` and stores the time left (negative when late)."""
    due, from_ms = due_at(case, at_ms, book), max(at_ms, case.dispatched_ms or at_ms)
    left = case.left_ms if case.left_ms is not None or due is None else between(case, from_ms, due, book)
    gone = (Deadline.RESOLVE, Deadline.LADDER, Deadline.MILESTONE)
    stopped = milestones.stopped(case, at_ms, book)
    theirs = milestones.first_due(stopped.get("milestones", case.milestones))  # of other platforms: they go on
    return {
        "left_ms": left,
        "due_ms": due,
        "still_since_ms": from_ms if case.still_since_ms is None else case.still_since_ms,
        "deadlines": {**without(case, *gone), **theirs},
        **stopped,
    }


def resolution_goes_on(case: Case, t_ms: int, book: CompiledRulebook) -> dict[str, Any]:
    """The change that restarts the resolution clock at `t_ms`; an overdue case goes on climbing the ladder."""
    more = milestones.going_on(case, t_ms, book) | stood(case, t_ms)
    deadlines = {**case.deadlines, **milestones.first_due(more.get("milestones", ()))}
    due = due_at(case, t_ms, book)
    if case.left_ms is None or due is None:
        return {"left_ms": None, **more, **({"deadlines": deadlines} if more else {})}
    due = max(
        on(case, t_ms, case.left_ms, book), case.due_ms or 0
    )  # never earlier than before, even under a new calendar
    if Deadline.RESOLVE not in case.missed:
        deadlines[Deadline.RESOLVE] = _ahead(case, due, t_ms, book)
    elif case.rung < len(book.ladder(case.place)) and not case.history:
        deadlines[Deadline.LADDER] = later(case, t_ms, book.rulebook.policy.ladder_step, book)
    return {"left_ms": None, "due_ms": due, **more, "deadlines": deadlines}


def stood(case: Case, t_ms: int) -> dict[str, Any]:
    """The change that records a stop of the resolution clock, if there is one, until `t_ms`."""
    since_ms = case.still_since_ms
    if since_ms is None:
        return {}
    return {"still_since_ms": None, "still": (*case.still, Stretch(from_ms=since_ms, until_ms=max(since_ms, t_ms)))}


def unpaused(case: Case, at_ms: int) -> dict[str, Any]:
    """The change that ends a pause, if there is one, at `at_ms`."""
    if case.suspended_ms is None:
        return {}
    paused_ms = case.paused_ms + max(0, at_ms - case.suspended_ms)
    return {"paused_ms": paused_ms, "suspended_ms": None, "suspended_from": None}


def extended(case: Case, by_ms: int, t_ms: int, book: CompiledRulebook) -> dict[str, Any]:
    """The change that extends the resolution, in its own kind of time; a milestone due with it moves too."""
    granted = {"granted_ms": case.granted_ms + by_ms}
    if case.due_ms is None:
        return granted
    due_ms = on(case, case.due_ms, by_ms, book)
    change = due_moved(case, due_ms, t_ms, book) | granted
    last = milestones.moved_along(case, case.due_ms, due_ms)
    if not last:
        return change
    deadlines = {n: at for n, at in change.get("deadlines", case.deadlines).items() if n is not Deadline.MILESTONE}
    return {**change, **last, "deadlines": {**deadlines, **milestones.first_due(last["milestones"])}}


def due_moved(case: Case, due_ms: int | None, t_ms: int, book: CompiledRulebook) -> dict[str, Any]:
    """The change to another resolution deadline while its clock runs. One in the future is no longer missed."""
    missed = Deadline.RESOLVE in case.missed
    if due_ms is None:
        change = {"due_ms": None, "deadlines": without(case, Deadline.RESOLVE, Deadline.LADDER)}
        return {**change, **_forgiven(case)} if missed else change
    if missed and due_ms <= t_ms:
        return {"due_ms": due_ms}
    deadlines = {**without(case, Deadline.LADDER), Deadline.RESOLVE: _ahead(case, due_ms, t_ms, book)}
    return {"due_ms": due_ms, "deadlines": deadlines, **(_forgiven(case) if missed else {})}


def _forgiven(case: Case) -> dict[str, Any]:
    """The change when a missed resolution is no longer missed; the climbed rungs stay, because those people know."""
    return {
        "missed": tuple(clock for clock in case.missed if clock is not Deadline.RESOLVE),
        "climbed": {clock: rungs for clock, rungs in case.climbed.items() if clock is not Deadline.RESOLVE},
    }


def forgotten(case: Case) -> dict[str, Any]:
    """The change that resets the clocks of a case, with only the fields that differ."""
    fresh: dict[str, Any] = {
        "dispatched_ms": None,
        "urgent_ms": None,
        "acknowledged_ms": None,
        "contacted_ms": None,
        "resolved_ms": None,
        "on_time": None,
        "outcome": None,
        "left_ms": None,
        "due_ms": None,
        "clock": None,
        "limits": None,
        "granted_ms": 0,
        "still_since_ms": None,
        "still": (),
        "milestones": (),
        "assists": (),
        "missed": (),
        "fired": {},
        "climbed": {},
        "rung": 0,
    }
    return {name: value for name, value in fresh.items() if getattr(case, name) != value}


def met(
    case: Case, at_ms: int, book: CompiledRulebook, *clocks: Deadline
) -> tuple[dict[str, Any], tuple[Deadline, ...]]:
    """The change when an act at `at_ms` ends these clocks, and the notices of those that fired although met."""
    withdrawn = tuple(
        clock
        for clock in clocks
        if clock in case.missed and at_ms <= _limit_at(case, clock, at_ms, book) and not _judged(case, clock)
    )
    change: dict[str, Any] = {"deadlines": without(case, *clocks)}
    if withdrawn:
        change["missed"] = tuple(c for c in case.missed if c not in withdrawn)
        change["climbed"], rungs = _taken_back(case, withdrawn)
        change["rung"] = max(0, case.rung - rungs)
    return change, withdrawn


def _taken_back(case: Case, withdrawn: tuple[Deadline, ...]) -> tuple[dict[Deadline, int], int]:
    """The rungs still climbed without these notices, and how many fewer they are.

    The rung stays if another clock, missed at the same moment and still missed, climbed it too.
    """
    climbed, rungs = dict(case.climbed), 0
    for clock in withdrawn:
        own = climbed.pop(clock, 0)
        beside = [c for c in case.missed if c not in withdrawn and case.fired.get(c) == case.fired.get(clock)]
        if own and beside and beside[0] not in climbed:
            climbed[beside[0]] = own
        else:
            rungs += own
    return climbed, rungs


def _limit_at(case: Case, clock: Deadline, at_ms: int, book: CompiledRulebook) -> int:
    due = due_at(case, at_ms, book) if clock is Deadline.RESOLVE else None
    return case.fired.get(clock, -1) if due is None else due


def _judged(case: Case, clock: Deadline) -> bool:
    """Whether another act had already ended the clock."""
    return clock is Deadline.ACCEPT and case.acknowledged_ms is not None


def on_time(case: Case, resolved_ms: int, book: CompiledRulebook) -> bool | None:
    """Whether a case resolved at that time is on time; None without a deadline. The last `resolved` counts."""
    due = due_at(case, resolved_ms, book)
    return None if due is None else resolved_ms <= due
