"""The file of contacts. Any number of processes may share it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from connectors.contacts.rows import TABLES, ContactRows
from connectors.outbox.group_commit import open_file
from connectors.outbox.undoing import undoing
from schemas.errors import Retry

T = TypeVar("T")


class ContactsUnwritableError(Retry):
    """The contacts cannot be read or written, so nothing was changed. Look at the free space and the rights of their
    folder.
    """

    file: str
    fault: str


class ContactFile(ContactRows):
    """The file itself, for one thread, without a server: commands use it.

    Raises `ContactsUnwritableError` when the disk or the file does not allow it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._guarded():
            super().__init__(open_file(path, TABLES))

    def together(self, works: Sequence[Callable[[ContactRows], T]]) -> list[T]:
        """Do all in one transaction; on return it is on disk, and after an error nothing was done."""
        with self._guarded():
            self._db.execute("BEGIN IMMEDIATE")
            done = [work(self) for work in works]
            self._db.execute("COMMIT")
        return done

    def scrub(self) -> None:
        """Leave nothing of what was removed in the write-ahead log; not inside `together`."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file; what is in it stays."""
        self._db.close()

    def _guarded(self) -> AbstractContextManager[None]:
        return undoing(self._path, lambda: self._db, ContactsUnwritableError)
