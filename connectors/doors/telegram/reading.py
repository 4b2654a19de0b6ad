"""An update of the Bot API as an `Incoming`; pure.

Ids: a message is `CHAT/MESSAGE`, what follows from it later `CHAT/MESSAGE/UPDATE`, a press the id of its query. A
message's own number is unique in its chat only.
"""

import re
from typing import Final

from pydantic import ValidationError

from connectors.chat.messages import Content, Edited, Incoming, LeftChat, Pressed, Unreadable
from connectors.doors.telegram.contents import content_of, position
from connectors.doors.telegram.errors import NotAnUpdateError
from connectors.doors.telegram.mentions import is_addressed, words_of
from connectors.doors.telegram.shapes import (
    CallbackQuery,
    Location,
    MembershipChange,
    MessageHead,
    TelegramMessage,
    TelegramUser,
    Update,
)
from schemas.names import Language

GONE: Final = frozenset({"kicked", "left"})
PRIVATE: Final = "private"


def read_update(raw: object) -> Update:
    """An update, whatever its messages contain. Raises `NotAnUpdateError`."""
    try:
        return Update.model_validate(raw)
    except ValidationError as error:
        places = {".".join(str(each) for each in row["loc"][:3])[:80] for row in error.errors(include_input=False)}
        raise NotAnUpdateError(", ".join(sorted(places)[:5])) from None


def incoming_of(update: Update, me: TelegramUser, now_ms: int) -> Incoming | None:
    """What somebody did; None for what is nothing to us, such as a new title of a group."""
    number = update.update_id
    if update.message is not None:
        return _message(update.message, me)
    if update.edited_message is not None:
        return _edited(update.edited_message, me, number)
    if update.callback_query is not None:
        return _pressed(update.callback_query, now_ms)
    if update.my_chat_member is not None:
        return _left(update.my_chat_member, number)
    return None


def message_id(message: MessageHead) -> str:
    """How we call a message, in both directions."""
    return f"{message.chat.id}/{message.message_id}"


def language_of(code: str | None) -> Language | None:
    """`zh-hans` is Chinese, `en-GB` English; of other languages we know nothing."""
    found = re.match(r"(zh|en)\b", (code or "").lower())
    return None if found is None else Language.ZH if found[1] == "zh" else Language.EN


def _message(message: TelegramMessage, me: TelegramUser) -> Incoming | None:
    content = content_of(message, words_of(message, me))
    return None if content is None else _incoming(message, me, content, message_id(message), message.date)


def _edited(message: TelegramMessage, me: TelegramUser, number: int) -> Incoming | None:
    """A live position moves by edits of its message."""
    of = message_id(message)
    moved = (message.model_extra or {}).get("location")
    content: Content
    if moved is None:
        content = Edited(of=of, text=words_of(message, me))
    else:
        try:
            content = position(Location.model_validate(moved), live=True)
        except ValidationError:
            content = Unreadable(name="location")
    return _incoming(message, me, content, f"{of}/{number}", message.edit_date or message.date)


def _incoming(message: TelegramMessage, me: TelegramUser, content: Content, id: str, sent_s: int) -> Incoming | None:
    sender = message.sender
    if (
        sender is None or sender.is_bot or message.is_automatic_forward
    ):  # a channel, another bot, a hidden administrator
        return None
    group = message.chat.type != PRIVATE
    return Incoming(
        id=id,
        sender=str(sender.id),
        chat=str(message.chat.id),
        t_ms=sent_s * 1000,
        content=content,
        quotes=message_id(message.reply_to_message) if message.reply_to_message else "",
        forwarded=message.forward_origin is not None,
        group=group,
        addressed=not group or is_addressed(message, me),
        language=language_of(sender.language_code),
    )


def _pressed(query: CallbackQuery, now_ms: int) -> Incoming | None:
    """The query does not say when: `now_ms`. The message is the one with the button."""
    if query.message is None or query.data is None:
        return None
    chat = query.message.chat
    return Incoming(
        id=query.id,
        sender=str(query.sender.id),
        chat=str(chat.id),
        t_ms=now_ms,
        content=Pressed(value=query.data),
        quotes=message_id(query.message),
        group=chat.id != query.sender.id,
        language=language_of(query.sender.language_code),
    )


def _left(change: MembershipChange, number: int) -> Incoming | None:
    """Somebody blocked the bot. A group that removes it is no person who left."""
    if change.chat.type != PRIVATE or change.new_chat_member.status not in GONE:
        return None
    return Incoming(
        id=f"{change.chat.id}/left/{number}",
        sender=str(change.sender.id),
        chat=str(change.chat.id),
        t_ms=change.date * 1000,
        content=LeftChat(),
        language=language_of(change.sender.language_code),
    )
