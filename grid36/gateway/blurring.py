"""Blurs parts of a photo in the store, and in the files that people sent through the browser chat."""

from collections.abc import Sequence
from pathlib import Path

from connectors.photos.blurring import PhotoPart, blurred
from connectors.photos.store import PhotoStore
from grid36.gateway.forgetting import BROWSER


def blur_photo(store: PhotoStore, doors: Path, digest: str, boxes: Sequence[PhotoPart]) -> int | None:
    """How many files of what was sent were replaced, too; None if there is no such photo.

    Blocks: each file that is stored for the pages of the chat is looked at. Done again after a kill, it does the rest.
    Raises `PartOutsideError` and `PhotosAwayError`.
    """
    content = store.read(digest)
    if content is None:
        return None
    after = blurred(content, boxes)
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


def _sent(doors: Path) -> list[Path]:
    from connectors.doors.browser.platform import FILES

    folder = doors / BROWSER / FILES
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
