"""What a frame says: messages and events into what somebody did. Total: any body.

A robot hears a group only where it is named, and is never sent a position.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from pydantic_core import to_json

from connectors.chat.messages import (
    Content,
    Incoming,
    JoinedChat,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    Unreadable,
    Wrote,
)
from connectors.doors.wecom_robot.frames import EVENT, RobotFrame

Body = Mapping[str, Any]

ENTERED: Final = "enter_chat"
PRESSED: Final = "template_card_event"
TAKEN: Final = "disconnected_event"
_MENTION: Final = re.compile(r"\s*@\S+\s+")
_FILES: Final = {"image": MediaKind.PHOTO, "file": MediaKind.FILE, "video": MediaKind.VIDEO}
_LATEST_S: Final = 2**33


def event_of(frame: RobotFrame) -> str:
    """The kind of an event, or ""."""
    return _text(frame.body, "event", "eventtype") if frame.command == EVENT else ""


def incoming_of(frame: RobotFrame, now_ms: int) -> list[Incoming]:
    """What somebody did, in its parts; nothing for what is nothing to us."""
    body = frame.body
    sender = _text(body, "from", "userid")
    if not 0 < len(sender) <= 200:
        return []
    group = _text(body, "chattype") == "group"
    chat = _text(body, "chatid") if group else sender
    if not 0 < len(chat) <= 200:
        return []
    id = _id(frame, sender)
    contents = _happened(frame) if frame.command == EVENT else _sent(body, id, group=group)
    created = body.get("create_time")
    known = isinstance(created, int) and 0 < created < _LATEST_S
    t_ms = created * 1000 if known and isinstance(created, int) else now_ms
    return [
        Incoming(
            id=f"{id}/{n}" if n else id, sender=sender, chat=chat, t_ms=t_ms, content=content, group=group,
        )
        for n, content in enumerate(contents)
    ]  # fmt: skip


def _id(frame: RobotFrame, sender: str) -> str:
    """Opening the chat is the same each time, so that people are welcomed once and not every day."""
    if event_of(frame) == ENTERED:
        return f"entered-{_digest(sender.encode())}"
    given = _text(frame.body, "msgid")
    return given if 0 < len(given) <= 150 else _digest(given.encode() or to_json(frame.body))


def _happened(frame: RobotFrame) -> list[Content]:
    event = event_of(frame)
    if event == ENTERED:
        return [JoinedChat()]
    if event == PRESSED:
        inside = frame.body["event"]
        return [Pressed(value=_text(inside, PRESSED, "event_key") or _text(inside, "event_key"))]
    return []


def _sent(body: Body, id: str, *, group: bool) -> list[Content]:
    kind = _text(body, "msgtype")
    if kind == "mixed":
        return _mixed(body, id, group=group)
    content = _one(kind, body, group=group)
    return [content or Unreadable(name=kind[:200])]


def _one(kind: str, body: Body, *, group: bool) -> Content | None:
    if kind == "text":
        return Wrote(text=_words(body, group=group))
    if kind == "voice":  # its words, without the sound
        return SentMedia(media=Media(kind=MediaKind.VOICE, ref="", transcript=_text(body, "voice", "content")))
    if kind in _FILES:
        media = _media(kind, body)
        return SentMedia(media=media) if media is not None else None
    return None


def _mixed(body: Body, id: str, *, group: bool) -> list[Content]:
    """Words and pictures of one message: the words go with the first picture."""
    inside = body.get("mixed")
    items = inside.get("msg_item") if isinstance(inside, dict) else None
    parts = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    words = "\n".join(
        _words(part, group=group and n == 0) for n, part in enumerate(parts) if _text(part, "msgtype") == "text"
    )
    found = [_media("image", part) for part in parts if _text(part, "msgtype") == "image"]
    media = [each for each in found if each is not None]
    album = id if len(media) > 1 else ""
    photos: list[Content] = [
        SentMedia(media=each, text="" if n else words, album=album) for n, each in enumerate(media)
    ]
    return photos or ([Wrote(text=words)] if words else [Unreadable(name="mixed")])


def _words(body: Body, *, group: bool) -> str:
    text = _text(body, "text", "content")
    return _MENTION.sub("", text, count=1) if group and _MENTION.match(text) else text


def _media(kind: str, body: Body) -> Media | None:
    url, key = _text(body, kind, "url"), _text(body, kind, "aeskey")
    return Media(kind=_FILES[kind], ref=to_json({"url": url, "key": key}).decode()) if url else None


def _text(body: Any, *names: str) -> str:
    """The text that is there by these names, or ""."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body if isinstance(body, str) else ""


def _digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()[:32]
