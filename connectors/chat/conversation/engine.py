"""The conversation as three functions of what was remembered: take a message, be woken, hear of a refusal."""

from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Heard, Knowledge, Say, Turn
from connectors.chat.messages import Wrote
from connectors.intake.submission import ReportSubmission


def take(state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
    """What follows from a message."""
    match heard.incoming.content:
        case Wrote(text=text):
            return Turn(state, (ReportSubmission(id=heard.submission_id, text=text, reporter=knowledge.person),))
    return Turn(state)


def tick(state: Conversation, submission_id: str, knowledge: Knowledge) -> Turn:
    """What follows from `state.wake_ms` having passed without a word."""
    return Turn(state.model_copy(update={"wake_ms": None}))


def refused(state: Conversation, why: str, knowledge: Knowledge) -> Turn:
    """What follows when a submission was refused; `why` says in the person's language what to change."""
    return Turn(state, say=(Say(why),))
