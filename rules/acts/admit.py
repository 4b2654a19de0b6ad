"""The admission gate: the named approver admits a task that is not on the list, or refuses it."""

from rules.acts.act_context import ActContext, refused
from rules.book.reasons import because
from rules.cases.dispatching import refuse
from rules.cases.opening import join_or_dispatch
from schemas.case import Deadline
from schemas.event import EventType


def admit(act: ActContext) -> None:
    """Dispatch it as if it were on the list; the case records who admitted it."""
    if Deadline.ADMISSION not in act.case.deadlines:
        raise refused("not_held")
    name = act.name(act.command.by)
    case = act.happen(EventType.ADMITTED, because("admitted", by=name), admitted=True, deadlines={}, **act.note("note"))
    act.case = join_or_dispatch(act.builder, case, case.place)


def turn_away(act: ActContext) -> None:
    """Refuse it, with the approver's name."""
    if Deadline.ADMISSION not in act.case.deadlines:
        raise refused("not_held")
    words = act.note("note")
    if words:
        act.happen(EventType.ANSWERED, **words)
    act.case = refuse(act.builder, act.case, because("turned_away", by=act.name(act.command.by)))
