"""An `Outgoing` as calls of the Bot API, in their order; pure.

Plain text only, so nothing that somebody wrote becomes markup. Silent ones come first (a pin, an album); the last one
has the words and the buttons, and is the one that people answer.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.chat.messages import Button, Outgoing, Pin
from connectors.doors.telegram.options import TelegramOptions

SHORT: Final = 14
"""Columns of a label of which two fit beside each other on a phone; a Chinese character has two."""
NO_PREVIEW: Final = {"is_disabled": True}
"""A preview would have Telegram open personal links."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `photos` says which photos of the message go with it, as `attach://photoN`."""

    method: str
    fields: Mapping[str, object]
    photos: range = range(0)


def calls_of(message: Outgoing, photos: int, options: TelegramOptions, chat: str = "") -> tuple[Call, ...]:
    """All calls of a message with so many photos; `chat` is where the group is now, if it has moved."""
    to: dict[str, object] = {"chat_id": chat or message.chat}
    calls = [_pin(message.pin, to)] if message.pin is not None else []
    words = message.words
    last: dict[str, Any] = to | _keyboard(message.buttons) | _answering(message)
    if photos == 1 and units(words) <= options.caption:
        last |= {"photo": "attach://photo0"} | ({"caption": words} if words else {})
        return (*calls, Call("sendPhoto", last, range(1)))
    if 1 < photos <= options.album and not message.buttons and units(words) <= options.caption:
        return (*calls, _album(range(photos), to | _answering(message), words))
    calls += _silent_albums(photos, to, options.album)
    if words or message.buttons or not calls:
        text = words if units(words) <= options.characters else _cut(message, options.characters)
        calls.append(Call("sendMessage", last | {"text": text or "…", "link_preview_options": NO_PREVIEW}))
    return tuple(calls)


def units(text: str) -> int:
    """The length as Telegram counts it: in UTF-16."""
    return len(text.encode("utf-16-le", "replace")) // 2


def rows_of(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    """Two short labels beside each other, a long one alone."""
    rows: list[list[dict[str, str]]] = []
    room = False
    for button in buttons:
        key = {"text": button.label, "callback_data": button.value}
        short = _columns(button.label) <= SHORT
        if room and short:
            rows[-1].append(key)
            room = False
        else:
            rows.append([key])
            room = short
    return rows


def _cut(message: Outgoing, most: int) -> str:
    """The words cut so that the link stays whole."""
    left = most - units(message.link) - 2
    words = message.text.strip().encode("utf-16-le", "replace")[: 2 * left].decode("utf-16-le", "ignore")
    return "\n".join(filter(None, (f"{words}…", message.link)))


def _columns(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in label)


def _keyboard(buttons: Sequence[Button]) -> dict[str, object]:
    return {"reply_markup": {"inline_keyboard": rows_of(buttons)}} if buttons else {}


def _answering(message: Outgoing) -> dict[str, object]:
    """Only a message of the same chat can be answered; that it is gone by now is no reason not to send."""
    chat, _, number = message.answers.partition("/")
    if chat != message.chat or not number.isdecimal():
        return {}
    return {"reply_parameters": {"message_id": int(number), "allow_sending_without_reply": True}}


def _pin(pin: Pin, to: Mapping[str, object]) -> Call:
    fields = {**to, "latitude": pin.lat, "longitude": pin.lon, "disable_notification": True}
    if pin.label:
        where = f"{pin.lat:.5f}, {pin.lon:.5f}"  # a venue without an address may be refused; not tried
        return Call("sendVenue", fields | {"title": pin.label, "address": where})
    return Call("sendLocation", fields)


def _silent_albums(photos: int, to: Mapping[str, object], most: int) -> list[Call]:
    silent = {**to, "disable_notification": True}
    return [_album(range(first, min(first + most, photos)), silent) for first in range(0, photos, most)]


def _album(photos: range, to: Mapping[str, object], words: str = "") -> Call:
    """Photos together; an album of one is refused, and none can have buttons."""
    if len(photos) == 1:
        return Call("sendPhoto", {**to, "photo": f"attach://photo{photos[0]}"}, photos)
    media = [{"type": "photo", "media": f"attach://photo{n}"} for n in photos]
    if words:
        media[0]["caption"] = words
    return Call("sendMediaGroup", {**to, "media": media}, photos)
