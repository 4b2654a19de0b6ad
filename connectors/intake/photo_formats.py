"""What phones and programs save as a picture: told by its first bytes, opened within limits, without its film.

Pillow's own opener is passed by: it warns where we decide, and looks into what follows the first picture.
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
"""Pixels of the longer side of what is kept."""


@dataclass(frozen=True)
class PhotoLimits:
    """What a photo may cost."""

    bytes: int = 30_000_000
    """Of the picture; phones of 50 megapixels write 10 to 20 MB."""
    with_film: int = 120_000_000
    """Of all that is sent: a motion photo has some seconds of film behind its picture."""
    pixels: int = 205_000_000
    """For the sake of time; phones of 200 megapixels are just below."""
    memory: int = 600_000_000
    """Bytes while it is decoded. A JPEG is decoded at a fraction of its size, the others whole."""
    scans: int = 50
    """Of a JPEG, each of which is work for the whole picture: cameras make one, programs about ten."""


class BadPhoto(WrongInput):
    """This photo cannot be accepted. Send another one."""

    code: str
    """`photo_…`, as in `connectors.intake.messages`."""
    limit: int


def open_photo(raw: bytes, limits: PhotoLimits) -> Image.Image:
    """The picture, not yet decoded; a JPEG already set to a smaller scale. Raises `BadPhoto`."""
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
    """How many of the first bytes are the picture, without a film or second picture behind it.

    None when its end is not among these bytes, or the format has none that can be told.
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
    """The code of what can be said about a file that is no photo."""
    if _is_boxed(raw):
        return "photo_is_raw" if b"crx " in _brands(raw) else "photo_is_film"
    return next((code for sign, code in _KINDS if re.match(sign, raw, re.DOTALL)), "photo_unreadable")


def _is_boxed(raw: bytes | bytearray) -> bool:
    return raw[4:8] == b"ftyp"


def _brands(raw: bytes) -> set[bytes]:
    """The main brand, and those that the file is compatible with."""
    size = min(int.from_bytes(raw[:4], "big"), 1000)
    return {raw[8:12], *(raw[at : at + 4] for at in range(16, size, 4))}


# --- memory ----------------------------------------------------------------------------------------------------------

_PER_PIXEL: Final[dict[type[ImageFile], int]] = {PngImageFile: 7, WebPImageFile: 17, AvifImageFile: 11}
"""Bytes at the peak of decoding, measured."""
_PER_PIXEL_HEIF: Final = 9
_OTHER_MODE: Final = 5  # a second copy in colours


def _memory(image: ImageFile) -> float:
    """Bytes that decoding will take at its peak. Sets a JPEG to the smallest scale that is enough."""
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile):
        coefficients = 0.0
        if image.info.get("progressive"):  # kept whole, two bytes for each
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
    """The end of the last box before a film, as soon as the picture's own boxes are whole."""
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
