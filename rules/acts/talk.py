"""Acts that only pass on words: ask, answer, urge."""

from rules.acts.act_context import ActContext, refused
from rules.acts.correct import found_place
from rules.acts.handle import accepted, resolved
from rules.cases.waiting import supplied
from schemas.case import WORKING, State
from schemas.command import Outcome
from schemas.event import EventType
from schemas.report import ReportKind


def ask(act: ActContext) -> None:
    """The assignee asks the reporter; the question is relayed without telephone numbers."""
    if not act.command.note:
        raise refused("words_needed")
    change = {**act.note("ask"), **accepted(act)}
    act.happen(EventType.ASKED, **change)


def answer(act: ActContext) -> None:
    """The reporter answers, perhaps with what a waiting report lacked; an assignee's answer resolves a question."""
    command, case = act.command, act.case
    if case.state is State.NEEDS_INFORMATION:
        place = found_place(act)
        if not command.says_something and place is None:
            raise refused("words_needed")
        supplied(
            act.builder, case, text=command.note, photos=command.photos, recordings=command.recordings, place=place,
            at_ms=act.occurred_ms,
        )  # fmt: skip
        return
    if not command.says_something:
        raise refused("words_needed")
    if act.as_assignee and case.kind is ReportKind.QUESTION and case.state in ANSWERABLE:
        resolved(act, Outcome.FIXED, "answer")
        return
    change = {**act.note("answer"), **accepted(act)}
    act.happen(EventType.ANSWERED, **change)


def urge(act: ActContext) -> None:
    """Urge 督办: a superior wants it done sooner. Moves no clock."""
    act.happen(EventType.URGED, **act.note("note"), urged=act.case.urged + 1)


ANSWERABLE = WORKING | {State.SUSPENDED}
"""States in which an answer resolves a question."""
