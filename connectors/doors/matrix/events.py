"""Events of a room to `Incoming`. Pure and total: any JSON gives an `Incoming` or None."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from connectors.chat.json_values import mapping_of, number_of, text_of
from connectors.chat.messages import (
    Content,
    Edited,
    Incoming,
    JoinedChat,
    LeftChat,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Withdrawn,
    Wrote,
)
from connectors.doors.matrix.geo import read_geo
from connectors.doors.matrix.keycaps import place_of
from connectors.doors.matrix.media import KINDS, caption, read_media
from connectors.doors.matrix.mentions import is_named, without_name
from connectors.doors.matrix.room import OwnMessage, RoomView
from schemas.datum import Datum

Event = Mapping[str, Any]
BEACONS: Final = ("m.beacon", "org.matrix.msc3672.beacon")
"""Live positions."""
LOCATIONS: Final = ("m.location", "org.matrix.msc3488.location")
ASKS: Final = ("m.poll.start", "org.matrix.msc3381.poll.start", "m.call.invite")
"""What expects an answer that we cannot give: polls and calls."""
READ: Final = ("m.room.message", "m.sticker", "m.reaction", "m.room.redaction", *BEACONS, *ASKS)
"""The types of events that `read_event` may understand."""
NOT_FOR_US: Final = frozenset({"m.notice", "m.server_notice", "m.key.verification.request"})
"""What programs write to programs, and servers to their users."""


def refers_to(event: Event) -> str:
    """The event that this one is about or answers, or ""."""
    relation = mapping_of(mapping_of(event.get("content")).get("m.relates_to"))
    answered = text_of(mapping_of(relation.get("m.in_reply_to")).get("event_id"))
    if relation.get("rel_type") == "m.thread" and (not answered or relation.get("is_falling_back") is True):
        return text_of(relation.get("event_id"))
    return answered or text_of(relation.get("event_id"))


def read_event(event: Event, room: RoomView, own: Mapping[str, OwnMessage]) -> Incoming | None:
    """What somebody did; None for what is not for us. `own`: our messages among those that are referred to."""
    content, kind = mapping_of(event.get("content")), event.get("type")
    if event.get("sender") == room.me or "state_key" in event:
        return None
    about = own.get(refers_to(event))
    if kind == "m.room.redaction":
        of = text_of(event.get("redacts")) or text_of(content.get("redacts"))  # its place changed with room version 11
        return incoming(event, room, Withdrawn(of=of)) if of else None
    if kind == "m.reaction":
        return _pressed(event, room, about)
    if kind == "m.room.message":
        return _message(event, content, room, about)
    read = _other(str(kind), content)
    return None if read is None else incoming(event, room, read, about, addressed=about is not None)


def incoming(
    event: Event, room: RoomView, content: Content, about: OwnMessage | None = None, *, addressed: bool = True
) -> Incoming | None:
    """An `Incoming` of an event; None where its ids are missing or longer than 200 characters."""
    quotes = about.main if about is not None else "" if isinstance(content, Edited) else refers_to(event)
    try:
        return Incoming(
            id=text_of(event.get("event_id")),
            sender=text_of(event.get("sender")),
            chat=room.id,
            t_ms=number_of(event.get("origin_server_ts")) or 0,
            content=content,
            quotes=quotes,
            group=room.group,
            addressed=addressed or not room.group,
        )
    except ValidationError:
        return None


def read_joined(invite: Event, room: RoomView) -> Incoming | None:
    """Somebody invited us."""
    return incoming(invite, room, JoinedChat(), addressed=False)


def read_left(event: Event, room: RoomView) -> Incoming | None:
    """Somebody left us, or put us out; `event` is about their membership or ours. Of a group nobody is told: who put
    us out there may write to us in a chat of their own.
    """
    who = event.get("sender") if event.get("state_key") == room.me else event.get("state_key")
    return None if who == room.me else incoming({**event, "sender": who}, room, LeftChat(), addressed=False)


def _pressed(event: Event, room: RoomView, about: OwnMessage | None) -> Incoming | None:
    relation = mapping_of(mapping_of(event.get("content")).get("m.relates_to"))
    place = place_of(text_of(relation.get("key"), 20)) if relation.get("rel_type") == "m.annotation" else None
    if about is None or place is None or place >= len(about.values):
        return None
    return incoming(event, room, Pressed(value=about.values[place]), about)


def _message(event: Event, content: Event, room: RoomView, about: OwnMessage | None) -> Incoming | None:
    relation = mapping_of(content.get("m.relates_to"))
    if relation.get("rel_type") == "m.replace":
        return _edited(event, content, room, text_of(relation.get("event_id")))
    name = text_of(content.get("msgtype"), 200)
    if not name or name in NOT_FOR_US:  # one that was redacted has no content
        return None
    named = is_named(content, text_of(content.get("body")), room)
    read: Content
    if name in {"m.text", "m.emote"}:
        text = _unquoted(content) if "m.in_reply_to" in relation else text_of(content.get("body"))
        read = Wrote(text=without_name(text, room))
    else:
        read = _other(name, content) or Unreadable(name=name)
        if isinstance(read, SentMedia):
            read = read.model_copy(update={"text": without_name(read.text, room)})
    return incoming(event, room, read, about, addressed=named or about is not None)


def _edited(event: Event, content: Event, room: RoomView, of: str) -> Incoming | None:
    new = mapping_of(content.get("m.new_content"))
    if not of or new.get("msgtype") in NOT_FOR_US:
        return None
    text = caption(new) if new.get("msgtype") in KINDS else text_of(new.get("body"))
    edited = Edited(of=of, text=without_name(text, room))
    return incoming(event, room, edited, addressed=is_named(new, text, room))


def _other(name: str, content: Event) -> SentMedia | SharedPosition | Unreadable | None:
    """What is no text, by the type of its event or message; None for what is not known."""
    if name in KINDS:
        return read_media(name, content)
    if name == "m.location" or name in BEACONS:
        return _position(name, content)
    return Unreadable(name=name) if name in ASKS else None


def _position(name: str, content: Event) -> SharedPosition | Unreadable:
    newer = next((mapping_of(content[each]) for each in LOCATIONS if each in content), {})
    found = read_geo(text_of(content.get("geo_uri")) or text_of(newer.get("uri")))
    if found is None:
        return Unreadable(name=name)
    lon, lat = found
    # the body says what a client says of all positions; only the description is about this one
    label = text_of(newer.get("description"), 500)
    return SharedPosition(lon=lon, lat=lat, datum=Datum.WGS84, label=label, live=name in BEACONS)


def _unquoted(content: Event) -> str:
    """The words of an answer without the lines that older clients repeat before them, each behind `> `."""
    lines = text_of(content.get("body")).split("\n")
    first = next((n for n, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    return "\n".join(lines[first:]).removeprefix("\n") if first else "\n".join(lines)
