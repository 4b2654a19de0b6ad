"""Makes of what was sent the picture that is stored: upright, scaled down, without EXIF."""

import io
from datetime import tzinfo
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from connectors.photos.dhash import dhash
from connectors.photos.exif import exif_of
from connectors.photos.formats import SIDE, BadPhoto, PhotoLimits, open_photo

QUALITY: Final = 85


class UprightPicture(NamedTuple):
    """A JPEG without metadata, its perceptual hash, and what EXIF said: time taken (ms) and (lon, lat) in WGS-84."""

    content: bytes
    dhash: str | None
    taken_ms: int | None
    where: tuple[float, float] | None


def picture_of(raw: bytes, zone: tzinfo, limits: PhotoLimits) -> UprightPicture:
    """The picture in `raw`; the same bytes always give the same. Raises `BadPhoto`."""
    with open_photo(raw, limits) as image:
        taken_ms, where = exif_of(image, zone)
        try:
            return UprightPicture(*_small(image), taken_ms, where)
        except Exception:  # noqa: BLE001 - decoders raise anything: the file is truncated or corrupt
            raise BadPhoto(code="photo_broken", limit=0) from None


def _small(image: Image.Image) -> tuple[bytes, str | None]:
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
    return out.getvalue(), dhash(clean)


def _as(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)
