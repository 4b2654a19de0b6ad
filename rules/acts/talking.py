"""Acts that only say something: ask, answer, urge."""

from rules.acts.doing import Doing, refused
from rules.acts.handling import accepted, resolved
from schemas.command import Outcome
from schemas.event import EventType
from schemas.report import ReportKind


def ask(doing: Doing) -> None:
    """The assignee asks the reporter; relayed, no numbers shown."""
    if not doing.command.note:
        raise refused("words_needed")
    doing.happen(EventType.ASKED, **{**doing.note("ask"), **accepted(doing)})


def answer(doing: Doing) -> None:
    """The reporter answers; or the assignee answers a question, which resolves it."""
    if not doing.command.note and not doing.command.photos:
        raise refused("words_needed")
    if doing.as_assignee and doing.case.kind is ReportKind.QUESTION:
        resolved(doing, Outcome.FIXED, doing.note("answer"))
        return
    doing.happen(EventType.ANSWERED, **doing.note("answer"))


def urge(doing: Doing) -> None:
    """督办: somebody above wants it sooner. Moves no clock."""
    doing.happen(EventType.URGED, **doing.note("note"), urged=doing.case.urged + 1)
