"""Where the rows of a ledger are written: one transaction at a time, by one writer."""

from collections.abc import Callable, Sequence
from typing import Protocol

from connectors.ledger.sql import LedgerRows
from connectors.ledger.write.batch import Row


class WrittenRows(LedgerRows, Protocol):
    """Takes statements of one transaction."""

    def executemany(self, sql: str, rows: Sequence[Row], /) -> object:
        """A statement for each of the rows."""

    def insert(self, head: str, rows: Sequence[Row], tail: str = "") -> None:
        """Insert `rows`, all of one width; `tail` is what follows the values."""


class LedgerTables(WrittenRows, Protocol):
    """The tables of one epoch."""

    name: str
    """Tells this epoch from others: its file, or its random name."""

    def transact(self, write: Callable[[WrittenRows], None], *, erases: bool) -> None:
        """All of `write` or nothing; `erases`: what it removes is to leave as little behind as the database can."""

    def finish(self) -> None:
        """All is written, and others may read it."""

    def close(self) -> None:
        """Let go of it."""
