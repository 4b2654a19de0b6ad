"""A file of SQLite as the place of a ledger."""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from connectors.ledger.write import files
from connectors.ledger.write.store import Store, meta_of


class FilePlace:
    """The path links to the file of the current epoch."""

    def __init__(self, path: Path, zone: str) -> None:
        self._path, self.zone = path, zone

    def waits(self, error: Exception) -> bool:
        """After a full disk, or a file that somebody holds."""
        return isinstance(error, sqlite3.OperationalError)

    def damaged(self, error: Exception) -> bool:
        """After all else that SQLite says of a file."""
        return isinstance(error, sqlite3.DatabaseError)

    def only_one(self, purpose: str, patience_s: float = files.PATIENCE_S) -> AbstractContextManager[None]:
        """Hold the lock; the system frees it when the process dies."""
        return files.only_one(self._path, purpose, patience_s)

    def present(self) -> str | None:
        """The file that is read. Raises `NotALedgerError`."""
        file = files.present(self._path)
        return None if file is None else str(file)

    def version(self) -> str:
        """Of its tables."""
        return self._meta("version")

    def present_zone(self) -> str:
        """Of its days."""
        return self._meta("zone")

    def events(self) -> int | None:
        """How many events it has."""
        return files.events_in(self._path)

    def new(self) -> Store:
        """A file of its own beside the others."""
        return files.new(self._path, self.zone)

    def open(self) -> Store:
        """The file that is read."""
        return Store(self.present() or "")

    def publish(self, name: str) -> None:
        """Link the path to this file, and remove the others."""
        files.publish(self._path, Path(name))

    def clean(self) -> None:
        """Remove the files of killed rebuilds and earlier epochs."""
        files.clean(self._path)

    def _meta(self, key: str) -> str:
        file = files.present(self._path)
        return "" if file is None else meta_of(file, key)
