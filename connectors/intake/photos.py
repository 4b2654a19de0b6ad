"""Stores photos: checks them, turns them upright, scales them down, removes EXIF, and names each file by its SHA-256.

The EXIF position and time become fields of `Photo` and are never in the stored picture.
"""

import asyncio
import contextlib
import hashlib
import io
import math
import os
import re
import secrets
import warnings
from collections.abc import AsyncIterable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, TypeVar

from PIL import ExifTags, Image, ImageOps
from pydantic import ValidationError

from connectors.intake.photo_formats import SIDE, BadPhoto, PhotoLimits, open_photo, picture_in
from schemas.report import Photo

Raw = TypeVar("Raw", bytes, bytearray)
Done = TypeVar("Done")
QUALITY: Final = 85
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class PhotoStore:
    """A folder of JPEG files named by their digests; each is written once, synced, and never changed.

    EXIF times without a zone are in `zone`. Close it when done.
    """

    def __init__(
        self, folder: Path, zone: tzinfo = UTC, *, threads: int = 2, limits: PhotoLimits | None = None
    ) -> None:
        # Problems with a picture are answered or irrelevant; nobody reading the log could act on these warnings.
        warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
        self.folder = folder
        self._zone = zone
        self._limits = limits or PhotoLimits()
        self._threads = ThreadPoolExecutor(threads, "photos")

    async def add(self, chunks: AsyncIterable[bytes]) -> Photo | None:
        """Store one photo; None if nothing was sent (an empty form field). Raises `BadPhoto`."""
        raw, sent, is_whole = bytearray(), 0, False
        async for chunk in chunks:
            sent += len(chunk)
            if sent > self._limits.with_film:
                raise self._too_large()
            if is_whole:
                continue  # the film of a motion photo
            raw += chunk
            if len(raw) > self._limits.bytes:
                del raw[await self._off_the_loop(self._picture, raw) :]
                is_whole = True
        if not raw:
            return None
        return await self._off_the_loop(self.add_bytes, bytes(raw))

    async def _off_the_loop(self, work: Callable[[Raw], Done], raw: Raw) -> Done:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, raw)

    def _picture(self, raw: bytes | bytearray) -> int:
        """Where the picture ends. Raises `BadPhoto` if that is beyond the limit."""
        end = picture_in(raw) or len(raw)
        if end > self._limits.bytes:
            raise self._too_large()
        return end

    def _too_large(self) -> BadPhoto:
        return BadPhoto(code="photo_too_large", limit=self._limits.bytes // 1_000_000)

    def add_bytes(self, raw: bytes) -> Photo:
        """Store the photo in `raw`; blocking. The same bytes always give the same digest. Raises `BadPhoto`."""
        small, taken_ms, where = _prepare(raw[: self._picture(raw)], self._zone, self._limits)
        digest = hashlib.sha256(small).hexdigest()
        write_once(self._path(digest), small)
        lon, lat = where or (None, None)
        try:
            return Photo(digest=digest, taken_ms=taken_ms, lon=lon, lat=lat)
        except ValidationError:  # a camera whose clock is set to the year 1
            return Photo(digest=digest, lon=lon, lat=lat)

    def find(self, digest: str) -> Path | None:
        """The file of a photo; None if it is not stored."""
        if DIGEST.fullmatch(digest) is None:
            return None
        path = self._path(digest)
        return path if path.is_file() else None

    def stored_s(self, digest: str) -> float | None:
        """When the photo of this digest was last stored (s since the epoch); None if it is not stored."""
        try:
            return self._path(digest).stat().st_mtime
        except FileNotFoundError:
            return None

    def wanted(self, digest: str) -> bool:
        """True if it is stored; also renews its storage time, because a submission is about to refer to it."""
        path = self.find(digest)
        if path is not None:
            with contextlib.suppress(FileNotFoundError):
                os.utime(path)
        return path is not None

    def forget(self, digest: str) -> None:
        """Remove the photo if it is still stored."""
        self._path(digest).unlink(missing_ok=True)

    def close(self) -> None:
        """Wait until pending photos are stored."""
        self._threads.shutdown()

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.jpg"


def _prepare(raw: bytes, zone: tzinfo, limits: PhotoLimits) -> tuple[bytes, int | None, tuple[float, float] | None]:
    """(JPEG without metadata, time taken in ms, (lon, lat) in WGS-84)."""
    with open_photo(raw, limits) as image:
        taken_ms, where = _exif(image, zone)
        try:
            return _small(image), taken_ms, where
        except Exception:  # noqa: BLE001 - decoders raise anything: the file is truncated or corrupt
            raise BadPhoto(code="photo_broken", limit=0) from None


def _small(image: Image.Image) -> bytes:
    # a copy of 50 megapixels is 200 MB: make none before scaling down, except to change the mode
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.has_transparency_data:
        clear = _as(image, "RGBA")
        clear.thumbnail((SIDE, SIDE))
        image = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    small = _as(image, "RGB")
    small.thumbnail((SIDE, SIDE))
    clean = Image.new("RGB", small.size)  # a new image has no comment, profile or EXIF that saving would copy
    clean.paste(small)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _as(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)


def _exif(image: Image.Image, zone: tzinfo) -> tuple[int | None, tuple[float, float] | None]:
    try:
        exif = image.getexif()
        return _taken(exif.get_ifd(ExifTags.IFD.Exif), zone), _where(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # noqa: BLE001 - EXIF is a bonus; broken EXIF is none
        return None, None


def _taken(tags: dict[int, object], zone: tzinfo) -> int | None:
    text, offset = tags.get(ExifTags.Base.DateTimeOriginal), tags.get(ExifTags.Base.OffsetTimeOriginal)
    with contextlib.suppress(ValueError, OverflowError):
        time = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        with contextlib.suppress(ValueError):
            time = datetime.strptime(f"{text} {str(offset).strip()}", "%Y:%m:%d %H:%M:%S %z")
        return round(time.timestamp() * 1000)
    return None


def _where(tags: dict[int, object]) -> tuple[float, float] | None:
    lat = _degrees(tags.get(ExifTags.GPS.GPSLatitude), tags.get(ExifTags.GPS.GPSLatitudeRef) == "S")
    lon = _degrees(tags.get(ExifTags.GPS.GPSLongitude), tags.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    if lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        return None
    return lon, lat


def _degrees(parts: object, negative: bool) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    degrees = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    return (-degrees if negative else degrees) if math.isfinite(degrees) else None


def write_once(path: Path, content: bytes) -> None:
    """Write the file atomically and synced, unless it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        os.utime(path)
    else:
        _write(path, content)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.new")
    try:
        with new.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink(missing_ok=True)
