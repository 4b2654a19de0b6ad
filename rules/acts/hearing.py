"""Danger that somebody tells of in a case that runs already 险情后报: from then on the case is urgent."""

from typing import Any, Final

from rules import milestones
from rules.acts.doing import Doing
from rules.acts.pausing import resumed
from rules.because import because
from rules.clocks import due_at
from rules.dispatching import assign
from rules.limits import terms_of
from rules.making import Making
from rules.matter import matter_of
from rules.recounting import limits_changed, made_of
from rules.routing import Route, route
from rules.terms import quoted
from rules.urgency import danger_in
from schemas.case import WORKING, Case, Deadline, State, UrgentBy
from schemas.clock import CaseMilestone
from schemas.command import Act
from schemas.event import EventType

_TELLS: Final = frozenset(
    {Act.ANSWER, Act.REJECT, Act.REOPEN, Act.URGE, Act.CORRECT, Act.CONTACT, Act.RETURN, Act.RAISE}
)
"""Acts whose words say how it is now. A question tells nothing, and who resolves says what was done."""


def hear(doing: Doing) -> None:
    """After an act: words of danger in its note make a case urgent that was not, and it is decided again as one.

    Its clocks count anew from now and never end later than before. Whoever a person gave the case to keeps it.
    """
    making, case = doing.making, doing.making.standing(doing.case)
    if doing.command.act not in _TELLS or case.urgent_by or case.state not in WORKING | {State.SUSPENDED}:
        return
    if doing.as_assignee and doing.command.act is Act.ANSWER:
        return
    danger = danger_in(doing.command.note, making.book).said
    if not danger or case.duty is not None or case.change is not None:
        return
    reason = because("danger_told", by=doing.name(doing.command.by), words=quoted(danger))
    if case.state is State.SUSPENDED:
        case = making.happen(
            case, EventType.RESUMED, because("pause_over_by_danger"), by="system", **resumed(case, making)
        )
    urgent = {"urgent_by": (UrgentBy.WORDS,)}
    chosen = route(matter_of(case.after(urgent), case.place, making.around), making.around)
    change = {**urgent, **_limits(case, urgent, chosen, making)}
    facts: dict[str, Any] = {"urgent_words": danger}
    if "limits" in change:
        facts["due"] = made_of(case.after(change), making.book)
    case = making.happen(case, EventType.CORRECTED, reason, by="system", facts=facts, **change)
    if (
        not chosen.refused
        and not case.hops
        and (chosen.assignee, chosen.department) != (case.assignee, case.department)
    ):
        assign(making, case, chosen)


def _limits(case: Case, urgent: dict[str, Any], chosen: Route, making: Making) -> dict[str, Any]:
    """The limits of an urgent case, from now. Another system's deadlines stay its own."""
    book, around, t_ms = making.book, making.around, making.t_ms
    if case.door in book.region.importers or case.limits is None:
        return {}
    was = terms_of(matter_of(case, case.place, around), case.item, book, t_ms)
    now = terms_of(matter_of(case.after(urgent), case.place, around), chosen.item, book, t_ms)
    if was == now:
        return {}
    fresh: dict[str, Any] = {"urgent_ms": t_ms, "granted_ms": 0, "still": ()}
    department = chosen.department or case.department
    change = limits_changed(case.after(fresh), was, now, t_ms, book, department.code if department else None)
    if not change:
        return {}
    steps = _sooner(case, change.get("milestones", case.milestones))
    deadlines = {name: min(at, case.deadlines.get(name, at)) for name, at in change["deadlines"].items()}
    due_ms = due_at(case, t_ms, book)
    if due_ms is not None and due_ms <= (change["due_ms"] or due_ms):
        kept = {name: at for name, at in case.deadlines.items() if name in {Deadline.RESOLVE, Deadline.LADDER}}
        change = {"missed": case.missed, "climbed": case.climbed}
        deadlines = {n: at for n, at in deadlines.items() if n is not Deadline.RESOLVE} | kept
    else:
        change |= fresh
    deadlines.pop(Deadline.MILESTONE, None)
    return {**change, "milestones": steps, "deadlines": {**deadlines, **milestones.first_due(steps)}}


def _sooner(case: Case, steps: tuple[CaseMilestone, ...]) -> tuple[CaseMilestone, ...]:
    """No step that is open ends later than before."""
    before = {step.id: step.due_ms for step in case.milestones if step.open}
    return tuple(
        step.model_copy(update={"due_ms": min(step.due_ms, before.get(step.id, step.due_ms))}) if step.open else step
        for step in steps
    )
