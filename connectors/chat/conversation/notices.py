"""What people hear of what happened to a case: two messages by default, a third only when something is needed."""

from collections.abc import Callable
from typing import Final

from connectors.chat.conversation.case_view import CaseView, Notice
from connectors.chat.conversation.job_messages import again, instead, instead_late, job
from connectors.chat.conversation.state import Asking, Choice, Conversation, Verb
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Knowledge, Turn
from connectors.chat.messages import SayKind
from connectors.replies.relief import PASSED
from connectors.replies.reply import Reply, ReplyTo
from schemas.command import Act, Outcome
from schemas.event import EventType

__all__ = ["TO_REPORTERS", "CaseView", "notice"]


def notice(state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
    """What to say about an event to this person, and the state after it; often nothing: it is not worth a message."""
    talk = Talk(state, knowledge, reply.id)
    seen = Notice(talk, reply, view)
    to = reply.recipient.to
    if to == "reporter" and knowledge.person in (view.case.assignee, view.case.executor):
        to = "assignee"  # their own report became their job
    table = TO_ACTORS if reply.event.type in TO_ACTORS else TABLES[to]
    say = table.get(reply.event.type)
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
    missing = "needs_information" if talk.knowledge.positions else "needs_information.typed"
    seen.tell("which_place" if choices else missing, *choices)


def _merged(seen: Notice) -> None:
    seen.tell("merged", seen.button(Act.SPLIT))


def _result(seen: Notice) -> None:
    if seen.mine:
        return
    both = (seen.button(Act.VERIFY), seen.button(Act.REJECT))
    found = seen.case.outcome is Outcome.NOTHING_FOUND
    key = "nothing_found" if found else "result"
    seen.tell(key, *both, photos=seen.view.after, kind=SayKind.VERIFY)


def _closed(seen: Notice) -> None:
    """Their own word is confirmed; what they heard nothing of yet, they hear now."""
    if seen.case.self_handled:
        seen.tell("self_handled")
    elif seen.case.outcome is Outcome.WITHDRAWN:
        seen.tell("withdrawn")
    elif seen.mine:
        seen.tell("closed_by_you")
    elif seen.case.resolved_ms is None and seen.case.master is None:
        seen.tell("closed")


def _supplied(seen: Notice) -> None:
    """An addition to a case that is worked on; what a waiting report lacked is answered by its receipt."""
    dispatched_ms = seen.case.dispatched_ms
    if seen.mine and dispatched_ms is not None and dispatched_ms < seen.event.t_ms:
        seen.tell("supplied")


def _asked(seen: Notice) -> None:
    seen.talk.ask(Asking.WORDS, seen.button(Act.ANSWER))
    seen.tell("asked", kind=SayKind.REQUEST)


def _plain(key: str, kind: SayKind | None = None) -> Callable[[Notice], None]:
    return lambda seen: seen.tell(key, kind=kind)


def _news(key: str) -> Callable[[Notice], None]:
    """Good to know, unless they did it themselves; nothing is needed of them."""

    def say(seen: Notice) -> None:
        if not seen.mine:
            seen.tell(key, kind=SayKind.NEWS)

    return say


def _if_mine(key: str) -> Callable[[Notice], None]:
    def say(seen: Notice) -> None:
        if seen.mine:
            seen.tell(key)

    return say


def _unless_mine(key: str, kind: SayKind | None = None) -> Callable[[Notice], None]:
    def say(seen: Notice) -> None:
        if not seen.mine:
            seen.tell(key, kind=kind)

    return say


TO_REPORTERS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.DISPATCHED: _receipt,
    EventType.OFFERED: _plain("offered"),
    EventType.ADMISSION_REQUESTED: _plain("being_decided"),
    EventType.INFORMATION_NEEDED: _question,
    EventType.REMINDED: _question,
    EventType.MERGED: _merged,
    EventType.REFUSED: _plain("refused", SayKind.REFUSAL),
    EventType.RESOLVED: _result,
    EventType.REWORK_ORDERED: _if_mine("sent_back"),
    EventType.CLOSED: _closed,
    EventType.REOPENED: _if_mine("reopened"),
    EventType.ASKED: _asked,
    EventType.SPLIT: _if_mine("split"),
    EventType.RATED: _if_mine("rated"),
    EventType.ANSWERED: _if_mine("passed_on"),
    EventType.SUPPLIED: _supplied,
    EventType.URGED: _if_mine("passed_on"),
    EventType.CORRECTED: _if_mine("corrected"),
    EventType.TEXT_ERASED: _if_mine("erased"),
}
"""What is not named is under "my reports"."""


# to those who handle a case


TO_HANDLERS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.DISPATCHED: job,
    EventType.HANDED_ON: job,
    EventType.TAKEN_OVER: job,
    EventType.RETURNED: _if_mine("returned"),
    EventType.ACKNOWLEDGED: _if_mine("acknowledged"),
    EventType.RESOLVED: _if_mine("resolved"),
    EventType.REWORK_ORDERED: again,
    EventType.REOPENED: again,
    EventType.CLOSED: _news("verified"),
    EventType.URGED: _unless_mine("urged", SayKind.REQUEST),
    EventType.ANSWERED: _unless_mine("answered"),
    EventType.SUPPLIED: _unless_mine("answered"),
    EventType.ASKED: _if_mine("passed_on"),
    EventType.PAUSE_REQUESTED: _if_mine("requested"),
    EventType.EXTENSION_REQUESTED: _if_mine("requested"),
    EventType.SUSPENDED: _plain("suspended"),
    EventType.EXTENDED: _plain("extended"),
    EventType.REQUEST_DENIED: _plain("denied", SayKind.REFUSAL),
    EventType.RESUMED: _plain("resumed"),
    EventType.DEADLINE_MISSED: _plain("late"),
    EventType.RAISED: _if_mine("raised"),
    EventType.CONTACTED: _if_mine("contacted"),
    EventType.MERGED: _news("job_merged"),
}


def _act_refused(seen: Notice) -> None:
    seen.tell("act_refused", kind=SayKind.REFUSAL)


TO_ACTORS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.ACTION_REFUSED: _act_refused,
    EventType.COMMAND_PARKED: _plain("act_parked", SayKind.REFUSAL),
}


# to those who decide, are called, or watch


def _decide(seen: Notice) -> None:
    request = seen.case.request
    if request is None:
        return
    asked = seen.talk.words(f"notice.request.{request.kind}", n=request.hours)
    text = seen.talk.words(
        "notice.decide", title=seen.title, number=seen.case.number, who=seen.view.who, asked=asked,
        words=seen.view.words, due=seen.view.due,
    )  # fmt: skip
    both = [seen.button(Act.APPROVE), seen.button(Act.DENY)]
    lines = [line for line in text.splitlines() if line.strip()]
    seen.talk.write("\n".join(lines), both, case=seen.case.number, recordings=seen.spoken, kind=SayKind.REQUEST)


def _admit(seen: Notice) -> None:
    seen.tell("admit", seen.button(Act.ADMIT), seen.button(Act.TURN_AWAY))


def _called(seen: Notice) -> None:
    seen.tell("called", seen.button(Act.SIGN), seen.button(Act.ATTEND), photos=seen.view.before)


def _rate(seen: Notice) -> None:
    department = str(seen.event.facts.get("department", ""))
    seen.tell("reported_in", seen.button(Act.RATE_REPORT_IN, person=department), kind=SayKind.NEWS)


def _escalated(seen: Notice) -> None:
    """What is urgent wakes whoever is on duty; the rest waits for the morning."""
    kind = SayKind.NOTICE if seen.case.urgent_by else SayKind.NEWS
    seen.tell("escalated", seen.button(Act.URGE), seen.button(Act.WHISTLE), kind=kind)


_REQUESTS: Final[dict[EventType, Callable[[Notice], None]]] = {
    EventType.PAUSE_REQUESTED: _decide,
    EventType.EXTENSION_REQUESTED: _decide,
    EventType.ADMISSION_REQUESTED: _admit,
}
TABLES: Final[dict[ReplyTo, dict[EventType, Callable[[Notice], None]]]] = {
    "reporter": TO_REPORTERS,
    "follower": {EventType.RESOLVED: _result, EventType.REFUSED: _plain("refused", SayKind.REFUSAL)},
    "assignee": TO_HANDLERS,
    "executor": TO_HANDLERS,
    "decider": _REQUESTS,
    "superior": {EventType.ESCALATED: _escalated},
    "officer": {EventType.WHISTLED: _called},
    "evaluator": {EventType.REPORTED_IN: _rate},
    "on_duty": {
        **dict.fromkeys(PASSED, instead),
        EventType.DEADLINE_MISSED: instead_late,
    },
    "off_duty": TO_HANDLERS,
}
"""Who hears what, by what they are to the case."""
