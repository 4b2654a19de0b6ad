"""What people look up: their reports, their jobs, and what can be done here."""

from collections.abc import Sequence
from typing import Final

from connectors.chat.conversation import signing_in
from connectors.chat.conversation.state import Choice, Verb
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Job
from schemas.case import WORKING
from schemas.command import Act
from schemas.people import Role

SHOWN: Final = 5
ONLY_REPORTING: Final = frozenset({Role.RESIDENT, Role.VOLUNTEER})


def reports(talk: Talk) -> None:
    """What the person reported, newest first, and what became of it."""
    _listed(talk, "reports", talk.knowledge.reports)


def jobs(talk: Talk) -> None:
    """What the person has to do, and what waits for their word."""
    known = talk.knowledge
    waiting = {job.case.number for job in known.jobs}
    every = (*known.jobs, *(job for job in known.verifying if job.case.number not in waiting))
    done = [
        Choice(label=talk.words("button.done", title=job.title), verb=Verb.ACT, case=job.case.number, act=Act.RESOLVE)
        for job in known.jobs[:SHOWN]
        if job.case.state in WORKING
    ]
    _listed(talk, "jobs", every, done)


def help_(talk: Talk, first: str = "") -> None:
    """What can be done here, after a `first` sentence; for those who handle cases a line more."""
    handles = bool(talk.knowledge.jobs) or bool(talk.knowledge.roles - ONLY_REPORTING)
    choices = [Choice(label=talk.words("button.reports"), verb=Verb.REPORTS)]
    if handles:
        choices.append(Choice(label=talk.words("button.jobs"), verb=Verb.JOBS))
    choices.append(Choice(label=talk.words("button.language"), verb=Verb.LANGUAGE))
    text = talk.words("help.handler" if handles else "help.reporter")
    if signing_in.can(talk):
        text = f"{text}\n{talk.words('help.sign_in')}"
        choices.append(Choice(label=talk.words("button.sign_in"), verb=Verb.SIGN_IN))
    talk.write(f"{first}\n\n{text}" if first else text, choices)


def _listed(talk: Talk, name: str, every: Sequence[Job], choices: Sequence[Choice] = ()) -> None:
    if not every:
        talk.say(f"{name}.none")
        return
    lines = [talk.words(f"{name}.title", n=len(every))]
    lines += [_line(talk, job) for job in every[:SHOWN]]
    if len(every) > SHOWN:
        lines.append(talk.words("list.more", n=len(every) - SHOWN))
    talk.write("\n".join(lines), choices, link=talk.knowledge.page)


def _line(talk: Talk, job: Job) -> str:
    state = talk.shared(f"state.{job.case.state}")
    return talk.words("list.line", title=job.title, state=state, number=job.case.number)
