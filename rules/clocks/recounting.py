"""Changes the limits of a running case: counts again from its dispatch, with what was granted since.

A deadline never moves by the difference of two lists. It has four parts, all of them on the case: when it
was dispatched (or danger was reported), the limit in force now, the approved extensions, and the time
its clock was stopped.
"""

from typing import Any

from rules.book.compiled_rulebook import CompiledRulebook
from rules.clocks import milestones
from rules.clocks.clocks import between, due_moved, on, started
from rules.clocks.limits import Terms
from rules.time.working import due_at, moved, worked_ms
from schemas.case import Case, Deadline
from schemas.clock import CaseLimits, CaseMilestone, Stretch
from schemas.limit import is_working


def limits_changed(
    case: Case, was: Terms, now: Terms, t_ms: int, book: CompiledRulebook, organisation: str | None
) -> dict[str, Any]:
    """The change to a running case whose terms become `now`; `was` are its terms by the list so far.

    Clocks met or missed before stay so; a limit that is already over falls due at once.
    """
    start_ms = case.counted_ms
    if start_ms is None or _same(case, was, now):
        return {}
    change: dict[str, Any] = {}
    if case.limits is None:
        change = _granted_before(case, was, book, organisation)
        case = case.after(change)
    new = started(now, start_ms, book, organisation)
    here = case.after({"clock": new.get("clock")})
    due_ms = _with_granted(here, new["due_ms"], book)
    change |= due_moved(here, due_ms, t_ms, book)
    deadlines = {n: at for n, at in change.get("deadlines", case.deadlines).items() if n is not Deadline.MILESTONE}
    ended = {Deadline.ACCEPT: case.acknowledged_ms, Deadline.RESPOND: case.contacted_ms}
    for clock, ended_ms in ended.items():
        deadlines.pop(clock, None)
        if clock in new["deadlines"] and ended_ms is None and clock not in case.missed:
            deadlines[clock] = max(new["deadlines"][clock], t_ms)
    steps = _milestones(case, new, due_ms, t_ms, book)
    if here.clock != case.clock:
        change["clock"] = here.clock
    due = {**deadlines, **milestones.first_due(steps.get("milestones", ()))}
    return {**change, **steps, "limits": new["limits"], "deadlines": due}


def _same(case: Case, was: Terms, now: Terms) -> bool:
    if case.limits is None:
        return was == now
    runs = [(step.id, step.limit) for step in case.milestones if step.platform is None]
    return case.limits == CaseLimits(**now.limits.model_dump()) and runs == [(m.id, m.limit) for m in now.milestones]


def _with_granted(case: Case, due_ms: int | None, book: CompiledRulebook) -> int | None:
    """A deadline by the limit alone, plus what was granted."""
    return None if due_ms is None else on(case, on(case, due_ms, case.granted_ms, book), stood_ms(case, book), book)


def stood_ms(case: Case, book: CompiledRulebook) -> int:
    """How long the resolution clock was stopped so far, in its own kind of time."""
    return sum(max(0, between(case, each.from_ms, each.until_ms, book)) for each in case.still)


def made_of(case: Case, book: CompiledRulebook) -> dict[str, Any]:
    """The parts of a resolution deadline, for readers of the log; lengths are in its own kind of time."""
    return {
        "limit": case.limits.resolve if case.limits else None,
        "from_ms": case.counted_ms,
        "granted_ms": case.granted_ms,
        "stood_ms": stood_ms(case, book),
        "due_ms": case.due_ms,
    }


def _milestones(
    case: Case, new: dict[str, Any], due_ms: int | None, t_ms: int, book: CompiledRulebook
) -> dict[str, Any]:
    """The new milestones, each with its own stops; one that ends with the resolution still does."""
    steps = new.get("milestones", ())
    dues = {
        step.id: max(
            t_ms, _step_due(step, case.still, book) if step.due_ms != new["due_ms"] or due_ms is None else due_ms
        )
        for step in steps
    }
    return milestones.exchanged(case, steps, dues)


def _step_due(step: CaseMilestone, still: tuple[Stretch, ...], book: CompiledRulebook) -> int:
    if not is_working(step.limit):
        return step.due_ms + sum(each.until_ms - each.from_ms for each in still)
    calendar = book.region.calendar
    stood = sum(worked_ms(each.from_ms, each.until_ms, calendar, step.organisation) for each in still)
    return moved(step.due_ms, stood, calendar, step.organisation)


def _granted_before(case: Case, was: Terms, book: CompiledRulebook, organisation: str | None) -> dict[str, Any]:
    """What was granted to a case whose limits were not recorded yet; at least 0, all of it counted as granted.

    Its own limit is known where that is a working one (`Case.clock`), else as the list says it. Without an extension it
    cannot have been given more than the time that it stood still.
    """
    start_ms, stood = case.dispatched_ms or 0, case.paused_ms + case.verifying_ms
    own = case.clock.limit if case.clock else was.limits.resolve
    given = stood
    if case.due_ms is not None and own is not None and (case.clock is not None or not is_working(own)):
        by = case.clock.organisation if case.clock else organisation
        more = max(0, between(case, due_at(start_ms, own, book.region.calendar, by), case.due_ms, book))
        given = more if case.extensions else min(more, stood)
    return {"granted_ms": given, "still": ()}
