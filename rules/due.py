"""What happens when a deadline of a case falls due. Each fires once, at its due time, in the log's own time."""

from collections.abc import Callable

from rules.acts.pausing import resumed
from rules.acts.verifying import close
from rules.because import because
from rules.clocks import after, without
from rules.draft import Around, Decision
from rules.fold import DUE
from rules.making import Making
from rules.opening import refuse
from rules.routing import name_of
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
            because("deadline", clock=clock.value),
            facts={"clock": clock},
            deadlines=case.deadlines,
            missed=(*case.missed, clock),
            fired={**case.fired, clock: making.t_ms},
        )
        _climb(making, case, go_on=clock is Deadline.RESOLVE)

    return fire


def _climb(making: Making, case: Case, *, go_on: bool) -> None:
    """One rung up the ladder of the grid; at the top nobody is left to tell. `go_on`: and another one after a step."""
    book = making.book
    grid = book.grid(case.place.grid if case.place else None)
    ladder = grid.ladder if grid else ()
    if case.rung >= len(ladder):
        return
    person, rung, deadlines = ladder[case.rung], case.rung + 1, dict(case.deadlines)
    if go_on and rung < len(ladder):
        deadlines[Deadline.LADDER] = after(making.t_ms, book.rulebook.policy.ladder_step)
    making.happen(
        case,
        EventType.ESCALATED,
        because("escalated", person=name_of(person, book)),
        facts={"rung": rung, "to": person},
        rung=rung,
        deadlines=deadlines,
    )


def _ladder(making: Making, case: Case) -> None:
    _climb(making, case, go_on=True)


def _verify(making: Making, case: Case) -> None:
    limit = making.book.category(case.category).verification.policy_after
    close(making, case, making.t_ms, verified_by="policy", reason=because("policy", after=limit))


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
    Deadline.ARCHIVE: _archive,
}
