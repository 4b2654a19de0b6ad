"""Danger reported later 险情后报 in an open case: the case becomes urgent, or its holder is asked to look.

Certain words decide the case again. Words that may be negated or mean something else, and words after the work is
done, are shown to the holder of the case, who knows the facts.
"""

from typing import Any, Final

from rules.book.labels import quoted
from rules.book.reasons import because
from rules.cases.again import resumed
from rules.cases.dispatching import assign, dispatch
from rules.clocks import milestones
from rules.clocks.clocks import due_at, later
from rules.clocks.limits import terms_of
from rules.clocks.recounting import limits_changed, made_of
from rules.decision.builder import DecisionBuilder
from rules.facts.routing_facts import routing_facts_of
from rules.facts.urgency import danger_in
from rules.routing.route import Route, name_of, route
from rules.words.danger import Danger
from schemas.case import WORKING, Alert, Case, Deadline, State, UrgentBy
from schemas.clock import CaseMilestone
from schemas.event import EventType

_RUNS: Final = WORKING | {State.SUSPENDED}


def heard(builder: DecisionBuilder, case: Case, said: str, by: str) -> Case:
    """The case after a text by `by`: urgent, or marked for a look; unchanged without words of danger."""
    danger, case = danger_in(said, builder.book), builder.standing(case)
    if not (danger.said or danger.doubtful) or case.history or _is_no_report(case):
        return case
    if case.state is State.SUSPENDED and danger.said:
        reason = because("pause_over_by_danger")
        case = builder.happen(case, EventType.RESUMED, reason, by="system", **resumed(case, builder))
    if case.state in _RUNS | {State.SUBMITTED} and not case.urgent_by and danger.said:
        decide = _waits_no_more if case.state is State.SUBMITTED else _urgent
        return decide(builder, case, danger, by)
    if case.state is State.RESOLVED or (case.state in _RUNS and not case.urgent_by):
        return ask_to_look(builder, case, danger, by)
    return case


def _is_no_report(case: Case) -> bool:
    """Whether nobody reports with it what is so: a duty, a proposed change of the list, a standing remedy."""
    return case.duty is not None or case.change is not None or case.remedy is not None


def ask_to_look(builder: DecisionBuilder, case: Case, danger: Danger, by: str) -> Case:
    """Show uncertain words of danger to the holder; a resolved case is not closed before its time."""
    known = Alert.DANGER in case.alerts
    if known and not danger.said:
        return case
    words, book = danger.said or danger.doubtful, builder.book
    done = case.state is State.RESOLVED
    now: dict[str, Any] = {} if known else {"alerts": (*case.alerts, Alert.DANGER)}
    if done and Deadline.VERIFY in case.deadlines:
        again_ms = later(case, builder.t_ms, book.category(case.category).verification.policy_after, book)
        now["deadlines"] = {**case.deadlines, Deadline.VERIFY: again_ms}
    reason = because("danger_done" if done else "danger_doubted", by=name_of(by, book), words=quoted(words))
    facts: dict[str, Any] = {"alerts": [Alert.DANGER], "danger_words": words, "to": case.assignee}
    return builder.happen(case, EventType.CORRECTED, reason, by="system", facts=facts, **now)


def _waits_no_more(builder: DecisionBuilder, case: Case, danger: Danger, by: str) -> Case:
    """Dispatch a case at once that was offered or waited at the gate."""
    reason = because("danger_told", by=name_of(by, builder.book), words=quoted(danger.said))
    urgent: dict[str, Any] = {"urgent_by": (UrgentBy.WORDS,), "offer": None, "deadlines": {}}
    facts = {"urgent_words": danger.said}
    return dispatch(builder, builder.happen(case, EventType.CORRECTED, reason, by="system", facts=facts, **urgent))


def _urgent(builder: DecisionBuilder, case: Case, danger: Danger, by: str) -> Case:
    """Decide the case again as an urgent one.

    Its clocks count from now and never end later than before. A case assigned by a person stays with its holder.
    """
    reason = because("danger_told", by=name_of(by, builder.book), words=quoted(danger.said))
    urgent = {"urgent_by": (UrgentBy.WORDS,)}
    chosen = route(routing_facts_of(case.after(urgent), case.place, builder.context), builder.context)
    change = {**urgent, **_limits(case, urgent, chosen, builder)}
    facts: dict[str, Any] = {"urgent_words": danger.said}
    if "limits" in change:
        facts["due"] = made_of(case.after(change), builder.book)
    case = builder.happen(case, EventType.CORRECTED, reason, by="system", facts=facts, **change)
    if (
        not chosen.refused
        and not case.hops
        and (chosen.assignee, chosen.department) != (case.assignee, case.department)
    ):
        return assign(builder, case, chosen)
    return case


def _limits(case: Case, urgent: dict[str, Any], chosen: Route, builder: DecisionBuilder) -> dict[str, Any]:
    """The limits of an urgent case, from now. Another system's deadlines stay its own."""
    book, context, t_ms = builder.book, builder.context, builder.t_ms
    if case.door in book.region.importers or case.limits is None:
        return {}
    was = terms_of(routing_facts_of(case, case.place, context), case.item, book, t_ms)
    now = terms_of(routing_facts_of(case.after(urgent), case.place, context), chosen.item, book, t_ms)
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
        untouched = {name: at for name, at in case.deadlines.items() if name in {Deadline.RESOLVE, Deadline.LADDER}}
        change = {"missed": case.missed, "climbed": case.climbed}
        deadlines = {n: at for n, at in deadlines.items() if n is not Deadline.RESOLVE} | untouched
    else:
        change |= fresh
    deadlines.pop(Deadline.MILESTONE, None)
    return {**change, "milestones": steps, "deadlines": {**deadlines, **milestones.first_due(steps)}}


def _sooner(case: Case, steps: tuple[CaseMilestone, ...]) -> tuple[CaseMilestone, ...]:
    """Milestones of which no open one ends later than before."""
    before = {step.id: step.due_ms for step in case.milestones if step.open}
    return tuple(
        step.model_copy(update={"due_ms": min(step.due_ms, before.get(step.id, step.due_ms))}) if step.open else step
        for step in steps
    )
