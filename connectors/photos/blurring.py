"""Makes parts of a stored picture unrecognisable, such as a face or a number plate."""

import io
from collections.abc import Iterable
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFilter

from connectors.photos.pictures import QUALITY
from schemas.errors import WrongInput

CELLS: Final = 6
"""A part is reduced to so many cells across and down: a mere blur can be undone."""


STEP: Final = 100


class PartOutsideError(WrongInput):
    """This part is not within the picture. Give the left and upper edge, width and height in pixels of the picture."""


class PhotoPart(NamedTuple):
    """A part of a picture, in pixels from its upper left corner."""

    left: int
    top: int
    width: int
    height: int


def blurred(content: bytes, parts: Iterable[PhotoPart], cells: int = CELLS) -> bytes:
    """The picture with these parts blurred for good; what of a part lies outside is left out.

    `cells` is how many are left of a part across and down: fewer for parts that are neighbours.

    Raises `PartOutsideError` for a part that is wholly outside, or empty.
    """
    with Image.open(io.BytesIO(content)) as stored:
        image = stored.convert("RGB")
    for part in parts:
        _blur(image, part, cells)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def with_grid(content: bytes) -> bytes:
    """The picture under lines at every hundred pixels, with their numbers, to find a part by."""
    with Image.open(io.BytesIO(content)) as stored:
        image = stored.convert("RGB")
    pen = ImageDraw.Draw(image)
    for x in range(0, image.width, STEP):
        pen.line((x, 0, x, image.height), fill="yellow")
        pen.text((x + 2, 2), str(x), fill="yellow", stroke_width=1, stroke_fill="black")
    for y in range(STEP, image.height, STEP):
        pen.line((0, y, image.width, y), fill="yellow")
        pen.text((2, y + 2), str(y), fill="yellow", stroke_width=1, stroke_fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _blur(image: Image.Image, box: PhotoPart, most: int) -> None:
    left, top = max(box.left, 0), max(box.top, 0)
    right, bottom = min(box.left + box.width, image.width), min(box.top + box.height, image.height)
    if left >= right or top >= bottom:
        raise PartOutsideError(part=",".join(map(str, box)), picture=f"{image.width}x{image.height}")
    part = image.crop((left, top, right, bottom))
    cells = min(most, part.width), min(most, part.height)
    coarse = part.resize(cells, Image.Resampling.BOX).resize(part.size, Image.Resampling.BICUBIC)
    image.paste(coarse.filter(ImageFilter.GaussianBlur(2)), (left, top))
