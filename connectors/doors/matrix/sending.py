"""Sends messages: each part once, however often the message is sent."""

import asyncio
import io
import logging
from collections.abc import Sequence
from typing import Any, Final

from PIL import Image

from connectors.chat.json_values import text_of
from connectors.chat.messages import Outgoing
from connectors.chat.platform import PhotoFile, TryLater, Unreachable, Unsendable
from connectors.doors.matrix.client import V3, MatrixClient, MatrixError, part_of_path
from connectors.doors.matrix.composing import (
    MessagePart,
    button_parts,
    photo_id,
    photo_part,
    pin_part,
    words_part,
)
from connectors.doors.matrix.room import OwnMessage
from connectors.doors.matrix.store import MatrixStore

JPEG: Final = "image/jpeg"
GONE: Final = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN_ROOM"})
"""We are not in the room, or there is none."""
log = logging.getLogger(__name__)


class MatrixSender:
    """The way out of one account."""

    def __init__(self, client: MatrixClient, store: MatrixStore) -> None:
        self._client = client
        self._store = store

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """The id of the event with the words. Raises `TryLater`, `Unreachable` or `Unsendable`."""
        try:
            return await self._parts(message, photos)
        except MatrixError as fault:
            raise _meaning(fault) from None

    async def _parts(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        values = tuple(button.value for button in message.buttons)
        main = await self._part(message.chat, words_part(message), values=values)
        for place, photo in enumerate(photos):
            if await self._store.event_of(photo_id(message, place)) is None:
                await self._photo(message, place, photo, main)
        if message.pin is not None:
            await self._part(message.chat, pin_part(message, message.pin), main)
        for part in button_parts(message, main):
            await self._button(message.chat, part, main)
        return main

    async def _part(self, room: str, part: MessagePart, main: str = "", values: tuple[str, ...] = ()) -> str:
        """Send what was not sent before; its event."""
        before = await self._store.event_of(part.id)
        if before is not None:
            return before
        path = f"{V3}/rooms/{part_of_path(room)}/send/{part.type}/{part.id}"
        event = text_of((await self._client.call("PUT", path, part.content)).get("event_id"))
        await self._store.sent(part.id, event, OwnMessage(main or event, values))
        return event

    async def _photo(self, message: Outgoing, place: int, photo: PhotoFile, main: str) -> None:
        try:
            raw, info = await asyncio.to_thread(_read, photo)
            mxc = await self._client.upload(raw, JPEG)
        except OSError as fault:
            log.warning("a photo of a message is missing: %s", fault)
            return
        except MatrixError as fault:
            if fault.passes or fault.token_refused:
                raise
            log.warning("the Matrix server does not take a photo: %s", fault)
            return
        await self._part(message.chat, photo_part(message, place, mxc, info), main)

    async def _button(self, room: str, part: MessagePart, main: str) -> None:
        """One that the server does not take is no loss: people can answer with its number."""
        try:
            await self._part(room, part, main)
        except MatrixError as fault:
            if fault.passes or fault.token_refused:
                raise
            if fault.code != "M_DUPLICATE_ANNOTATION":
                log.warning("the Matrix server does not take a reaction: %s", fault)


def _meaning(fault: MatrixError) -> Exception:
    if fault.passes or fault.token_refused:  # whose token is refused is stopped by `receive`
        return TryLater(str(fault), fault.after_s)
    return Unreachable(str(fault)) if fault.code in GONE else Unsendable(str(fault))


def _read(photo: PhotoFile) -> tuple[bytes, dict[str, Any]]:
    raw = photo.read_bytes()
    with Image.open(io.BytesIO(raw)) as image:
        width, height = image.size
    return raw, {"mimetype": JPEG, "size": len(raw), "w": width, "h": height}
