"""What people hear of what happened to a case: two messages by default, a third only when something is needed."""

from dataclasses import dataclass

from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Knowledge, Say, Turn
from connectors.replies.reply import Reply
from schemas.case import Case
from schemas.names import Name


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it was right after the event, with what the log's events do not carry."""

    case: Case
    text: str = ""
    """What the reporter wrote."""
    category: Name | None = None
    place: str = ""
    """The place in the region's words, in the person's language."""
    guide: str = ""
    """The handling guide of the list item, in the person's language."""
    before: tuple[str, ...] = ()
    """Digests of the reporter's photos."""
    after: tuple[str, ...] = ()
    """Digests of the latest after-photos."""
    words: str = ""
    """The words that came with this event: a question, an answer, a reason."""
    who: str = ""
    """The name of the person who has the job now."""


def notice(state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
    """What to say about an event to this person, and the state after it; often nothing: it is not worth a message."""
    return Turn(state, say=(Say(str(reply.event.type), case=reply.case),))
