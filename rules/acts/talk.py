"""Acts that only say something: ask, answer, urge."""

from rules.acts.act_context import Doing, refused
from rules.acts.correct import found_place
from rules.acts.handle import accepted, resolved
from rules.cases.waiting import supplied
from schemas.case import WORKING, State
from schemas.command import Outcome
from schemas.event import EventType
from schemas.report import ReportKind


def ask(doing: Doing) -> None:
    """The assignee asks the reporter; relayed, no numbers shown."""
    if not doing.command.note:
        raise refused("words_needed")
    change = {**doing.note("ask"), **accepted(doing)}
    doing.happen(EventType.ASKED, **change)


def answer(doing: Doing) -> None:
    """The reporter answers, which may be what a waiting report lacked; an assignee's answer resolves a question."""
    command, case = doing.command, doing.case
    if case.state is State.NEEDS_INFORMATION:
        place = found_place(doing)
        if not command.note and not command.photos and place is None:
            raise refused("words_needed")
        supplied(doing.making, case, text=command.note, photos=command.photos, place=place, at_ms=doing.occurred_ms)
        return
    if not command.note and not command.photos:
        raise refused("words_needed")
    if doing.as_assignee and case.kind is ReportKind.QUESTION and case.state in ANSWERABLE:
        resolved(doing, Outcome.FIXED, "answer")
        return
    change = {**doing.note("answer"), **accepted(doing)}
    doing.happen(EventType.ANSWERED, **change)


def urge(doing: Doing) -> None:
    """督办: somebody above wants it sooner. Moves no clock."""
    doing.happen(EventType.URGED, **doing.note("note"), urged=doing.case.urged + 1)


ANSWERABLE = WORKING | {State.SUSPENDED}
"""States in which an answer resolves a question."""
