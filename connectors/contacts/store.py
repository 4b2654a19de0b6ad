"""The file of contacts. Any number of processes may share it."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from connectors.contacts.rows import TABLES, ContactRows
from schemas.errors import Retry

BUSY_S: Final = 10.0

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
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            super().__init__(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False))
            self._db.executescript(
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; {TABLES}"
            )

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
