"""What somebody hears when their quiet time ends: one digest of what changed, then each piece of work that is still
theirs. What is over or replaced by then is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.lists import ONLY_REPORTING
from connectors.chat.conversation.notices import notice
from connectors.chat.conversation.quiet_hours import WORK
from connectors.chat.conversation.state import Choice, Conversation, Verb
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Knowledge, Say, Turn
from connectors.chat.messages import SayKind
from connectors.replies.recipients import HANDLERS
from connectors.replies.reply import Reply, ReplyTo
from schemas.case import WORKING, Case, Deadline, State
from schemas.event import EventType

MOST_LINES: Final = 12
_HANDLERS: Final = frozenset[ReplyTo]({*HANDLERS, "off_duty"})
_SETTLED: Final = WORKING | {State.SUSPENDED}
"""States in which whoever has a case still has something to do with it."""
_FIRST: Final = frozenset({EventType.DISPATCHED, EventType.HANDED_ON, EventType.TAKEN_OVER})
"""With which somebody first hears of a job: who did not hear of it, does not hear that it is over."""
_CHANGES: Final = frozenset(
    {EventType.SUSPENDED, EventType.RESUMED, EventType.EXTENDED, EventType.DEADLINE_MISSED, EventType.ESCALATED}
)
"""Of these about one case, the last one says it all."""

_ASKS: Final[dict[EventType, Callable[[Case], bool]]] = {
    EventType.PAUSE_REQUESTED: lambda case: case.request is not None,
    EventType.EXTENSION_REQUESTED: lambda case: case.request is not None,
    EventType.ADMISSION_REQUESTED: lambda case: Deadline.ADMISSION in case.deadlines,
    EventType.ESCALATED: lambda case: case.state in _SETTLED,
    EventType.WHISTLED: lambda case: case.state in _SETTLED | {State.RETURNED, State.RESOLVED},
}
"""Whether what somebody was asked or warned of, who does not handle the case, is still open."""


@dataclass(frozen=True, slots=True)
class PostponedReply:
    """A reply that waits; `kind` is that of its message when it came."""

    reply: Reply
    kind: SayKind


@dataclass(frozen=True, slots=True)
class Morning:
    """A reply whose time has come, and its case as it is now."""

    waiting: PostponedReply
    view: CaseView

    @property
    def case(self) -> Case:
        """As it is now."""
        return self.view.case

    @property
    def type(self) -> EventType:
        """What happened."""
        return self.waiting.reply.event.type

    @property
    def is_work(self) -> bool:
        """Whether something was needed of the person."""
        return self.waiting.kind in WORK


def digest(state: Conversation, mornings: Sequence[Morning], knowledge: Knowledge, source: str) -> Turn:
    """What is said of all that waited, oldest first; nothing where nothing of it matters any more."""
    left = current(mornings, knowledge.called)
    gathered = [each for each in left if not each.is_work]
    said: list[Say] = []
    if gathered:
        turn = _digest(state, gathered, knowledge, source)
        state, said = turn.state, [*turn.say]
    for each in (each for each in left if each.is_work):
        turn = notice(state, each.waiting.reply, each.view, knowledge)
        state, said = turn.state, [*said, *turn.say]
    return Turn(state, say=tuple(said))


def current(mornings: Sequence[Morning], called: Sequence[str]) -> list[Morning]:
    """What of it still matters to the person of these names."""
    unheard = {each.case.number for each in mornings if each.type in _FIRST and each.is_work and _is_over(each, called)}
    return [
        each
        for n, each in enumerate(mornings)
        if not _is_over(each, called)
        and not _is_replaced(each, mornings[n + 1 :])
        and not (each.case.number in unheard and _as_handler(each))
    ]


def _is_over(each: Morning, called: Sequence[str]) -> bool:
    case = each.case
    if not _as_handler(each):
        asks = _ASKS.get(each.type)
        return asks is not None and not asks(case)
    if each.waiting.kind is SayKind.NEWS:  # an end, or a loss, unless it was undone
        return (each.type in _FIRST or case.state in WORKING) and _is_theirs(case, called)
    return case.state not in _SETTLED or not _is_theirs(case, called)


def _is_replaced(each: Morning, later: Sequence[Morning]) -> bool:
    """Whether a later one of the same case says the same, or more: the last job, the last change."""
    same = [other for other in later if other.case.number == each.case.number]
    if each.waiting.kind is SayKind.JOB:
        return any(other.waiting.kind is SayKind.JOB for other in same)
    group = _CHANGES if each.type in _CHANGES else frozenset({each.type})
    return any(other.type in group and other.is_work is each.is_work for other in same)


def _as_handler(each: Morning) -> bool:
    return each.waiting.reply.recipient.to in _HANDLERS


def _is_theirs(case: Case, called: Sequence[str]) -> bool:
    return not {case.assignee, case.executor, case.accountable}.isdisjoint(called)


def _digest(state: Conversation, gathered: Sequence[Morning], knowledge: Knowledge, source: str) -> Turn:
    """One message of several; a single one is what it would have been."""
    said = [(each, say) for each in gathered for say in _lone(each, knowledge).say]
    talk = Talk(state, knowledge, source)
    if len(said) == 1:
        return notice(state, said[0][0].waiting.reply, said[0][0].view, knowledge)
    lines = [_line(talk, say) for _, say in said[:MOST_LINES]]
    if len(said) > MOST_LINES:
        lines.append(talk.words("list.more", n=len(said) - MOST_LINES))
    handles = bool(knowledge.roles - ONLY_REPORTING)
    verb, button = (Verb.JOBS, "button.jobs") if handles else (Verb.REPORTS, "button.reports")
    talk.write(
        "\n".join([talk.words("digest.title", n=len(said)), *lines]), [Choice(label=talk.words(button), verb=verb)],
        link=knowledge.page, kind=SayKind.DIGEST,
    )  # fmt: skip
    return talk.turn()


def _lone(each: Morning, knowledge: Knowledge) -> Turn:
    """What one of them would say alone."""
    return notice(Conversation(), each.waiting.reply, each.view, knowledge)


def _line(talk: Talk, say: Say) -> str:
    """Its first line, with the number of the case."""
    first = say.text.partition("\n")[0]
    key = "digest.line" if say.case in first else "digest.line_of_case"
    return talk.words(key, text=first, number=say.case)
