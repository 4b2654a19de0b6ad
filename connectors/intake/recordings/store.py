"""Stores voice messages: recognised by their first bytes, kept as they came, and named by their SHA-256.

A recording waits beside the drafts until a submission refers to it; only then it is kept for good. What nobody
submits is removed by its age.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from connectors.intake.recordings.formats import TYPES, format_of
from connectors.photos.folder import write_once
from connectors.photos.store import DIGEST
from schemas.report import Recording

MOST_BYTES: Final = 10_000_000
MOST_SECONDS: Final = 86_400


class NoRecording(Exception):
    """The bytes are no sound that is known here."""


class RecordingStore:
    """A folder of files that are each written once, synced, and never changed. All methods block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, raw: bytes, seconds: int | None = None) -> Recording:
        """Store a recording until it is submitted. Raises `NoRecording`."""
        ending = format_of(raw)
        if not ending:
            raise NoRecording
        digest = hashlib.sha256(raw).hexdigest()
        write_once(self._waiting / f"{digest}.{ending}", raw)
        known = seconds if seconds is not None and 0 <= seconds <= MOST_SECONDS else None
        return Recording(digest=digest, format=ending, seconds=known)

    def keep(self, recordings: Iterable[Recording]) -> bool:
        """Keep these for good, because a submission is about to refer to them; False if one is not stored."""
        return all(self._keep(each) for each in recordings)

    def find(self, digest: str, ending: str) -> Path | None:
        """The file of a recording, submitted or not; None if it is not stored."""
        if DIGEST.fullmatch(digest) is None or ending not in TYPES:
            return None
        name = f"{digest}.{ending}"
        places = (self._folder / digest[:2] / name, self._waiting / name)
        return next((path for path in places if path.is_file()), None)

    def stored_s(self, digest: str) -> float | None:
        """When the recording of this digest was last submitted (s since the epoch); None if it is not stored."""
        return max((path.stat().st_mtime for path in self._files(digest)), default=None)

    def forget(self, digest: str) -> None:
        """Remove the recording, submitted or not, if it is still stored."""
        for path in self._files(digest):
            path.unlink(missing_ok=True)

    def drop(self, digest: str) -> None:
        """Remove the recording if it was not submitted."""
        for path in self._waiting.glob(f"{digest}.*") if DIGEST.fullmatch(digest) else ():
            path.unlink(missing_ok=True)

    def prune(self, before_s: float) -> int:
        """Remove what waits since before that time (s since the epoch) and was not submitted; how many files."""
        old = [path for path in self._waiting.glob("*") if path.stat().st_mtime < before_s]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    @property
    def _waiting(self) -> Path:
        return self._folder / "waiting"

    def _keep(self, recording: Recording) -> bool:
        path = self.find(recording.digest, recording.format)
        if path is None:
            return False
        kept = self._folder / recording.digest[:2] / path.name
        write_once(kept, path.read_bytes())
        if path != kept:
            path.unlink(missing_ok=True)
        return True

    def _files(self, digest: str) -> Iterator[Path]:
        if DIGEST.fullmatch(digest) is not None:
            for folder in (self._folder / digest[:2], self._waiting):
                yield from folder.glob(f"{digest}.*")
