"""The file of contacts. Any number of processes may share it."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from connectors.contacts.rows import TABLES, ContactRows
from connectors.outbox.group_commit import open_file
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

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except BaseException as fault:
            with contextlib.suppress(sqlite3.Error, AttributeError):
                self._db.execute("ROLLBACK")
            if isinstance(fault, sqlite3.Error | OSError):
                raise ContactsUnwritableError(file=str(self._path), fault=str(fault)) from fault
            raise
