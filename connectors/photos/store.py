"""Stores photos: checks them, turns them upright, scales them down, removes EXIF, and names each file by its SHA-256.

The EXIF position and time become fields of `Photo` and are never in the stored picture.
"""

import asyncio
import hashlib
import io
import re
import warnings
from collections.abc import AsyncIterable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final, TypeVar

from PIL import Image
from pydantic import ValidationError

from connectors.photos.dhash import dhash
from connectors.photos.files import PhotoFiles
from connectors.photos.formats import BadPhoto, PhotoLimits, picture_in
from connectors.photos.pictures import picture_of
from connectors.photos.places import photo_files
from connectors.photos.thumbnails import SIDE, thumbnail
from schemas.report import Photo

Given = TypeVar("Given")
Done = TypeVar("Done")
READERS: Final = 8
"""Threads that only read, so that nobody who looks at a photo waits for one that is decoded."""
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A stored picture. `name` stands for its content, which changes when a part of it is blurred."""

    content: bytes

    @property
    def name(self) -> str:
        """A file name."""
        return f"{hashlib.sha256(self.content).hexdigest()}.jpg"

    def read_bytes(self) -> bytes:
        """The JPEG."""
        return self.content


class PhotoStore:
    """JPEG files named by their digests, in a folder or where `files` says; each is durable before it is named.

    EXIF times without a zone are in `zone`. Where nothing else is said, methods block and raise `PhotosAwayError`.
    Close it when done.
    """

    def __init__(
        self,
        files: PhotoFiles | Path,
        zone: tzinfo = UTC,
        *,
        threads: int = 2,
        limits: PhotoLimits | None = None,
        thumbnail_px: int = SIDE,
    ) -> None:
        # Problems with a picture are answered or irrelevant; nobody reading the log could act on these warnings.
        warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
        self._files = photo_files(files) if isinstance(files, Path) else files
        self._zone = zone
        self._limits = limits or PhotoLimits()
        self._thumbnail_px = thumbnail_px
        self._threads = ThreadPoolExecutor(threads, "photos")
        self._readers = ThreadPoolExecutor(READERS, "photo-files")

    async def add(self, chunks: AsyncIterable[bytes]) -> Photo | None:
        """Store one photo; None if nothing was sent (an empty form field).

        Raises `BadPhoto` or `PhotosAwayError`.
        """
        raw, sent, is_whole = bytearray(), 0, False
        async for chunk in chunks:
            sent += len(chunk)
            if sent > self._limits.with_film:
                raise self._too_large()
            if is_whole:
                continue  # the film of a motion photo
            raw += chunk
            if len(raw) > self._limits.bytes:
                del raw[await self._run(self._threads, self._picture, raw) :]
                is_whole = True
        if not raw:
            return None
        return await self._run(self._threads, self.add_bytes, bytes(raw))

    def _picture(self, raw: bytes | bytearray) -> int:
        """Where the picture ends. Raises `BadPhoto` if that is beyond the limit."""
        end = picture_in(raw) or len(raw)
        if end > self._limits.bytes:
            raise self._too_large()
        return end

    def _too_large(self) -> BadPhoto:
        return BadPhoto(code="photo_too_large", limit=self._limits.bytes // 1_000_000)

    def add_bytes(self, raw: bytes) -> Photo:
        """Store the photo in `raw`. The same bytes always give the same digest. Raises `BadPhoto`."""
        picture = picture_of(raw[: self._picture(raw)], self._zone, self._limits)
        digest = hashlib.sha256(picture.content).hexdigest()
        self._files.add(_key(digest), picture.content)
        self._files.add(_small_key(digest), thumbnail(picture.content, self._thumbnail_px))
        lon, lat = picture.where or (None, None)
        photo = Photo(digest=digest, lon=lon, lat=lat, dhash=picture.dhash)
        try:
            return Photo(taken_ms=picture.taken_ms, **photo.model_dump(exclude={"taken_ms"}))
        except ValidationError:  # a camera whose clock is set to the year 1
            return photo

    def read(self, digest: str) -> bytes | None:
        """The JPEG of a digest; None if it is not stored."""
        return None if DIGEST.fullmatch(digest) is None else self._files.read(_key(digest))

    async def find(self, digest: str) -> StoredPhoto | None:
        """The same, off the loop."""
        content = await self._run(self._readers, self.read, digest)
        return None if content is None else StoredPhoto(content)

    async def find_thumbnail(self, digest: str) -> StoredPhoto | None:
        """A small one of the photo, off the loop; made now if the photo was stored before there were any."""
        content = await self._run(self._readers, self._read_thumbnail, digest)
        if content is None:
            content = await self._run(self._threads, self._make_thumbnail, digest)
        return None if content is None else StoredPhoto(content)

    def _read_thumbnail(self, digest: str) -> bytes | None:
        return None if DIGEST.fullmatch(digest) is None else self._files.read(_small_key(digest))

    def _make_thumbnail(self, digest: str) -> bytes | None:
        content = self.read(digest)
        if content is None:
            return None
        self._files.add(_small_key(digest), thumbnail(content, self._thumbnail_px))
        if self._files.stored_s(_key(digest)) is None:  # erased meanwhile
            self._files.erase(_small_key(digest))
        return self._read_thumbnail(digest)

    def replace(self, digest: str, content: bytes) -> None:
        """Show another JPEG in place of the photo, for good: also when the photo is sent again."""
        # the small one first: who makes one from the photo of before does not write over it
        self._files.replace(_small_key(digest), thumbnail(content, self._thumbnail_px))
        self._files.replace(_key(digest), content)

    def digest_of(self, raw: bytes) -> str | None:
        """The digest that what was sent has when it is stored; None if it is no photo."""
        try:
            return hashlib.sha256(picture_of(raw[: self._picture(raw)], self._zone, self._limits).content).hexdigest()
        except BadPhoto:
            return None

    async def named(self, digest: str) -> Photo | None:
        """The photo that a submission is about to name, whose time is renewed for that; None if it is not stored."""
        return await self._run(self._readers, self._named, digest)

    def _named(self, digest: str) -> Photo | None:
        if not self.wanted(digest) or (content := self.read(digest)) is None:
            return None
        with Image.open(io.BytesIO(content)) as image:
            return Photo(digest=digest, dhash=dhash(image))

    def wanted(self, digest: str) -> bool:
        """True if it is stored; also renews its storage time, because a submission is about to refer to it."""
        return DIGEST.fullmatch(digest) is not None and self._files.renew(_key(digest))

    def stored_s(self, digest: str) -> float | None:
        """When the photo of this digest was last stored (s since the epoch); None if it is not stored."""
        return self._files.stored_s(_key(digest))

    def forget(self, digest: str) -> None:
        """Remove the photo if it is still stored."""
        self._files.erase(_key(digest))
        self._files.erase(_small_key(digest))

    def close(self) -> None:
        """Wait until pending photos are stored."""
        self._threads.shutdown()
        self._readers.shutdown()

    @staticmethod
    async def _run(threads: ThreadPoolExecutor, work: Callable[[Given], Done], given: Given) -> Done:
        return await asyncio.get_running_loop().run_in_executor(threads, work, given)


def _small_key(digest: str) -> str:
    return f"{digest[:2]}/{digest}.small.jpg"


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest}.jpg"
