"""What an error leaves of a file: nothing of the transaction that it ended."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from schemas.errors import Retry


class UnwritableFile(Protocol):
    """The error of a file that cannot be used."""

    def __call__(self, *, file: str, fault: str) -> Retry:
        """Of this file, and why."""


@contextlib.contextmanager
def undoing(path: Path, db: Callable[[], sqlite3.Connection], unwritable: UnwritableFile) -> Iterator[None]:
    """After an error roll `db` back, if it is open; what the disk or SQLite says is raised as `unwritable`."""
    try:
        yield
    except BaseException as fault:
        with contextlib.suppress(sqlite3.Error, AttributeError):
            db().execute("ROLLBACK")
        if isinstance(fault, sqlite3.Error | OSError):
            raise unwritable(file=str(path), fault=str(fault)) from fault
        raise
