"""A job in one message: what and where, by when, the reporter's words and photos, and what can be done."""

from collections.abc import Sequence

from connectors.chat.conversation.case_view import MOST_PHOTOS, Notice
from connectors.chat.conversation.state import Choice
from connectors.chat.messages import Pin, SayKind
from schemas.command import Act

FOR_THE_DUTY = (Act.RESOLVE, Act.URGE, Act.WHISTLE)
"""What somebody on duty can do about another's job, as far as they may."""


def job(seen: Notice) -> None:
    """The job, if it is this person's now; else that it is no longer theirs."""
    me, case = seen.talk.knowledge.person, seen.case
    if me not in (case.assignee, case.executor, case.accountable):
        seen.tell("no_longer_yours", kind=SayKind.NEWS)
        return
    _work(seen, "job" if seen.view.due else "job_without_limit", [seen.button(Act.ACKNOWLEDGE), *_acts(seen)])


def again(seen: Notice) -> None:
    """It was not right: the job comes back with the words of the one who looked."""
    _work(seen, "rework", _acts(seen))


def instead(seen: Notice) -> None:
    """Somebody else's urgent job, for who is on duty while that person is off."""
    choices = [seen.button(act) for act in FOR_THE_DUTY if act in seen.view.may]
    _work(seen, "on_duty" if seen.view.due else "on_duty_without_limit", choices)


def instead_late(seen: Notice) -> None:
    """It is overdue."""
    choices = [seen.button(act) for act in FOR_THE_DUTY if act in seen.view.may]
    seen.tell("late", *choices, kind=SayKind.REQUEST)


def _acts(seen: Notice) -> list[Choice]:
    acts = (Act.RESOLVE, Act.RETURN, Act.REQUEST_EXTENSION, Act.HAND_ON, Act.ASK)
    return [seen.button(act) for act in acts]


def _work(seen: Notice, key: str, choices: Sequence[Choice]) -> None:
    talk, view, place = seen.talk, seen.view, seen.case.place
    pin = None
    if place is not None and place.lon is not None and place.lat is not None:
        pin = Pin(lon=place.lon, lat=place.lat, label=view.place)
    text = talk.words(
        f"notice.{key}", number=seen.case.number, title=seen.title, due=view.due, words=view.words, who=view.who,
        text=_said(seen),
        guide=talk.words("notice.how_to_lines" if "\n" in view.guide else "notice.how_to", guide=view.guide)
        if view.guide
        else "",
    )  # fmt: skip
    lines = [line for line in text.splitlines() if line.strip()]
    if view.woken:
        lines.append(talk.words(f"notice.woken.{view.woken}"))
    talk.write(
        "\n".join(lines), choices, photos=view.before[:MOST_PHOTOS], pin=pin, case=seen.case.number,
        link=talk.knowledge.page, recordings=tuple(dict.fromkeys((*view.recordings, *seen.spoken))), kind=SayKind.JOB,
    )  # fmt: skip


def _said(seen: Notice) -> str:
    view, words = seen.view, seen.talk.words
    if view.text:
        return words("notice.reporter_says", text=view.text)
    return words("notice.reporter_speaks") if view.recordings else ""
