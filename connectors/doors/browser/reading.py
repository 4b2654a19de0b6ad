"""What a page sent, as content of a message. Total: whatever the fields hold, it is content or a `BadFields`."""

import re
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from connectors.chat.messages import (
    Content,
    Edited,
    JoinedChat,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Withdrawn,
    Wrote,
)

ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""The id that a page gives to a message, the same when it sends it again."""
SECONDS: Final = re.compile(r"[0-9]{1,5}")
"""How long a recording plays."""
_KINDS: Final = {"image": MediaKind.PHOTO, "audio": MediaKind.VOICE, "video": MediaKind.VIDEO}


class BadFields(Exception):
    """The fields make no message; `code` is a key of the catalogue `browser`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def id_in(fields: Mapping[str, str]) -> str:
    """The id that the page gave to the message. Raises `BadFields`."""
    id = fields.get("id", "")
    if ID.fullmatch(id) is None:
        raise BadFields("bad_message")
    return id


def kind_of(content_type: str) -> MediaKind:
    """What kind of file it is, as the browser says."""
    return _KINDS.get(content_type.partition("/")[0].lower(), MediaKind.FILE)


def content_of(fields: Mapping[str, str], media: Media | None, characters: int) -> Content:
    """The content: a file, with or without words; or what the field `kind` says. Raises `BadFields`."""
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    if len(text) > characters:
        raise BadFields("too_long")
    try:
        if media is not None:
            seconds = int(fields["seconds"]) if SECONDS.fullmatch(fields.get("seconds", "")) else None
            return SentMedia(media=media.model_copy(update={"seconds": seconds}), text=text)
        return _without_file(fields, text)
    except ValidationError:
        raise BadFields("bad_message") from None


def _without_file(fields: Mapping[str, str], text: str) -> Content:
    match fields.get("kind", "wrote"):
        case "wrote" if text:
            return Wrote(text=text)
        case "wrote":
            raise BadFields("empty_message")
        case "position":
            place = {name: fields.get(name, "") for name in ("lon", "lat", "datum")}
            return SharedPosition.model_validate_strings({**place, "label": text[:500]})
        case "pressed" if fields.get("value"):
            return Pressed(value=fields["value"][:60])
        case "edited" | "withdrawn" as kind if fields.get("of") and (text or kind == "withdrawn"):
            of = fields["of"][:200]
            return Withdrawn(of=of) if kind == "withdrawn" else Edited(of=of, text=text)
        case "joined":
            return JoinedChat(invitation=fields.get("invitation", ""))
        case kind:
            return Unreadable(name=kind[:200])
