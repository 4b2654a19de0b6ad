"""A perceptual hash: it stays nearly the same when a picture is scaled, saved anew, stamped or made brighter.

It is the difference hash, with a margin: a bit says that a cell is brighter than its left neighbour by more than noise.
A cropped, turned or mirrored picture has another one.
"""

from typing import Final

import numpy as np
from PIL import Image

CELLS: Final = 16
NOISE: Final = 2
"""Levels (of 255) that saving anew changes a cell; without this margin, the sky of a photo would be random bits."""
FEWEST_EDGES: Final = 24
"""A picture of fewer edges, such as a wall or the night, would resemble every other one of them."""


def dhash(image: Image.Image) -> str | None:
    """64 hex digits; None for a picture that shows too little."""
    grey = image.convert("L").resize((CELLS + 1, CELLS), Image.Resampling.BOX)
    steps = np.diff(np.asarray(grey, dtype=np.int16), axis=1)
    if int((np.abs(steps) > NOISE).sum()) < FEWEST_EDGES:
        return None
    return np.packbits(steps > NOISE).tobytes().hex()
