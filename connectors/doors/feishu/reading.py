"""An event of Feishu as what somebody did. Total: any JSON; pure.

Ids: a message has its own, `om_...`, which answers and withdrawals name; further parts of a post are `om_.../1` and so
on; anything else has the id of its event. A person is an open id, `ou_...`, and so is the private chat with them; a
group is `oc_...`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.chat.json_values import mapping_of, text_of
from connectors.chat.messages import Content, Incoming, JoinedChat, LeftChat, Pressed
from connectors.doors.feishu.contents import contents_of, mentions_of
from connectors.doors.feishu.errors import UnreadableEventError
from schemas.datum import Datum

MESSAGE: Final = "im.message.receive_v1"
RECALLED: Final = "im.message.recalled_v1"
PRESSED: Final = "card.action.trigger"
ENTERED: Final = "im.chat.access_event.bot_p2p_chat_entered_v1"
ADDED: Final = "im.chat.member.bot.added_v1"
REMOVED: Final = frozenset({"im.chat.member.bot.deleted_v1", "im.chat.disbanded_v1"})
GROUP: Final = "oc_"
LATEST_MS: Final = 10**13


@dataclass(frozen=True, slots=True)
class FeishuEvent:
    """One event."""

    id: str
    kind: str
    t_ms: int
    fields: Mapping[str, Any]

    @property
    def needs_us(self) -> bool:
        """Whether it can be read only when the bot's open id is known: somebody is named in a group."""
        message = mapping_of(self.fields.get("message"))
        return self.kind == MESSAGE and message.get("chat_type") != "p2p" and bool(message.get("mentions"))


def read_event(raw: object, now_ms: int) -> FeishuEvent:
    """The head of an event of version 2. Raises `UnreadableEventError`."""
    event = mapping_of(raw)
    head = mapping_of(event.get("header"))
    id, kind = text_of(head.get("event_id"), 200).strip(), text_of(head.get("event_type"), 200)
    if not id or not kind:
        raise UnreadableEventError("no event id, or no type")
    return FeishuEvent(id, kind, _time_ms(head.get("create_time"), now_ms), mapping_of(event.get("event")))


def incoming_of(event: FeishuEvent, me: str, datum: Datum) -> list[Incoming]:
    """What somebody did; nothing for what is nothing to us. A withdrawal is read by `recalls`, as it names nobody."""
    fields = event.fields
    chat, who = text_of(fields.get("chat_id"), 200).strip(), _open_id(fields.get("operator_id"))
    if event.kind == MESSAGE:
        return _message(event, me, datum)
    if event.kind == PRESSED:
        return _pressed(event)
    if event.kind == ENTERED and who and not fields.get("last_message_id"):  # it comes each time; this is the first
        return [_incoming(event, who, who, JoinedChat())]
    if event.kind == ADDED and who and chat:
        return [_incoming(event, who, chat, JoinedChat())]
    if event.kind in REMOVED and chat:
        return [_incoming(event, chat, chat, LeftChat())]  # the group is gone, not the person who removed us
    return []


def _incoming(event: FeishuEvent, sender: str, chat: str, content: Content) -> Incoming:
    group = chat.startswith(GROUP)
    return Incoming(id=event.id, sender=sender, chat=chat, t_ms=event.t_ms, content=content, group=group)


def _message(event: FeishuEvent, me: str, datum: Datum) -> list[Incoming]:
    message, sender = mapping_of(event.fields.get("message")), mapping_of(event.fields.get("sender"))
    who, id = _open_id(sender.get("sender_id")), text_of(message.get("message_id"), 150).strip()
    group = message.get("chat_type") != "p2p"
    chat = text_of(message.get("chat_id"), 200).strip() if group else who
    if sender.get("sender_type", "user") != "user" or not (who and id and chat):
        return []
    mentions = mentions_of(message.get("mentions"), me)
    contents = contents_of(text_of(message.get("message_type"), 200), message.get("content"), mentions, id, datum)
    return [
        Incoming(
            id=f"{id}/{n}" if n else id,
            sender=who,
            chat=chat,
            t_ms=_time_ms(message.get("create_time"), event.t_ms),
            content=content,
            quotes=text_of(message.get("parent_id"), 200),
            group=group,
            addressed=not group or mentions.us,
        )
        for n, content in enumerate(contents)
    ]


def _pressed(event: FeishuEvent) -> list[Incoming]:
    """The card says for which chat it was made: the event does not say whether its chat is a group."""
    who = _open_id(event.fields.get("operator"))
    value = mapping_of(mapping_of(event.fields.get("action")).get("value"))
    pressed, made_for = text_of(value.get("v"), 200), text_of(value.get("chat"), 200)
    if not who or not pressed:
        return []
    here = text_of(mapping_of(event.fields.get("context")).get("open_chat_id"), 200)
    chat = made_for if made_for.startswith(GROUP) and made_for == here else who
    return [_incoming(event, who, chat, Pressed(value=pressed))]


def _open_id(raw: object) -> str:
    return text_of(mapping_of(raw).get("open_id"), 200).strip()


def _time_ms(raw: object, otherwise_ms: int) -> int:
    """Milliseconds as a text; of a pressed button they are microseconds."""
    digits = text_of(raw, 20)
    if not digits.isascii() or not digits.isdigit():
        return otherwise_ms
    t = int(digits)
    t = t // 1000 if t >= 10 * LATEST_MS else t
    return t if 0 < t < LATEST_MS else otherwise_ms
