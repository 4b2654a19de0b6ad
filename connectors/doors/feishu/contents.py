"""What is in a message of Feishu: its type and the JSON text of its content. Total: any values; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from connectors.chat.decoding import decoded
from connectors.chat.json_values import list_of, mapping_of, mappings_of, number_of, text_of
from connectors.chat.messages import Content, Media, MediaKind, SentMedia, SharedPosition, Unreadable, Wrote
from schemas.datum import Datum

MOST_FILES: Final = 20
"""Of one post."""
_PICTURE: Final = re.compile(r".+\.(jpe?g|png|heic|heif|webp)", re.IGNORECASE)
_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_FILES: Final[Mapping[str, tuple[MediaKind, str, str]]] = {
    "image": (MediaKind.PHOTO, "image", "image_key"),
    "audio": (MediaKind.VOICE, "file", "file_key"),
    "media": (MediaKind.VIDEO, "file", "file_key"),
    "sticker": (MediaKind.STICKER, "file", "file_key"),
    "file": (MediaKind.FILE, "file", "file_key"),
}
"""By type of message: what it is, as what it is fetched, and where its key is."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is named in a message: by the sign that stands for them in its text."""

    names: Mapping[str, str]
    """`@NAME`, or nothing for the bot itself."""
    us: bool
    """Whether the bot is among them."""

    def put_in(self, text: str) -> str:
        """The text with names for signs; the longest sign first, as one may begin another."""
        for sign in sorted(self.names, key=len, reverse=True):
            text = text.replace(sign, self.names[sign])
        return text.strip()


def mentions_of(raw: object, me: str) -> Mentions:
    """`me` is the open id of the bot."""
    names, us = dict[str, str](), False
    for each in mappings_of(raw)[:100]:
        is_me = bool(me) and text_of(mapping_of(each.get("id")).get("open_id")) == me
        us = us or is_me
        if sign := text_of(each.get("key"), 50):
            names[sign] = "" if is_me else f"@{text_of(each.get('name'), 100)}"
    return Mentions(names, us)


def contents_of(kind: str, raw: object, mentions: Mentions, message: str, datum: Datum) -> list[Content]:
    """What was sent, in order: at least one; several for a post with pictures, which are an album."""
    try:
        content = mapping_of(decoded(text_of(raw, 1_000_000).encode()))
    except ValueError:
        return [Unreadable(name=kind[:200])]
    match kind:
        case "text":
            return [Wrote(text=mentions.put_in(text_of(content.get("text"))))]
        case "post":
            return _post(content, mentions, message)
        case "location":
            return [_position(content, datum)]
    file = _file(kind, content, message)
    return [Unreadable(name=kind[:200]) if file is None else SentMedia(media=file)]


def _file(kind: str, content: Mapping[str, Any], message: str) -> Media | None:
    if kind not in _FILES:
        return None
    what, type_, field = _FILES[kind]
    key = text_of(content.get(field))
    if _KEY.fullmatch(key) is None:
        return None
    if what is MediaKind.FILE and _PICTURE.fullmatch(text_of(content.get("file_name"), 500)):
        what = MediaKind.PHOTO  # and it still has its EXIF
    duration_ms = number_of(content.get("duration"))
    seconds = None if duration_ms is None else round(duration_ms / 1000)
    return Media(kind=what, ref=f"{message}/{type_}/{key}", seconds=seconds)


def _position(content: Mapping[str, Any], datum: Datum) -> Content:
    """Longitude and latitude are texts."""
    try:
        lon, lat = (float(text_of(content.get(name), 50)) for name in ("longitude", "latitude"))
        return SharedPosition(lon=lon, lat=lat, datum=datum, label=text_of(content.get("name"), 500))
    except (ValueError, ValidationError):
        return Unreadable(name="location")


def _post(content: Mapping[str, Any], mentions: Mentions, message: str) -> list[Content]:
    """Lines of pieces; some clients wrap them by language."""
    if not isinstance(content.get("content"), list):
        content = next((each for each in content.values() if isinstance(each, dict)), content)
    lines, files = [text_of(content.get("title"))], list[Media]()
    for line in list_of(content.get("content")):
        pieces = mappings_of(line)
        lines.append("".join(_words(piece, mentions) for piece in pieces))
        files += _files_in(pieces, message)
    text = mentions.put_in("\n".join(line for line in lines if line.strip()))
    if not files:
        return [Wrote(text=text)]
    album = message[:200] if len(files) > 1 else ""
    return [SentMedia(media=file, text="" if n else text, album=album) for n, file in enumerate(files[:MOST_FILES])]


def _words(piece: Mapping[str, Any], mentions: Mentions) -> str:
    match piece.get("tag"):
        case "text" | "a" | "md" | "code_block":
            return text_of(piece.get("text"))
        case "at":
            sign = text_of(piece.get("user_id"), 50)
            return sign if sign in mentions.names else f"@{text_of(piece.get('user_name'), 100)}"
        case "emotion":
            return f"[{text_of(piece.get('emoji_type'), 50)}]"
    return ""


def _files_in(pieces: Sequence[Mapping[str, Any]], message: str) -> list[Media]:
    tags = {"img": "image", "media": "media"}
    found = (_file(tags.get(text_of(piece.get("tag"), 20), ""), piece, message) for piece in pieces)
    return [file for file in found if file is not None]
