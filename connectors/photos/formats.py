"""Photo formats: detected by the first bytes and opened within limits; the film of a motion photo is left out.

Does not use Pillow's own opener, which only warns about large pictures and parses what follows the first picture.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

import pillow_heif
from PIL import AvifImagePlugin, Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from schemas.errors import WrongInput

SIDE: Final = 1600
"""Pixels of the longer side of a stored photo."""


@dataclass(frozen=True)
class PhotoLimits:
    """Limits of one photo."""

    bytes: int = 30_000_000
    """Size of the picture; 50-megapixel phones write 10 to 20 MB."""
    with_film: int = 120_000_000
    """Size of the whole file: a motion photo has a few seconds of film after its picture."""
    pixels: int = 205_000_000
    """Limits decoding time; 200-megapixel phones are just below."""
    memory: int = 600_000_000
    """Bytes in use while it is decoded. A JPEG is decoded at a reduced scale, other formats at full size."""
    scans: int = 50
    """Scans of a JPEG; each one processes the whole picture. Cameras write one, programs about ten."""


class BadPhoto(WrongInput):
    """This photo cannot be accepted. Send another one."""

    code: str
    """`photo_…`, as in `connectors.intake.messages`."""
    limit: int


def open_photo(raw: bytes, limits: PhotoLimits) -> Image.Image:
    """Open the picture without decoding it; a JPEG is set to a smaller scale. Raises `BadPhoto`."""
    opener = _opener(raw)
    if opener is None:
        raise BadPhoto(code=_advice(raw), limit=0)
    if opener is JpegImageFile and _scans(raw) > limits.scans:
        raise BadPhoto(code="photo_unreadable", limit=0)
    try:
        image = opener(io.BytesIO(raw))
    except Exception:  # noqa: BLE001 - decoders raise anything on garbage, and all of it means the same
        raise BadPhoto(code="photo_unreadable", limit=0) from None
    pixels = image.width * image.height
    needed = _memory(image) / max(pixels, 1)
    most = min(limits.pixels, limits.memory / needed)
    if pixels > most:
        image.close()
        raise BadPhoto(code="photo_too_many_pixels", limit=int(most // 1_000_000))
    return image


def picture_in(raw: bytes | bytearray) -> int | None:
    """The length of the picture in bytes, without a film or second picture after it.

    None if its end is not within these bytes, or if the format does not mark it.
    """
    if raw.startswith(_BEGIN):
        return _end_of_jpeg(raw)
    if _is_boxed(raw):
        return _end_of_boxes(raw)
    return None


# --- formats ---------------------------------------------------------------------------------------------------------

_HEIF: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2"}
_AVIF: Final = {b"avif", b"avis"}
pillow_heif.options.DECODE_THREADS = 1  # the store has threads of its own
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def _opener(raw: bytes) -> type[ImageFile] | None:
    if raw.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return WebPImageFile
    if _is_boxed(raw):
        brands = _brands(raw)
        if brands & _AVIF:
            return AvifImageFile
        if brands & _HEIF:
            return pillow_heif.HeifImageFile
    return None


_KINDS: Final = (
    (rb"\x00\x00\x27\x0a|SQLite format 3|\s*\{\s*\"(type|features|crs)\"|<\?xml[^>]*>\s*<(kml|gpx)", "photo_is_map"),
    (rb"\x1aE\xdf\xa3|RIFF....AVI |FLV", "photo_is_film"),
    (rb"II\*\x00|MM\x00\*|II\+\x00|IIU\x00|FUJIFILM|IIRO|IIRS", "photo_is_raw"),
    (rb"%PDF|PK\x03\x04|\xd0\xcf\x11\xe0|\{\\rtf|Rar!|7z\xbc\xaf", "photo_is_document"),
)


def _advice(raw: bytes) -> str:
    """The code of the advice for a file that is not a photo."""
    if _is_boxed(raw):
        return "photo_is_raw" if b"crx " in _brands(raw) else "photo_is_film"
    return next((code for sign, code in _KINDS if re.match(sign, raw, re.DOTALL)), "photo_unreadable")


def _is_boxed(raw: bytes | bytearray) -> bool:
    return raw[4:8] == b"ftyp"


def _brands(raw: bytes) -> set[bytes]:
    """The major brand and the compatible brands."""
    size = min(int.from_bytes(raw[:4], "big"), 1000)
    return {raw[8:12], *(raw[at : at + 4] for at in range(16, size, 4))}


# --- memory ----------------------------------------------------------------------------------------------------------

_PER_PIXEL: Final[dict[type[ImageFile], int]] = {PngImageFile: 7, WebPImageFile: 17, AvifImageFile: 11}
"""Measured peak bytes per pixel while decoding."""
_PER_PIXEL_HEIF: Final = 9
_OTHER_MODE: Final = 5  # a second copy in RGB


def _memory(image: ImageFile) -> float:
    """Peak bytes that decoding will need. Sets a JPEG to the smallest sufficient scale."""
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile):
        coefficients = 0.0
        if image.info.get("progressive"):  # all coefficients stay in memory, two bytes each
            widest, highest = (max((layer[n] for layer in image.layer), default=1) for n in (1, 2))
            coefficients = 2 * pixels * sum(layer[1] * layer[2] for layer in image.layer) / (widest * highest)
        shrink = min(1.0, SIDE / max(image.size))
        image.draft("RGB", (max(1, round(image.width * shrink)), max(1, round(image.height * shrink))))
        return image.width * image.height * (4 + _OTHER_MODE) + coefficients
    plain = image.mode in {"RGB", "RGBA"}
    return pixels * (_PER_PIXEL.get(type(image), _PER_PIXEL_HEIF) + (0 if plain else _OTHER_MODE))


# --- where a picture ends --------------------------------------------------------------------------------------------

_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
_BEGIN, _SCAN, _END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"


def _scans(raw: bytes) -> int:
    """How many scans the first picture of a JPEG has."""
    scans, at = 0, 2
    while (found := _MARKER.search(raw, at)) and found[0] != _END:
        scans += found[0] == _SCAN
        at = found.end() + int.from_bytes(raw[found.end() : found.end() + 2], "big")
    return scans


def _end_of_jpeg(raw: bytes | bytearray) -> int | None:
    at = 2
    while found := _MARKER.search(raw, at):
        if found[0] == _END:
            return found.end()
        at = found.end() + int.from_bytes(raw[found.end() : found.end() + 2], "big")
    return None


def _end_of_boxes(raw: bytes | bytearray) -> int | None:
    """The end of the last box before a film, once the picture's own boxes are complete."""
    at, seen = 0, set[bytes]()
    while at + 8 <= len(raw):
        size, kind = int.from_bytes(raw[at : at + 4], "big"), bytes(raw[at + 4 : at + 8])
        if size == 1:
            size = int.from_bytes(raw[at + 8 : at + 16], "big")
        whole = 8 <= size <= len(raw) - at
        if {b"meta", b"mdat"} <= seen and (kind == b"mpvd" or not whole):
            return at
        if not whole:
            return None
        seen.add(kind)
        at += size
    return at if {b"meta", b"mdat"} <= seen else None
