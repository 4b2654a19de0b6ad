"""What is in a message: words, a photo, a position, a voice, or something that we cannot read but can name."""

import re
from typing import Any, Final

from pydantic import ValidationError

from connectors.chat.messages import (
    Content,
    JoinedChat,
    Media,
    MediaKind,
    SentMedia,
    SharedPosition,
    Unreadable,
    Wrote,
)
from connectors.doors.telegram.message_fields import first_sent
from connectors.doors.telegram.shapes import Location, Pictures, TelegramFile, TelegramMessage, Venue
from schemas.datum import Datum

LABEL: Final = 500
_START: Final = re.compile(r"/start(?: +(?P<invitation>[A-Za-z0-9_-]{1,64}))?\s*")
FILES: Final = {
    "animation": MediaKind.VIDEO,  # it comes with a `document` too, for programs that know no animations
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.VIDEO,
    "voice": MediaKind.VOICE,
    "audio": MediaKind.VOICE,
    "sticker": MediaKind.STICKER,
    "document": MediaKind.FILE,
}
"""The fields of a message that hold one file, in the order in which they are looked for."""


def content_of(message: TelegramMessage, words: str) -> Content | None:
    """What was sent, with its `words` as they are meant; None for what nobody sent, such as a new title."""
    known: dict[str, Any] = message.model_extra or {}
    try:
        return _known(message, words, known)
    except ValidationError as error:
        return Unreadable(name=first_sent(known) or error.title[:200])


def _known(message: TelegramMessage, words: str, known: dict[str, Any]) -> Content | None:
    if message.text is not None:
        return _words(words)
    if known.get("venue") is not None:
        venue = Venue.model_validate(known["venue"])
        return position(venue.location, label=", ".join(filter(None, (venue.title, venue.address))))
    if known.get("location") is not None:
        return position(Location.model_validate(known["location"]))
    if (file := _file(known)) is not None:
        return SentMedia(media=file, text=words, album=message.media_group_id)
    unknown = first_sent(known)
    return Unreadable(name=unknown) if unknown else None


def _words(words: str) -> Content:
    if (start := _START.fullmatch(words)) is not None:
        return JoinedChat(invitation=start["invitation"] or "")
    return Wrote(text=words)


def position(location: Location, *, label: str = "", live: bool | None = None) -> SharedPosition:
    """A point as Telegram gives it: WGS-84. Raises `ValidationError` for what is no point."""
    return SharedPosition(
        lon=location.longitude,
        lat=location.latitude,
        datum=Datum.WGS84,
        label=label[:LABEL],
        live=location.live_period is not None if live is None else live,
    )


def _file(known: dict[str, Any]) -> Media | None:
    if known.get("photo") is not None:  # a live photo has its still picture there, too
        return _media(MediaKind.PHOTO, Pictures.model_validate({"sizes": known["photo"]}).largest)
    for name, kind in FILES.items():
        if known.get(name) is not None:
            file = TelegramFile.model_validate(known[name])
            is_picture = name == "document" and file.mime_type.startswith("image/")  # and it still has its EXIF
            return _media(MediaKind.PHOTO if is_picture else kind, file)
    return None


def _media(kind: MediaKind, file: TelegramFile) -> Media:
    return Media(kind=kind, ref=file.file_id, bytes=file.file_size, seconds=file.duration)
