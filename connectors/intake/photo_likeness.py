"""Whether a photo shows the same picture as another one that was only saved anew: smaller, or in another quality."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from connectors.intake.photos import PhotoStore
from schemas.report import Photo

CELLS: Final = 32
"""Both pictures are looked at as so many by so many cells, each the mean of what it covers."""
SAVED_ANEW: Final = 10
"""No cell differs by more, of 255, when a picture was saved anew; where something was cleared away, some cell does."""
STRETCHED: Final = 0.03
"""Shares by which the sides of the same picture differ at most, by rounding."""


def only_again(photos: Iterable[Photo], before: Iterable[Photo], store: PhotoStore) -> bool:
    """Whether each of these photos is one of those before, perhaps saved anew; blocking. A file that is gone is not."""
    seen = [cells for cells in (_cells(store.find(photo.digest)) for photo in before) if cells is not None]
    return all(any(_alike(cells, each) for each in seen) for cells in (_cells(store.find(p.digest)) for p in photos))


_Cells = tuple[float, "np.ndarray[tuple[int, ...], np.dtype[np.int16]]"]


def _cells(path: Path | None) -> _Cells | None:
    """Width by height, and the mean colour of each cell."""
    if path is None:
        return None
    with Image.open(path) as image:
        ratio = image.width / image.height
        image.draft("RGB", (CELLS * 8, CELLS * 8))
        small = image.convert("RGB").resize((CELLS, CELLS), Image.Resampling.BOX)
    return ratio, np.asarray(small, dtype=np.int16)


def _alike(one: _Cells | None, other: _Cells) -> bool:
    if one is None or abs(one[0] / other[0] - 1) > STRETCHED:
        return False
    return int(np.abs(one[1] - other[1]).max()) <= SAVED_ANEW
