"""The conversation as three functions of what was remembered: take a message, be woken, hear of a refusal."""

from connectors.chat.conversation import lists, reporting
from connectors.chat.conversation.choices import pressed
from connectors.chat.conversation.choosing import chosen
from connectors.chat.conversation.commands import invitation_in
from connectors.chat.conversation.drafts import MOST_TEXT
from connectors.chat.conversation.hearing import edited, media, position, withdrawn, wrote
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Heard, Knowledge, Turn
from connectors.chat.messages import (
    Edited,
    Incoming,
    JoinedChat,
    LeftChat,
    Pressed,
    SentMedia,
    SharedPosition,
    Withdrawn,
    Wrote,
)  # fmt: skip


def invitation(incoming: Incoming) -> str:
    """The token of an invitation that a message carries, or ""."""
    match incoming.content:
        case JoinedChat(invitation=token):
            return token
        case Wrote(text=text):
            return invitation_in(text)
    return ""


def take(state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
    """What follows from a message."""
    talk = Talk(state, knowledge, heard.submission_id)
    if heard.invitation == "unknown":
        talk.say("invitation.unknown")
    elif heard.invitation:
        lists.help_(talk, talk.words(f"invitation.{heard.invitation}"))
    elif _words_in(heard.incoming) > MOST_TEXT:
        talk.say("too_long", limit=MOST_TEXT)
    else:
        _take(talk, heard.incoming)
    return talk.turn()


def _words_in(incoming: Incoming) -> int:
    """Characters that somebody wrote or said."""
    match incoming.content:
        case Wrote(text=text) | Edited(text=text):
            return len(text)
        case SentMedia(text=text, media=media):
            return max(len(text), len(media.transcript))
    return 0


def _take(talk: Talk, incoming: Incoming) -> None:
    match incoming.content:
        case Wrote(text=text):
            wrote(talk, incoming, text)
        case SentMedia():
            media(talk, incoming, incoming.content)
        case SharedPosition():
            position(talk, incoming, incoming.content)
        case Pressed(value=value):
            choice = pressed(talk.state, value)
            if choice is None:
                talk.say("old_button")
            else:
                chosen(talk, choice)
        case Edited(of=of, text=text):
            edited(talk, of, text)
        case Withdrawn(of=of):
            withdrawn(talk, of)
        case JoinedChat():
            lists.help_(talk, talk.words("welcome"))
        case LeftChat():
            pass
        case _:
            talk.say("unreadable")


def tick(state: Conversation, submission_id: str, knowledge: Knowledge) -> Turn:
    """What follows from `state.wake_ms` having passed without a word."""
    talk = Talk(state, knowledge, submission_id)
    talk.put(wake_ms=None)
    if state.draft:
        reporting.wake(talk)
    elif state.awaited:
        talk.put(awaited="")
        if state.awaited == state.report:
            talk.say("safe", number=state.report)
        else:
            talk.say("noted")
    return talk.turn()


def refused(state: Conversation, why: str, knowledge: Knowledge, submission_id: str) -> Turn:
    """What follows when a submission was refused; `why` says in the person's language what to change.

    `state` is the one before the turn that was refused, so nothing of a draft is lost.
    """
    talk = Talk(state, knowledge, f"{submission_id}-no")
    talk.put(wake_ms=None)
    talk.write(why)
    if talk.state.draft:
        reporting.ask_to_submit(talk)
    return talk.turn()
