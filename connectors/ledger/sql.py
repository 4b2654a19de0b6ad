"""What a query of the ledger is asked of: SQLite's own connection, or one to PostgreSQL (`postgres/`).

Every query is one text for both. It is written in what both understand, and in a few marks that PostgreSQL has other
words for: `postgres/dialect.py` says which. Truth values are kept as 0 and 1, and conditions compare them: `open = 1`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Values = Sequence[object] | Mapping[str, Any]
"""Of `?` in their order, or of `:name` by name."""


class FoundRows(Protocol):
    """The rows of one query."""

    def fetchone(self) -> Any:
        """The next row; None behind the last one."""

    def fetchall(self) -> Sequence[Any]:
        """All that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class LedgerRows(Protocol):
    """Asks one state of the ledger."""

    def execute(self, sql: str, values: Values = ..., /) -> FoundRows:
        """The rows of a query."""


class LedgerSource(Protocol):
    """Where a ledger is read. Each call raises `LedgerAway` while there is none of this release."""

    def version(self) -> object:
        """Compare it with an earlier one of the same thread: equal, and nobody wrote meanwhile."""

    def rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Rows of one query, which sees one state."""

    def snapshot(self, *, large: bool = False) -> AbstractContextManager[LedgerRows]:
        """Several queries that see the same state; `large`: of more rows than should be in memory at once."""

    def close(self) -> None:
        """Let go of connections; the next call opens new ones."""


def zone_of(ledger: LedgerRows) -> ZoneInfo:
    """The zone in whose days and months the ledger keeps its sums."""
    ((name,),) = ledger.execute("SELECT value FROM meta WHERE key = 'zone'").fetchall()
    return ZoneInfo(name)
