"""The icon of the installed form, drawn like `assets/icon.svg` is; filled to its edges, as phones cut it themselves."""

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw

SIZES: Final = (180, 192, 512)
_UNITS: Final = 32
_FINER: Final = 4


@cache
def icon_png(size: int) -> bytes:
    """A square PNG of `size` pixels."""
    scale = size * _FINER / _UNITS
    picture = Image.new("RGB", (size * _FINER, size * _FINER), "#0b5d56")
    draw, line = ImageDraw.Draw(picture), round(2 * scale)
    for at in (12, 20):
        draw.line([(6 * scale, at * scale), (26 * scale, at * scale)], fill="#79a5a1", width=line)
        draw.line([(at * scale, 6 * scale), (at * scale, 26 * scale)], fill="#79a5a1", width=line)
    draw.ellipse([15 * scale, 7 * scale, 25 * scale, 17 * scale], fill="#ffd27a")
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()
