"""Recognises photos that are the same picture re-encoded at another size or quality."""

import io
from collections.abc import Iterable
from typing import Final

import numpy as np
from PIL import Image

from connectors.photos.store import PhotoStore
from schemas.report import Photo

CELLS: Final = 32
"""The grid to which both pictures are reduced; each cell is the mean of the pixels it covers."""
SAVED_ANEW: Final = 10
"""The most that a cell differs (of 255) after re-encoding; where something was cleared away, a cell differs more."""
STRETCHED: Final = 0.03
"""The largest relative difference of the aspect ratio that rounding causes."""


def only_again(photos: Iterable[Photo], before: Iterable[Photo], store: PhotoStore) -> bool:
    """True if each photo matches one of the earlier ones, perhaps re-encoded; a missing file never does.

    Blocking. Raises `PhotosAwayError`.
    """
    seen = [cells for cells in (_cells(store.read(photo.digest)) for photo in before) if cells is not None]
    return all(any(_alike(cells, each) for each in seen) for cells in (_cells(store.read(p.digest)) for p in photos))


_Cells = tuple[float, "np.ndarray[tuple[int, ...], np.dtype[np.int16]]"]


def _cells(content: bytes | None) -> _Cells | None:
    """The aspect ratio, and the mean colour of each cell."""
    if content is None:
        return None
    with Image.open(io.BytesIO(content)) as image:
        ratio = image.width / image.height
        image.draft("RGB", (CELLS * 8, CELLS * 8))
        small = image.convert("RGB").resize((CELLS, CELLS), Image.Resampling.BOX)
    return ratio, np.asarray(small, dtype=np.int16)


def _alike(one: _Cells | None, other: _Cells) -> bool:
    if one is None or abs(one[0] / other[0] - 1) > STRETCHED:
        return False
    return int(np.abs(one[1] - other[1]).max()) <= SAVED_ANEW
