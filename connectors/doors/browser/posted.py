"""Reads the body of a message: its fields, and one file that is written to a folder as it comes."""

import asyncio
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from connectors.chat.messages import Media
from connectors.doors.browser.reading import BadFields, kind_of

MOST_PARTS: Final = 20
MOST_FIELD_BYTES: Final = 40_000
"""All fields together."""
PIECE: Final = 1 << 16
BROKEN: Final = (HttpProcessingError, ValueError, AssertionError, LookupError, RuntimeError, RuntimeWarning)
"""What aiohttp raises for a malformed form; the last one only where warnings are errors."""


@dataclass(slots=True)
class Posted:
    """What a page sent."""

    fields: dict[str, str] = field(default_factory=dict)
    media: Media | None = None


def file_of(folder: Path, message: str) -> Path:
    """Where the file of a message is."""
    return folder / sha256(message.encode()).hexdigest()[:40]


class SentFiles:
    """Files that people sent; each has the name of its message, so one that is sent again replaces itself."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most_bytes = folder, most_bytes

    def path(self, message: str) -> Path:
        """Where the file of a message is."""
        return file_of(self._folder, message)

    async def read(self, request: web.Request, message: str) -> Posted:
        """The body of a request. Raises `BadFields`."""
        body = Posted()
        if request.content_type != "multipart/form-data" or "Content-Encoding" in request.headers:
            raise BadFields("bad_message")
        try:
            await self._parts(await request.multipart(), body, message)
        except BROKEN:
            raise BadFields("bad_message") from None
        return body

    def prune(self, before_ms: int) -> None:
        """Remove what is older; blocking."""
        for file in self._folder.iterdir() if self._folder.is_dir() else ():
            if file.stat().st_mtime_ns // 1_000_000 < before_ms:
                file.unlink(missing_ok=True)

    async def _parts(self, reader: MultipartReader, body: Posted, message: str) -> None:
        left, count = MOST_FIELD_BYTES, 0
        while (part := await reader.next()) is not None:
            count += 1
            if count > MOST_PARTS or not isinstance(part, BodyPartReader) or not part.name:
                raise BadFields("bad_message")
            if part.name == "file":
                if body.media is not None:
                    raise BadFields("bad_message")
                body.media = await self._store(part, message)
                continue
            raw = bytearray()
            while piece := await part.read_chunk(PIECE):
                raw += piece
                if len(raw) > left:
                    raise BadFields("too_long")
            left -= len(raw)
            body.fields[part.name] = raw.decode()

    async def _store(self, part: BodyPartReader, message: str) -> Media:
        path, written = self.path(message), 0
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        try:
            with new.open("xb") as file:
                while piece := await part.read_chunk(PIECE):
                    written += len(piece)
                    if written > self._most_bytes:
                        raise BadFields("file_too_large")
                    await asyncio.to_thread(file.write, piece)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        return Media(kind=kind_of(part.headers.get("Content-Type", "")), ref=path.name, bytes=written)
