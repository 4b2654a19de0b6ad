"""Files of photos in a folder, durable when they are confirmed."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from connectors.photos.files import PhotosAwayError


class FolderFiles:
    """A folder; each file is written beside its place, synced, and linked into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, key: str, content: bytes) -> None:
        """See `PhotoFiles`."""
        with _or_away():
            write_once(self._folder / key, content)

    def replace(self, key: str, content: bytes) -> None:
        """See `PhotoFiles`."""
        path = self._folder / key
        with _or_away():
            path.parent.mkdir(parents=True, exist_ok=True)
            with _written(path, content) as new:
                new.replace(path)
            _sync(path.parent)

    def read(self, key: str) -> bytes | None:
        """See `PhotoFiles`."""
        with _or_away():
            try:
                return (self._folder / key).read_bytes()
            except FileNotFoundError:
                return None

    def stored_s(self, key: str) -> float | None:
        """See `PhotoFiles`."""
        with _or_away():
            try:
                return (self._folder / key).stat().st_mtime
            except FileNotFoundError:
                return None

    def renew(self, key: str) -> bool:
        """See `PhotoFiles`."""
        with _or_away():
            try:
                os.utime(self._folder / key)
            except FileNotFoundError:
                return False
            return True

    def erase(self, key: str) -> None:
        """See `PhotoFiles`."""
        with _or_away():
            (self._folder / key).unlink(missing_ok=True)


def write_once(path: Path, content: bytes) -> None:
    """Write the file atomically and synced, unless it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        os.utime(path)
    else:
        with _written(path, content) as new, contextlib.suppress(FileExistsError):
            os.link(new, path)
    _sync(path.parent)


@contextlib.contextmanager
def _written(path: Path, content: bytes) -> Iterator[Path]:
    """A synced file beside `path`, for as long as this context."""
    new = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.new")
    try:
        with new.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextlib.contextmanager
def _or_away() -> Iterator[None]:
    """A full or broken disk is away, as a server is."""
    try:
        yield
    except OSError as fault:
        raise PhotosAwayError(reason=fault.strerror) from fault
