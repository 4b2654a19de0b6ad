"""Thumbnails of stored pictures, for lists."""

import io
from typing import Final

from PIL import Image

SIDE: Final = 320
"""Pixels of the longer side, twice what lists show, for sharp screens; some 15 kB."""
QUALITY: Final = 75


def thumbnail(content: bytes, side: int = SIDE) -> bytes:
    """A small JPEG of a stored JPEG."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.draft("RGB", (side, side))
        small = image.convert("RGB")
        small.thumbnail((side, side))
        small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
