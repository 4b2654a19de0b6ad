"""Blurs parts of a photo in the store, and in the files that people sent through the browser chat."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from connectors.photos.blurring import CELLS, PhotoPart, blurred
from connectors.photos.store import PhotoStore
from grid36.gateway.forgetting import BROWSER

CELLS_OF_FIELD: Final = 2

log = logging.getLogger(__name__)


def blur_photo(
    store: PhotoStore, doors: Path, digest: str, parts: Sequence[PhotoPart], cells: int = CELLS
) -> int | None:
    """How many files of what was sent were replaced, too; None if there is no such photo.

    Blocks: each file that is stored for the pages of the chat is looked at. Done again after a kill, it does the rest.
    Raises `PartOutsideError` and `PhotosAwayError`.
    """
    content = store.read(digest)
    if content is None:
        return None
    after = blurred(content, parts, cells)
    copies = 0
    for path in _sent(doors):
        raw = path.read_bytes()
        if raw == content or store.digest_of(raw) == digest:
            new = path.with_name(f"{path.name}.blurred")
            new.write_bytes(after)
            new.replace(path)
            copies += 1
    store.replace(digest, after)  # last: as long as it is there unblurred, the command is not over
    return copies


class Blurring:
    """The same from a page, one after the other; the parts are fields of a grid, whose neighbours may be chosen too."""

    def __init__(self, store: PhotoStore, doors: Path) -> None:
        self._store, self._doors, self._turn = store, doors, asyncio.Lock()

    async def __call__(self, digest: str, parts: Sequence[PhotoPart]) -> None:
        """Blur these parts, if there is such a photo."""
        async with self._turn:
            await asyncio.to_thread(blur_photo, self._store, self._doors, digest, parts, CELLS_OF_FIELD)
        log.info("%d parts of a photo were blurred", len(parts))


def _sent(doors: Path) -> list[Path]:
    from connectors.doors.browser.platform import FILES

    folder = doors / BROWSER / FILES
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
