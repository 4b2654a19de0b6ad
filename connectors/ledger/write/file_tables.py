"""The tables of a ledger in a file of SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from connectors.ledger.kept.sums import MOVED
from connectors.ledger.schema import TABLES
from connectors.ledger.sql import Values
from connectors.ledger.write.batch import Row
from connectors.ledger.write.tables import WrittenRows

MOST_VALUES: Final = 32_000
"""Values in one statement, near SQLite's limit. SQLite runs a statement without Python's lock, so the next batch is
read meanwhile; every further statement may wait 5 ms to get the lock back."""
SETTINGS: Final = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;
"""


class FileTables:
    """The one writer of a file (`:memory:` for none)."""

    def __init__(self, file: Path | str, *, create: bool = False) -> None:
        self.name = str(file)
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=30)
        self._connection.executescript(SETTINGS + MOVED)
        if create:
            self._connection.executescript(f"BEGIN; {TABLES} COMMIT;")
        self._unclean = False

    def execute(self, sql: str, values: Values = (), /) -> sqlite3.Cursor:
        """The rows of a query."""
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, rows: Sequence[Row], /) -> object:
        """A statement for each of the rows."""
        return self._connection.executemany(sql, rows)

    def insert(self, head: str, rows: Sequence[Row], tail: str = "") -> None:
        """Insert `rows`, in as few statements as there can be."""
        if not rows:
            return
        one = f"({', '.join('?' * len(rows[0]))})"
        most = MOST_VALUES // len(rows[0])
        for i in range(0, len(rows), most):
            part = rows[i : i + most]
            self._connection.execute(head + ", ".join([one] * len(part)) + tail, list(chain.from_iterable(part)))

    def transact(self, write: Callable[[WrittenRows], None], *, erases: bool) -> None:
        """Run `write` in a transaction; erased content is overwritten with zeros everywhere."""
        self._connection.execute(f"PRAGMA secure_delete = {'ON' if erases else 'OFF'}")
        self._connection.execute("BEGIN IMMEDIATE")
        write(self)
        self._connection.execute("COMMIT")
        self._unclean |= erases
        if self._unclean:  # the write-ahead log has the bytes too; a long read may prevent emptying it
            self._connection.execute("PRAGMA busy_timeout = 200")
            self._unclean = bool(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
            self._connection.execute("PRAGMA busy_timeout = 30000")

    def finish(self) -> None:
        """Move the write-ahead log into the file and close it: only this one file remains."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
