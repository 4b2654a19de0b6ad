"""What happens when a deadline of a case falls due. Each fires once, at its due time, in the log's own time."""

from collections.abc import Callable

from rules.acts.pausing import resumed
from rules.acts.verifying import close
from rules.assists import assists_now, fallen_due, with_assist
from rules.because import because
from rules.clocks import after, without
from rules.draft import Around, Decision
from rules.fold import DUE
from rules.making import Making
from rules.opening import refuse
from rules.routing import name_of
from rules.terms import CLOCK_NAMES, STEP_NAMES, limit_name, names_of
from rules.working import due_at
from schemas.case import Case, Deadline
from schemas.event import EventType

Fire = Callable[[Making, Case], None]


def due(case: Case, deadline: Deadline, around: Around) -> Decision:
    """The decision that a deadline forces at `around.t_ms`, which is its due time."""
    making = Making(around, DUE + deadline, "system", case.home)
    _DUE[deadline](making, case.after({"deadlines": without(case, deadline)}))
    return making.done()


def _missed(clock: Deadline) -> Fire:
    def fire(making: Making, case: Case) -> None:
        case = making.happen(
            case,
            EventType.DEADLINE_MISSED,
            because("deadline", clock=CLOCK_NAMES[clock]),
            facts={"clock": clock},
            deadlines=case.deadlines,
            missed=(*case.missed, clock),
            fired={**case.fired, clock: making.t_ms},
        )
        _climb(making, case, clock)

    return fire


def _climb(making: Making, case: Case, clock: Deadline) -> None:
    """One rung up the ladder of the grid. A missed resolution climbs one more after each step, until the top."""
    book = making.book
    ladder = book.ladder(case.place)
    if case.rung >= len(ladder) or case.history:  # nobody is left to tell; nobody is told of the past
        return
    rung, deadlines, policy = case.rung + 1, dict(case.deadlines), book.rulebook.policy
    person = making.around.stands_in(ladder[case.rung], making.t_ms) or ladder[case.rung]
    if clock is Deadline.RESOLVE and rung < len(ladder):
        deadlines[Deadline.LADDER] = after(making.t_ms, policy.ladder_step)
    making.happen(
        case,
        EventType.ESCALATED,
        because("escalated", person=name_of(person, book)),
        facts={"rung": rung, "to": person},
        rung=rung,
        climbed={**case.climbed, clock: case.climbed.get(clock, 0) + 1},
        deadlines=deadlines,
    )


def _ladder(making: Making, case: Case) -> None:
    """The next rung, if there is one: a shorter ladder may have come since."""
    if case.rung < len(making.book.ladder(case.place)):
        _climb(making, case, Deadline.RESOLVE)
        return
    facts = {"clock": Deadline.LADDER, "silent": True}
    making.happen(case, EventType.DEADLINE_MISSED, because("top_of_ladder"), facts=facts, deadlines=case.deadlines)


def _verify(making: Making, case: Case) -> None:
    limit = making.book.category(case.category).verification.policy_after
    close(making, case, making.t_ms, verified_by="policy", reason=because("policy", after=limit_name(limit)))


def _remind(making: Making, case: Case) -> None:
    policy = making.book.rulebook.policy
    if case.reminders >= policy.reminders:
        refuse(making, case, because("unanswered", reminders=case.reminders))
        return
    making.happen(
        case,
        EventType.REMINDED,
        reminders=case.reminders + 1,
        deadlines={**case.deadlines, Deadline.REMIND: after(making.t_ms, policy.remind_every)},
    )


def _request(making: Making, case: Case) -> None:
    request = case.request
    facts = {"kind": request.kind, "by": request.by, "lapsed": True} if request else {}
    making.happen(
        case, EventType.REQUEST_DENIED, because("lapsed"), facts=facts, deadlines=case.deadlines, request=None
    )


def _resume(making: Making, case: Case) -> None:
    making.happen(case, EventType.RESUMED, because("pause_over"), **resumed(case, making))


def _report_in(making: Making, case: Case) -> None:
    """All that departments which were called should have done by now, in one event for each of them."""
    policy, calendar = making.book.rulebook.policy, making.book.region.calendar
    rate_until_ms = due_at(making.t_ms, policy.rating_lapses, calendar)
    for assist in case.assists:
        after_it = fallen_due(assist, making.t_ms, rate_until_ms)
        late = [step for step in after_it.missed if step not in assist.missed]
        if late:
            name = making.book.department_name(assist.department.code)
            case = making.happen(
                case,
                EventType.REPORT_IN_MISSED,
                because("report_in_missed", departments=name, step=names_of(STEP_NAMES[step] for step in late)),
                facts={"department": assist.department.code, "steps": late},
                **assists_now(case, with_assist(case, after_it)),
            )


def _archive(making: Making, case: Case) -> None:
    making.happen(case, EventType.ARCHIVED, because("window_over"), deadlines={})


_DUE: dict[Deadline, Fire] = {
    Deadline.ACCEPT: _missed(Deadline.ACCEPT),
    Deadline.RESPOND: _missed(Deadline.RESPOND),
    Deadline.RESOLVE: _missed(Deadline.RESOLVE),
    Deadline.LADDER: _ladder,
    Deadline.VERIFY: _verify,
    Deadline.REMIND: _remind,
    Deadline.REQUEST: _request,
    Deadline.RESUME: _resume,
    Deadline.REPORT_IN: _report_in,
    Deadline.ARCHIVE: _archive,
}
