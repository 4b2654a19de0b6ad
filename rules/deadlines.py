"""Decides what happens when a deadline of a case falls due. Each fires once, at its due time, in log time."""

from collections.abc import Callable, Sequence
from typing import Any

from rules.acts.verify import close
from rules.book.labels import CLOCK_NAMES, STEP_NAMES, names_of
from rules.book.reasons import because
from rules.cases.again import resumed
from rules.cases.dispatching import assign, dispatch, refuse
from rules.cases.duties import not_done
from rules.clocks.clocks import later, without
from rules.clocks.milestones import changed as milestones_now
from rules.clocks.milestones import fallen_due as fallen_due_steps
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.decision.fold import DUE
from rules.facts.routing_facts import routing_facts_of
from rules.routing.assists import assists_now, fallen_due, with_assist
from rules.routing.offering import WIDER, offered
from rules.routing.route import name_of, route
from rules.time.working import due_at
from schemas.case import Case, Deadline
from schemas.clock import CaseMilestone
from schemas.event import EventType
from schemas.limit_words import limit_name

Fire = Callable[[DecisionBuilder, Case], None]


def due(case: Case, deadline: Deadline, context: DecisionContext) -> Decision:
    """The decision that a deadline forces at `around.t_ms`, which is its due time."""
    builder = DecisionBuilder(context, DUE + deadline, "system", case.home)
    _DUE[deadline](builder, case.after({"deadlines": without(case, deadline)}))
    return builder.done()


def _missed(clock: Deadline) -> Fire:
    def fire(builder: DecisionBuilder, case: Case) -> None:
        climbed = _has_climbed(case, builder.t_ms)
        case = builder.happen(
            case,
            EventType.DEADLINE_MISSED,
            because("deadline", clock=CLOCK_NAMES[clock]),
            facts={"clock": clock},
            deadlines={**case.deadlines, **_next_rung(builder, case, clock, case.rung)} if climbed else case.deadlines,
            missed=(*case.missed, clock),
            fired={**case.fired, clock: builder.t_ms},
        )
        if not climbed:
            _climb(builder, case, clock)

    return fire


def _has_climbed(case: Case, t_ms: int) -> bool:
    """Whether another deadline of this moment has climbed already: they share one notice and one rung."""
    return any(case.fired.get(clock) == t_ms for clock in case.climbed) or any(
        step.climbed and step.due_ms == t_ms for step in case.milestones
    )


def _next_rung(builder: DecisionBuilder, case: Case, clock: Deadline, rung: int) -> dict[Deadline, int]:
    """When a missed resolution on `rung` climbs the next rung, if there is one."""
    book = builder.book
    if clock is not Deadline.RESOLVE or rung >= len(book.ladder(case.place)) or case.history:
        return {}
    return {Deadline.LADDER: later(case, builder.t_ms, book.rulebook.policy.ladder_step, book)}


def _resolution(builder: DecisionBuilder, case: Case) -> None:
    """The resolution is missed; a duty ends with it."""
    _missed(Deadline.RESOLVE)(builder, case)
    if case.duty is not None:
        not_done(builder, case)


def _milestone(builder: DecisionBuilder, case: Case) -> None:
    """Every milestone due by now is missed; one that is the resolution itself climbs with it."""
    for step in fallen_due_steps(case, builder.t_ms):
        late = step.model_copy(update={"missed": True})
        steps = tuple(late if each.id == step.id else each for each in case.milestones)
        case = builder.happen(
            case,
            EventType.DEADLINE_MISSED,
            because("deadline", clock=step.name),
            facts={"clock": Deadline.MILESTONE, "milestone": step.id},
            **milestones_now(case, steps),
        )
        if step.due_ms != case.due_ms and not _has_climbed(case, builder.t_ms):
            case = _climb(builder, case, Deadline.MILESTONE, step.id)


def _climb(builder: DecisionBuilder, case: Case, clock: Deadline, milestone: str | None = None) -> Case:
    """Climb one rung of the grid's ladder, to the next person who is there or covered.

    A missed resolution climbs one more after each interval, up to the top.
    """
    book = builder.book
    ladder = book.ladder(case.place)
    if case.rung >= len(ladder) or case.history:  # nobody is left to notify; nobody is notified of the past
        return case
    rung, person = _on_duty(ladder, case.rung, builder)
    deadlines, climbed = {**case.deadlines, **_next_rung(builder, case, clock, rung)}, rung - case.rung
    facts: dict[str, Any] = {"rung": rung, "to": person}
    if climbed > 1:
        facts["away"] = list(ladder[case.rung : rung - 1])
    if milestone is None:
        change: dict[str, Any] = {"climbed": {**case.climbed, clock: case.climbed.get(clock, 0) + climbed}}
    else:
        facts["milestone"] = milestone
        change = {"milestones": tuple(_climbing(step, milestone, climbed) for step in case.milestones)}
    return builder.happen(
        case,
        EventType.ESCALATED,
        because("escalated", person=name_of(person, book)),
        facts=facts,
        rung=rung,
        deadlines=deadlines,
        **change,
    )


def _on_duty(ladder: Sequence[str], rung: int, builder: DecisionBuilder) -> tuple[int, str]:
    """The next rung where somebody is there or covered, and that person; else the next rung itself."""
    for at in range(rung, len(ladder)):
        person = builder.context.stands_in(ladder[at], builder.t_ms)
        if person is not None:
            return at + 1, person
    return rung + 1, ladder[rung]


def _climbing(step: CaseMilestone, milestone: str, rungs: int) -> CaseMilestone:
    return step.model_copy(update={"climbed": step.climbed + rungs}) if step.id == milestone else step


def _ladder(builder: DecisionBuilder, case: Case) -> None:
    """Climb the next rung, if there is one: the ladder may have become shorter."""
    if case.rung < len(builder.book.ladder(case.place)):
        _climb(builder, case, Deadline.RESOLVE)
        return
    facts = {"clock": Deadline.LADDER, "silent": True}
    builder.happen(case, EventType.DEADLINE_MISSED, because("top_of_ladder"), facts=facts, deadlines=case.deadlines)


def _verify(builder: DecisionBuilder, case: Case) -> None:
    limit = builder.book.category(case.category).verification.policy_after
    close(builder, case, builder.t_ms, verified_by="policy", reason=because("policy", after=limit_name(limit)))


def _remind(builder: DecisionBuilder, case: Case) -> None:
    policy = builder.book.rulebook.policy
    if case.reminders >= policy.reminders and case.urgent_by:
        reason = because("unanswered_urgent", reminders=case.reminders)
        dispatch(builder, builder.happen(case, EventType.REMINDED, reason, deadlines={}))
        return
    if case.reminders >= policy.reminders:
        refuse(builder, case, because("unanswered", reminders=case.reminders))
        return
    remind_ms = later(case, builder.t_ms, policy.remind_every, builder.book)
    builder.happen(
        case,
        EventType.REMINDED,
        because("reminded", n=case.reminders + 1),
        reminders=case.reminders + 1,
        deadlines={**case.deadlines, Deadline.REMIND: remind_ms},
    )


def _request(builder: DecisionBuilder, case: Case) -> None:
    request = case.request
    facts = {"kind": request.kind, "by": request.by, "lapsed": True} if request else {}
    builder.happen(
        case, EventType.REQUEST_DENIED, because("lapsed"), facts=facts, deadlines=case.deadlines, request=None
    )


def _resume(builder: DecisionBuilder, case: Case) -> None:
    builder.happen(case, EventType.RESUMED, because("pause_over"), **resumed(case, builder))


def _admission(builder: DecisionBuilder, case: Case) -> None:
    refuse(builder, case, because("nobody_admitted"))


def _offer(builder: DecisionBuilder, case: Case) -> None:
    """Nobody accepted: offer it to more people, or assign it to the person on the list."""
    wider = WIDER[case.offer.to] if case.offer else None
    if wider is not None:
        offered(builder, case, wider)
        return
    assign(builder, case, route(routing_facts_of(case, case.place, builder.context), builder.context), offer=None)


def _report_in(builder: DecisionBuilder, case: Case) -> None:
    """What called departments should have done by now, in one event per department."""
    policy, calendar = builder.book.rulebook.policy, builder.book.region.calendar
    rate_until_ms = due_at(builder.t_ms, policy.rating_lapses, calendar)
    for assist in case.assists:
        after_it = fallen_due(assist, builder.t_ms, rate_until_ms)
        late = [step for step in after_it.missed if step not in assist.missed]
        if late:
            name = builder.book.department_name(assist.department.code)
            case = builder.happen(
                case,
                EventType.REPORT_IN_MISSED,
                because("report_in_missed", departments=name, step=names_of(STEP_NAMES[step] for step in late)),
                facts={"department": assist.department.code, "steps": late},
                **assists_now(case, with_assist(case, after_it)),
            )


def _archive(builder: DecisionBuilder, case: Case) -> None:
    builder.happen(case, EventType.ARCHIVED, because("window_over"), deadlines={})


_DUE: dict[Deadline, Fire] = {
    Deadline.ACCEPT: _missed(Deadline.ACCEPT),
    Deadline.RESPOND: _missed(Deadline.RESPOND),
    Deadline.RESOLVE: _resolution,
    Deadline.LADDER: _ladder,
    Deadline.VERIFY: _verify,
    Deadline.REMIND: _remind,
    Deadline.REQUEST: _request,
    Deadline.RESUME: _resume,
    Deadline.ADMISSION: _admission,
    Deadline.MILESTONE: _milestone,
    Deadline.OFFER: _offer,
    Deadline.REPORT_IN: _report_in,
    Deadline.ARCHIVE: _archive,
}
