"""Milestones of a case: steps with limits of their own, each counted from dispatch in its own kind of time.

One deadline, `Deadline.MILESTONE`, represents the next of them that falls due.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rules.book.compiled_rulebook import CompiledRulebook
from rules.time.working import due_at, moved, worked_ms
from schemas.case import Case, Deadline
from schemas.clock import CaseMilestone
from schemas.items import Milestone
from schemas.limit import is_working

Steps = tuple[CaseMilestone, ...]


def begun(milestones: Iterable[Milestone], start_ms: int, book: CompiledRulebook, organisation: str | None) -> Steps:
    """The milestones of a case that is dispatched at `start_ms`."""
    return tuple(
        CaseMilestone(
            id=each.id,
            name=each.name,
            limit=each.limit,
            organisation=organisation if is_working(each.limit) else None,
            due_ms=due_at(start_ms, each.limit, book.region.calendar, organisation),
        )
        for each in milestones
    )


def first_due(steps: Steps) -> dict[Deadline, int]:
    """The one deadline of all milestones."""
    dues = [step.due_ms for step in steps if step.open and step.left_ms is None]
    return {Deadline.MILESTONE: min(dues)} if dues else {}


def changed(case: Case, steps: Steps) -> dict[str, Any]:
    """The change to a case that has these milestones now."""
    deadlines = {name: at for name, at in case.deadlines.items() if name is not Deadline.MILESTONE}
    return {"milestones": steps, "deadlines": {**deadlines, **first_due(steps)}}


def stopped(case: Case, at_ms: int, book: CompiledRulebook) -> dict[str, Any]:
    """Stop them at `at_ms` and store the time left, in the kind of time of each."""
    if not any(_stops(step) for step in case.milestones):
        return {}
    from_ms = max(at_ms, case.dispatched_ms or at_ms)
    return {
        "milestones": tuple(
            step.model_copy(update={"left_ms": _between(step, from_ms, book)}) if _stops(step) else step
            for step in case.milestones
        )
    }


def _stops(step: CaseMilestone) -> bool:
    """Whether it stops with the resolution; a due date of another platform does not."""
    return step.open and step.left_ms is None and step.platform is None


def _between(step: CaseMilestone, from_ms: int, book: CompiledRulebook) -> int:
    if not is_working(step.limit):
        return step.due_ms - from_ms
    return worked_ms(from_ms, step.due_ms, book.region.calendar, step.organisation)


def going_on(case: Case, t_ms: int, book: CompiledRulebook) -> dict[str, Any]:
    """Restart them at `t_ms` with the time left; returns all of them, to set their deadline."""
    if not case.milestones:
        return {}
    return {"milestones": tuple(_going_on(step, t_ms, book) for step in case.milestones)}


def _going_on(step: CaseMilestone, t_ms: int, book: CompiledRulebook) -> CaseMilestone:
    if step.platform is not None:
        return _open_again(step, t_ms)
    if not step.open or step.left_ms is None:
        return step
    if is_working(step.limit):
        due_ms = moved(t_ms, step.left_ms, book.region.calendar, step.organisation)
    else:
        due_ms = t_ms + step.left_ms
    return step.model_copy(update={"left_ms": None, "due_ms": max(due_ms, t_ms)})


def _open_again(step: CaseMilestone, t_ms: int) -> CaseMilestone:
    """A due date of another platform, when what was resolved is not: it went on meanwhile, and may be over."""
    if step.done_ms is None or step.missed:
        return step
    return step.model_copy(update={"done_ms": None, "missed": step.due_ms <= t_ms})


def moved_along(case: Case, was_ms: int, due_ms: int) -> dict[str, Any]:
    """Move milestones that are due together with the resolution."""
    if not any(_goes_along(step, was_ms) for step in case.milestones):
        return {}
    return {
        "milestones": tuple(
            step.model_copy(update={"due_ms": due_ms}) if _goes_along(step, was_ms) else step
            for step in case.milestones
        )
    }


def _goes_along(step: CaseMilestone, was_ms: int) -> bool:
    return step.open and step.due_ms == was_ms and step.platform is None


def exchanged(case: Case, new: Steps, dues: Mapping[str, int]) -> dict[str, Any]:
    """Replace the milestones, due at `dues` by id. What was done or missed under the same name stays so.

    Due dates of other platforms stay as they are.
    """
    if not case.milestones and not new:
        return {}
    closed = {step.id: step for step in case.milestones if not step.open}
    theirs = tuple(step for step in case.milestones if step.platform is not None)
    ours = tuple(closed.get(step.id) or step.model_copy(update={"due_ms": dues[step.id]}) for step in new)
    return {"milestones": (*ours, *theirs)}


def done(case: Case, ids: Iterable[str], at_ms: int) -> tuple[Steps, Steps, int]:
    """Mark steps as done at `at_ms`. Returns all steps, the missed ones whose notice is withdrawn, and their rungs."""
    named, withdrawn = set(ids), list[CaseMilestone]()
    steps = []
    for step in case.milestones:
        if step.id not in named or step.done_ms is not None:
            steps.append(step)
            continue
        early = step.missed and at_ms <= step.due_ms
        if early:
            withdrawn.append(step)
        now = {"done_ms": at_ms, "left_ms": None, **({"missed": False, "climbed": 0} if early else {})}
        steps.append(step.model_copy(update=now))
    return tuple(steps), tuple(withdrawn), sum(step.climbed for step in withdrawn)


def fallen_due(case: Case, t_ms: int) -> Steps:
    """Those that fall due at `t_ms`, in the order of the list."""
    return tuple(step for step in case.milestones if step.open and step.left_ms is None and step.due_ms <= t_ms)
