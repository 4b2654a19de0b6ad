"""What a message of ours is on Matrix: one event for the words, then one for each photo, the pin and each button."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.chat.messages import Outgoing, Pin
from connectors.doors.matrix.geo import write_geo
from connectors.doors.matrix.keycaps import KEYCAPS
from texts.catalogue import say

MESSAGE: Final = "m.room.message"
REACTION: Final = "m.reaction"
WORDS: Final = "words"
"""The part that a message is known by."""


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One event. `id` is the same however often it is made: the server takes each id once."""

    id: str
    type: str
    content: Mapping[str, Any]


def words_part(message: Outgoing) -> MessagePart:
    """The words, with the choices as a numbered list.

    It is `m.text`: for `m.notice`, as bots write among themselves, no phone rings.
    """
    offered = [f"{key} {button.label}" for key, button in zip(KEYCAPS, message.buttons, strict=False)]
    hint = [say(message.language, "matrix.choose")] if offered else []
    paragraphs = [message.text, "\n".join(offered), *hint, message.link]
    content = {
        "msgtype": "m.text",
        "body": "\n\n".join(filter(None, paragraphs)),
        "m.mentions": {},  # names in our words ring nobody's phone
        **({"m.relates_to": {"m.in_reply_to": {"event_id": message.answers}}} if message.answers else {}),
    }
    return MessagePart(part_id(message.id, WORDS), MESSAGE, content)


def photo_part(message: Outgoing, place: int, mxc: str, info: Mapping[str, Any]) -> MessagePart:
    """A photo that was uploaded."""
    content = {"msgtype": "m.image", "body": f"{place + 1}.jpg", "url": mxc, "info": info, "m.mentions": {}}
    return MessagePart(photo_id(message, place), MESSAGE, content)


def photo_id(message: Outgoing, place: int) -> str:
    """The id of the part of a photo."""
    return part_id(message.id, f"photo-{place}")


def pin_part(message: Outgoing, pin: Pin) -> MessagePart:
    """A point for the map."""
    where = write_geo(pin.lon, pin.lat)
    content = {"msgtype": "m.location", "body": pin.label or where, "geo_uri": where, "m.mentions": {}}
    return MessagePart(part_id(message.id, "pin"), MESSAGE, content)


def button_parts(message: Outgoing, main: str) -> Iterator[MessagePart]:
    """Our own reactions to the words: a tap on one of them is the same reaction by somebody else."""
    for place, _ in enumerate(message.buttons[: len(KEYCAPS)]):
        relation = {"rel_type": "m.annotation", "event_id": main, "key": KEYCAPS[place]}
        yield MessagePart(part_id(message.id, f"button-{place}"), REACTION, {"m.relates_to": relation})


def part_id(message: str, part: str) -> str:
    """The transaction id of a part, which stands in an address."""
    return f"{hashlib.sha256(message.encode()).hexdigest()[:40]}-{part}"
