"""What people hear of what happened to a case: two messages by default, a third only when something is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from connectors.chat.conversation.state import Asking, Choice, Conversation, Verb
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Knowledge, Turn
from connectors.chat.messages import Pin
from connectors.replies.reply import Reply
from schemas.case import Case
from schemas.command import Act, Outcome
from schemas.event import EventType
from schemas.names import Name

MOST_PHOTOS: Final = 3


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it was right after the event, with what the log's events do not carry. Words are in their language."""

    case: Case
    text: str = ""
    """What the reporter wrote."""
    category: Name | None = None
    place: str = ""
    """The place in the region's words."""
    guide: str = ""
    """The handling guide of the list item."""
    before: tuple[str, ...] = ()
    """Digests of the reporter's photos."""
    after: tuple[str, ...] = ()
    """Digests of the latest after-photos."""
    words: str = ""
    """The words that came with this event: a question, an answer, a reason."""
    who: str = ""
    """The name of the person who has the job now."""
    due: str = ""
    """By when it is to be done, as people say it: "today 11:21"."""
    took: str = ""
    """How long it took from the report to the last "done"; empty before."""


class Notice:
    """One event as one person sees it."""

    def __init__(self, talk: Talk, reply: Reply, view: CaseView) -> None:
        self.talk, self.reply, self.view = talk, reply, view
        self.case, self.event = view.case, reply.event

    @property
    def mine(self) -> bool:
        """Whether the person did it."""
        return self.event.by == self.talk.knowledge.person

    @property
    def reason(self) -> str:
        """The sentence of the decision."""
        because = self.event.because
        return "" if because is None else Name(zh=because.zh, en=because.en).to(self.talk.knowledge.language)

    @property
    def title(self) -> str:
        """What and where, in few words."""
        what = self.view.category.to(self.talk.knowledge.language) if self.view.category else ""
        return " · ".join(part for part in (what, self.view.place) if part) or self.case.number

    def button(self, act: Act, **known: object) -> Choice:
        """A choice that begins an act on this case."""
        label = self.talk.words(f"button.{act}")
        return Choice(label=label, verb=Verb.ACT, case=self.case.number, act=act).model_copy(update=known)

    def tell(self, key: str, *choices: Choice, photos: tuple[str, ...] = (), pin: Pin | None = None) -> None:
        """Say a sentence about the case."""
        view, case = self.view, self.case
        text = self.talk.words(
            f"notice.{key}", number=case.number, title=self.title, who=view.who, due=view.due, took=view.took,
            reason=self.reason, words=view.words,
        )  # fmt: skip
        lines = [line for line in text.splitlines() if line.strip()]
        shown = photos[:MOST_PHOTOS]
        self.talk.write("\n".join(lines), choices, photos=shown, pin=pin, case=case.number)


def notice(state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
    """What to say about an event to this person, and the state after it; often nothing: it is not worth a message."""
    talk = Talk(state, knowledge, reply.id)
    seen = Notice(talk, reply, view)
    handles = reply.recipient.to != "reporter"
    table = TO_HANDLERS if handles else TO_REPORTERS
    say = (TO_ACTORS if reply.event.type in TO_ACTORS else table).get(reply.event.type)
    if say is not None:
        say(seen)
    turn = talk.turn()
    if turn.say and state.awaited:
        talk.put(awaited="")
        turn = talk.turn()
    return turn


# to reporters


def _receipt(seen: Notice) -> None:
    """Who has it and by when; only the first time, unless somebody waits for the answer to what they did."""
    if seen.case.hops == 0 and seen.case.reopenings == 0:
        seen.tell("receipt" if seen.view.due else "receipt_without_limit")


def _question(seen: Notice) -> None:
    """Which place, or: what is missing."""
    talk, trouble, report = seen.talk, seen.case.trouble, seen.case.report
    choices = [
        Choice(
            label=each.label, verb=Verb.HERE, report=report, code=each.code, lon=each.lon, lat=each.lat,
            address=each.label if each.lon is None else "",
        )
        for each in (trouble.candidates if trouble else ())
    ]  # fmt: skip
    if choices:
        choices.append(Choice(label=talk.words("button.elsewhere"), verb=Verb.ELSEWHERE, report=report))
    talk.ask(Asking.PLACE, Choice(label="", verb=Verb.HERE, report=report, case=seen.case.number))
    seen.tell("which_place" if choices else "needs_information", *choices)


def _merged(seen: Notice) -> None:
    seen.tell("merged", seen.button(Act.SPLIT))


def _result(seen: Notice) -> None:
    if seen.mine:
        return
    both = (seen.button(Act.VERIFY), seen.button(Act.REJECT))
    found = seen.case.outcome is Outcome.NOTHING_FOUND
    seen.tell("nothing_found" if found else "result", *both, photos=seen.view.after)


def _closed(seen: Notice) -> None:
    """Their own word is confirmed; what they heard nothing of yet, they hear now."""
    if seen.case.self_handled:
        seen.tell("self_handled")
    elif seen.case.outcome is Outcome.WITHDRAWN:
        seen.tell("withdrawn")
    elif seen.mine:
        seen.tell("closed_by_you")
    elif seen.case.resolved_ms is None:
        seen.tell("closed")


def _asked(seen: Notice) -> None:
    seen.talk.ask(Asking.WORDS, seen.button(Act.ANSWER))
    seen.tell("asked", photos=seen.view.after[:0])


def _plain(key: str) -> Callable[[Notice], None]:
    return lambda seen: seen.tell(key)


def _if_mine(key: str) -> Callable[[Notice], None]:
    def say(seen: Notice) -> None:
        if seen.mine:
            seen.tell(key)

    return say


def _unless_mine(key: str) -> Callable[[Notice], None]:
    def say(seen: Notice) -> None:
        if not seen.mine:
            seen.tell(key)

    return say


TO_REPORTERS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.DISPATCHED: _receipt,
    EventType.OFFERED: _plain("offered"),
    EventType.ADMISSION_REQUESTED: _plain("being_decided"),
    EventType.INFORMATION_NEEDED: _question,
    EventType.REMINDED: _question,
    EventType.MERGED: _merged,
    EventType.REFUSED: _plain("refused"),
    EventType.RESOLVED: _result,
    EventType.REWORK_ORDERED: _if_mine("sent_back"),
    EventType.CLOSED: _closed,
    EventType.REOPENED: _if_mine("reopened"),
    EventType.ASKED: _asked,
    EventType.SPLIT: _if_mine("split"),
    EventType.RATED: _if_mine("rated"),
    EventType.ANSWERED: _if_mine("passed_on"),
    EventType.SUPPLIED: _if_mine("supplied"),
    EventType.URGED: _if_mine("passed_on"),
    EventType.CORRECTED: _if_mine("corrected"),
    EventType.TEXT_ERASED: _if_mine("erased"),
}
"""What is not named is under "my reports"."""


# to those who handle a case


def _job(seen: Notice) -> None:
    """The job, if it is this person's now; else that it is no longer theirs."""
    me, case = seen.talk.knowledge.person, seen.case
    if me not in (case.assignee, case.executor, case.accountable):
        seen.tell("no_longer_yours")
        return
    _work(seen, "job" if seen.view.due else "job_without_limit", Act.ACKNOWLEDGE)


def _work(seen: Notice, key: str, *first: Act) -> None:
    talk, view, place = seen.talk, seen.view, seen.case.place
    acts = [*first, Act.RESOLVE, Act.RETURN, Act.REQUEST_EXTENSION, Act.HAND_ON, Act.ASK]
    pin = None
    if place is not None and place.lon is not None and place.lat is not None:
        pin = Pin(lon=place.lon, lat=place.lat, label=view.place)
    text = talk.words(
        f"notice.{key}", number=seen.case.number, title=seen.title, due=view.due, words=view.words,
        text=talk.words("notice.reporter_says", text=view.text) if view.text else "",
        guide=talk.words("notice.how_to", guide=view.guide) if view.guide else "",
    )  # fmt: skip
    lines = [line for line in text.splitlines() if line.strip()]
    choices = [seen.button(act) for act in acts]
    talk.write(
        "\n".join(lines), choices, photos=view.before[:MOST_PHOTOS], pin=pin, case=seen.case.number,
        link=talk.knowledge.page,
    )  # fmt: skip


def _again(seen: Notice) -> None:
    """It was not right: the job comes back with the words of the one who looked."""
    _work(seen, "rework")


TO_HANDLERS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.DISPATCHED: _job,
    EventType.HANDED_ON: _job,
    EventType.TAKEN_OVER: _job,
    EventType.RETURNED: _if_mine("returned"),
    EventType.ACKNOWLEDGED: _if_mine("acknowledged"),
    EventType.RESOLVED: _if_mine("resolved"),
    EventType.REWORK_ORDERED: _again,
    EventType.REOPENED: _again,
    EventType.CLOSED: _unless_mine("verified"),
    EventType.URGED: _unless_mine("urged"),
    EventType.ANSWERED: _unless_mine("answered"),
    EventType.SUPPLIED: _unless_mine("answered"),
    EventType.ASKED: _if_mine("passed_on"),
    EventType.PAUSE_REQUESTED: _if_mine("requested"),
    EventType.EXTENSION_REQUESTED: _if_mine("requested"),
    EventType.SUSPENDED: _plain("suspended"),
    EventType.EXTENDED: _plain("extended"),
    EventType.REQUEST_DENIED: _plain("denied"),
    EventType.RESUMED: _plain("resumed"),
    EventType.DEADLINE_MISSED: _plain("late"),
    EventType.RAISED: _if_mine("raised"),
    EventType.CONTACTED: _if_mine("contacted"),
    EventType.MERGED: _plain("job_merged"),
}


def _act_refused(seen: Notice) -> None:
    seen.tell("act_refused")


TO_ACTORS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.ACTION_REFUSED: _act_refused,
    EventType.COMMAND_PARKED: _plain("act_parked"),
}
