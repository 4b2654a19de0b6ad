"""What a decrypted callback says: the fields of a message or an event into an `Incoming`. Total: any fields.

`Location_X` is the latitude. The position that somebody sends is a point of Tencent's map, GCJ-02; the one that the app
reports by itself is the phone's, WGS-84. The official pages do not say so, two write-ups agree: hence the settings.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pydantic import ValidationError

from connectors.chat.messages import (
    Content,
    Incoming,
    JoinedChat,
    LeftChat,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Wrote,
)
from schemas.datum import Datum

Fields = Mapping[str, str]

NOBODY: Final = "sys"
"""Who sends what nobody did, such as changes of the address book."""
QR: Final = "qrscene_"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{6,64}")
_LATEST_S: Final = 2**33
_MEDIA: Final = {
    "image": MediaKind.PHOTO,
    "voice": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
    "shortvideo": MediaKind.VIDEO,
}


class NotAMessageError(ValueError):
    """It names no sender: this is no message of WeCom or WeChat."""


@dataclass(frozen=True, slots=True)
class WeixinReading:
    """How a door wants its messages read."""

    location_datum: Datum = Datum.GCJ02
    """Of the position that somebody sends."""
    event_datum: Datum = Datum.WGS84
    """Of the position that the app reports by itself."""
    position_events: bool = False
    """Whether that one counts. It comes whenever somebody opens the chat, so each time it would begin a report."""
    follows: bool = True
    """Whether `subscribe` is what somebody did, as in WeChat. In WeCom it says that an administrator made the
    application visible to them: thousands would be welcomed who never opened it."""


def incoming_of(fields: Fields, reading: WeixinReading, now_ms: int) -> Incoming | None:
    """What somebody did; None for what nobody did, or is nothing to us. Raises `NotAMessageError`."""
    sender = fields.get("FromUserName", "").strip()
    if not 0 < len(sender) <= 200:
        raise NotAMessageError("no sender")
    kind = fields.get("MsgType", "")
    if sender == NOBODY:
        return None
    if kind == "event":
        event = fields.get("Event", "").lower()
        read = _EVENTS.get(event)
        content = read(fields, reading) if read is not None else None
        id = _event_id(sender, event, fields)
    else:
        content = _sent(kind, fields, reading)
        id = fields.get("MsgId", "").strip() or _digest(sender, *fields.values())
    if content is None:
        return None
    if len(id) > 200:
        id = _digest(id)
    return Incoming(id=id, sender=sender, chat=sender, t_ms=_time_ms(fields, now_ms), content=content)


def _sent(kind: str, fields: Fields, reading: WeixinReading) -> Content:
    if kind == "text" and fields.get("bizmsgmenuid"):
        return Pressed(value=fields["bizmsgmenuid"])
    if kind == "text":
        return Wrote(text=fields.get("Content", ""))
    if kind == "location":
        label = fields.get("Label", "")[:500]
        return _position(fields, "Location_Y", "Location_X", reading.location_datum, label, "location")
    media = fields.get("MediaId", "").strip()
    if kind in _MEDIA and media:
        return SentMedia(media=Media(kind=_MEDIA[kind], ref=media, transcript=fields.get("Recognition", "")))
    return Unreadable(name=kind[:200])


def _position(fields: Fields, lon: str, lat: str, datum: Datum, label: str, name: str) -> Content:
    try:
        return SharedPosition(lon=float(fields[lon]), lat=float(fields[lat]), datum=datum, label=label)
    except (KeyError, ValueError, ValidationError):
        return Unreadable(name=name)


def _reported_position(fields: Fields, reading: WeixinReading) -> Content | None:
    if not reading.position_events:
        return None
    at = _position(fields, "Longitude", "Latitude", reading.event_datum, "", "position")
    return at.model_copy(update={"live": True}) if isinstance(at, SharedPosition) else None


def _joined(fields: Fields, _: WeixinReading) -> Content:
    token = fields.get("EventKey", "").removeprefix(QR)
    return JoinedChat(invitation=token if _TOKEN.fullmatch(token) else "")


def _subscribed(fields: Fields, reading: WeixinReading) -> Content | None:
    return _joined(fields, reading) if reading.follows else None


def _pressed(fields: Fields, _: WeixinReading) -> Content:
    return Pressed(value=fields.get("EventKey", ""))


def _menu(fields: Fields, _: WeixinReading) -> Content:
    """The app's menu: its keys are words, as if somebody had typed them."""
    return Wrote(text=fields.get("EventKey", ""))


_EVENTS: Final[Mapping[str, Callable[[Fields, WeixinReading], Content | None]]] = {
    "subscribe": _subscribed,
    "scan": _joined,
    "enter_agent": lambda fields, _: JoinedChat(),
    "unsubscribe": lambda fields, _: LeftChat(),
    "location": _reported_position,
    "click": _menu,
    "template_card_event": _pressed,
    "template_card_menu_event": _pressed,
}


def _event_id(sender: str, event: str, fields: Fields) -> str:
    """Events have no id of their own.

    `enter_agent` comes whenever somebody opens the chat: without its time it is the same again, so that people are
    welcomed once, and not each time.
    """
    time = "" if event == "enter_agent" else fields.get("CreateTime", "")
    return f"event-{_digest(sender, time, event, fields.get('EventKey', ''), fields.get('TaskId', ''))}"


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _time_ms(fields: Fields, now_ms: int) -> int:
    created = fields.get("CreateTime", "").strip()
    seconds = int(created) if created.isascii() and created.isdigit() and len(created) <= 10 else 0
    return seconds * 1000 if 0 < seconds < _LATEST_S else now_ms
