"""Files in messages: `m.image` and its kin."""

import re
from collections.abc import Mapping
from typing import Any, Final

from connectors.chat.json_values import mapping_of, number_of, text_of
from connectors.chat.messages import Media, MediaKind, SentMedia, Unreadable

MXC: Final = re.compile(r"mxc://[A-Za-z0-9.:\[\]-]{1,255}/[A-Za-z0-9_-]{1,255}")
KINDS: Final[Mapping[str, MediaKind]] = {
    "m.image": MediaKind.PHOTO,
    "m.audio": MediaKind.VOICE,
    "m.video": MediaKind.VIDEO,
    "m.file": MediaKind.FILE,
    "m.sticker": MediaKind.STICKER,
}
BY_TYPE: Final[Mapping[str, MediaKind]] = {
    "image": MediaKind.PHOTO,
    "audio": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
}
"""What was sent as a file: pictures come so when they shall stay as the camera made them."""


def read_media(name: str, content: Mapping[str, Any]) -> SentMedia | Unreadable:
    """A file by the Matrix name of its kind; one without an address that we can read is `Unreadable`."""
    ref, info = text_of(content.get("url")), mapping_of(content.get("info"))
    if MXC.fullmatch(ref) is None:  # an encrypted one has its address elsewhere, with its key
        return Unreadable(name=name)
    kind = KINDS[name]
    if kind is MediaKind.FILE:
        kind = BY_TYPE.get(text_of(info.get("mimetype")).partition("/")[0].lower(), kind)
    words = "" if kind is MediaKind.STICKER else caption(content)
    return SentMedia(media=Media(kind=kind, ref=ref, bytes=number_of(info.get("size"))), text=words)


def caption(content: Mapping[str, Any]) -> str:
    """The words with a file: `body` is one only where `filename` is there too and differs (Matrix 1.10)."""
    body, filename = text_of(content.get("body")), text_of(content.get("filename"))
    return body if filename and body != filename else ""
