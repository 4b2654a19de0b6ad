"""Reads one ledger from many threads; a rebuild may replace it at any time."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from connectors.ledger.address import LedgerAddress, is_postgres
from connectors.ledger.file_reading import FileReading
from connectors.ledger.postgres.missing import require
from connectors.ledger.sql import LedgerRows, LedgerSource


class LedgerReader:
    """A read-only view of one ledger, safe to share between threads.

    After a rebuild replaces it, the next call reads the new one, and `epoch()` differs from then on.
    Every call raises `LedgerAway` while there is none, and `LedgerOld` while it has the tables of another release.
    """

    def __init__(self, address: LedgerAddress) -> None:
        self.address = address
        self._source = _source_of(address)

    @property
    def path(self) -> Path:
        """Of a file."""
        return Path(self.address)

    def epoch(self) -> str:
        """Random name of this ledger; sequences of different epochs must never be compared."""
        return str(self.rows("SELECT value FROM meta WHERE key = 'epoch'")[0][0])

    def version(self) -> object:
        """Compare it with an earlier one of the same thread: equal, and nobody wrote to the ledger meanwhile.

        Of a file it takes next to no time; a server is asked, which may be slow.
        """
        return self._source.version()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of one query; a single query sees one state of the ledger."""
        return self._source.rows(query, values)

    def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """The first row; None if there is none."""
        rows = self.rows(query, *values)
        return rows[0] if rows else None

    def snapshot(self, *, large: bool = False) -> AbstractContextManager[LedgerRows]:
        """Several queries that see the same state; `large`: of more rows than should be in memory at once."""
        return self._source.snapshot(large=large)

    def close(self) -> None:
        """Let go of this thread's connection; the next call opens a new one."""
        self._source.close()


def _source_of(address: LedgerAddress) -> LedgerSource:
    if is_postgres(address):
        require()
        from connectors.ledger.postgres.reading import PostgresReading  # SQLAlchemy, only where it is used

        return PostgresReading(str(address))
    return FileReading(Path(address))


def meta(connection: LedgerRows, key: str) -> str:
    """A value of the table `meta`."""
    return str(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])
