"""The tables of one epoch in PostgreSQL, and their one writer."""

import re
from collections.abc import Callable, Sequence
from itertools import chain
from time import monotonic
from typing import Any, Final

from sqlalchemy import CursorResult, Engine

from connectors.ledger.kept.sums import MOVED
from connectors.ledger.postgres.dialect import tables_of
from connectors.ledger.postgres.engine import execute
from connectors.ledger.postgres.epochs import look_in, schema_of
from connectors.ledger.schema import TABLES
from connectors.ledger.sql import Values
from connectors.ledger.write.batch import Row
from connectors.ledger.write.tables import WrittenRows
from schemas.errors import Retry

FEW: Final = 500
"""Values that are written in a statement of their own; of more the driver would take long to find their marks."""
_HEAD: Final = re.compile(r"INSERT INTO (\w+) \((.*)\) VALUES ")
WRITER: Final = """
CREATE TABLE writer (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    revision INTEGER NOT NULL
);
INSERT INTO writer VALUES (1, 0, 0);
"""
"""`generation` is that of the one writer, each of which takes over with the next; `revision` counts transactions."""
_INDEX: Final = re.compile(r"CREATE INDEX [^;]*;")
"""To add to each index row by row takes several times as long as to make it at the end."""
NOTES: Final = tables_of(MOVED).replace(");", ") ON COMMIT DELETE ROWS;")
_TAKE_OVER: Final = "UPDATE writer SET generation = generation + 1 RETURNING generation"
_STILL_MINE: Final = "UPDATE writer SET revision = revision + 1 WHERE generation = %s"
CLEAN_S: Final = 600.0
"""So often at most the space of erased texts is given free."""


class TakenOver(Retry):
    """Another process has taken over this ledger meanwhile, and nothing of this one was written since."""


class PostgresTables:
    """Writes one epoch. Whoever opened it last is the writer; what one before it still writes is refused."""

    def __init__(self, engine: Engine, epoch: str) -> None:
        self.name = epoch
        self._connection = engine.connect()
        try:
            look_in(self._connection, epoch)
            self._connection.exec_driver_sql(NOTES)
            self._generation = self._connection.exec_driver_sql(_TAKE_OVER).fetchall()[0][0]
        except BaseException:
            self._let_go()
            raise
        self._cleaned_s, self._unclean = monotonic(), False

    @classmethod
    def create(cls, engine: Engine, epoch: str) -> "PostgresTables":
        """Empty ones of a new epoch, all or nothing. Their indexes are made by `finish`, at once from what is there."""
        schema = schema_of(epoch)
        with engine.connect() as connection:
            into = f"CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema};"
            connection.exec_driver_sql(f"BEGIN; {into} {tables_of(_INDEX.sub('', TABLES) + WRITER)} COMMIT;")
        return cls(engine, epoch)

    def execute(self, sql: str, values: Values = (), /) -> CursorResult[Any]:
        """The rows of a query."""
        return execute(self._connection, sql, values)

    def executemany(self, sql: str, rows: Sequence[Row], /) -> object:
        """A statement for each of the rows."""
        for row in rows:
            execute(self._connection, sql, row)
        return None

    def insert(self, head: str, rows: Sequence[Row], tail: str = "") -> None:
        """Insert `rows`: few by a statement, many by copying; those that may be there already through another table."""
        if not rows:
            return
        if len(rows) * len(rows[0]) <= FEW:
            one = f"({', '.join(['%s'] * len(rows[0]))})"
            text = head + ", ".join([one] * len(rows)) + tail
            self._connection.exec_driver_sql(text, tuple(chain.from_iterable(rows)))
            return
        found = _HEAD.fullmatch(head)
        assert found is not None, head
        table, columns = found.groups()
        if not tail:
            self._copy(table, columns, rows)
            return
        self._connection.exec_driver_sql(
            f"CREATE TEMP TABLE IF NOT EXISTS staged_{table} (LIKE {table}) ON COMMIT DELETE ROWS"
        )
        self._copy(f"staged_{table}", columns, rows)
        self._connection.exec_driver_sql(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM staged_{table}{tail}"  # noqa: S608 - names of ours
        )
        self._connection.exec_driver_sql(f"TRUNCATE staged_{table}")

    def _copy(self, table: str, columns: str, rows: Sequence[Row]) -> None:
        driver = self._connection.connection.driver_connection
        assert driver is not None
        with driver.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def transact(self, write: Callable[[WrittenRows], None], *, erases: bool) -> None:
        """Run `write` in a transaction. Raises `TakenOver`."""
        self._connection.exec_driver_sql("BEGIN")
        if self._connection.exec_driver_sql(_STILL_MINE, (self._generation,)).rowcount != 1:
            raise TakenOver
        write(self)
        self._connection.exec_driver_sql("COMMIT")
        self._unclean |= erases
        if self._unclean and monotonic() - self._cleaned_s >= CLEAN_S:
            self._connection.exec_driver_sql("VACUUM texts")
            self._cleaned_s, self._unclean = monotonic(), False

    def finish(self) -> None:
        """Make the indexes, let PostgreSQL look at how the values are spread, and close the connection."""
        for index in _INDEX.findall(TABLES):
            self._connection.exec_driver_sql(index)
        self._connection.exec_driver_sql("VACUUM ANALYZE")
        self._let_go()

    def close(self) -> None:
        """Close the connection; what was not committed is undone."""
        self._let_go()

    def _let_go(self) -> None:
        self._connection.invalidate()  # its temporary table and its transaction end with it
        self._connection.close()
