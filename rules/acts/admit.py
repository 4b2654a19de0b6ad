"""At the admission gate: the named approver admits a task that is not on the list, or turns it away."""

from rules.acts.act_context import Doing, refused
from rules.book.reasons import because
from rules.cases.dispatching import refuse
from rules.cases.opening import join_or_dispatch
from schemas.case import Deadline
from schemas.event import EventType


def admit(doing: Doing) -> None:
    """It goes on as if it were on the list; that somebody admitted it stays on record."""
    if Deadline.ADMISSION not in doing.case.deadlines:
        raise refused("not_held")
    name = doing.name(doing.command.by)
    case = doing.happen(
        EventType.ADMITTED, because("admitted", by=name), admitted=True, deadlines={}, **doing.note("note")
    )
    doing.case = join_or_dispatch(doing.making, case, case.place)


def turn_away(doing: Doing) -> None:
    """It is refused, with the approver's name."""
    if Deadline.ADMISSION not in doing.case.deadlines:
        raise refused("not_held")
    words = doing.note("note")
    if words:
        doing.happen(EventType.ANSWERED, **words)
    doing.case = refuse(doing.making, doing.case, because("turned_away", by=doing.name(doing.command.by)))
