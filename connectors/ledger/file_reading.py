"""Reads one ledger file from many threads; a rebuild may replace the file at any time."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.ledger.connection import LedgerAway, LedgerOld, open_to_read
from connectors.ledger.schema import VERSION


class FileReading:
    """A read-only view of one file; each thread gets its own connection.

    After a rebuild replaces the file, the next call reads the new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def version(self) -> object:
        """It reads shared memory only."""
        connection = self._connection()
        return self._local.file, connection.execute("PRAGMA data_version").fetchone()[0]

    def rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Rows of one query."""
        return self._connection().execute(query, values).fetchall()

    @contextmanager
    def snapshot(self, *, large: bool = False) -> Iterator[sqlite3.Connection]:
        """Several queries that see the same state of the file."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        for _ in range(3):  # a rebuild may remove the file between the check and opening it
            try:
                if getattr(self._local, "file", None) != _identity(self._path):
                    self.close()
                    file = self._path.resolve(strict=True)
                    self._local.connection = _opened(file)
                    self._local.file = _identity(file)
            except (FileNotFoundError, sqlite3.OperationalError):
                continue
            connection: sqlite3.Connection = self._local.connection
            return connection
        raise LedgerAway(file=self._path)

    def close(self) -> None:
        """Close this thread's connection; the next call opens a new one."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local.file = self._local.connection = None
        if connection is not None:
            connection.close()


def _opened(file: Path) -> sqlite3.Connection:
    connection = open_to_read(file)
    row = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    if row != (VERSION,):
        connection.close()
        raise LedgerOld(file=file)
    return connection


def _identity(path: Path) -> tuple[int, int]:
    """Which file a path leads to: no other has the same as long as somebody has it open."""
    found = path.stat()
    return found.st_dev, found.st_ino
