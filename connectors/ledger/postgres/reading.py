"""Reads a ledger in PostgreSQL from many threads; a rebuild may replace its tables at any time."""

import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, CursorResult
from sqlalchemy.exc import DBAPIError, OperationalError

from connectors.ledger.postgres.engine import away, engine_of, execute, is_gone, server_of
from connectors.ledger.postgres.epochs import enter
from connectors.ledger.sql import LedgerRows, Values

BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
T = TypeVar("T")


class PostgresSnapshot:
    """Queries within one transaction."""

    def __init__(self, connection: Connection, *, large: bool) -> None:
        self._connection, self._large = connection, large

    def execute(self, sql: str, values: Values = (), /) -> CursorResult[Any]:
        """The rows of a query."""
        return execute(self._connection, sql, values, large=self._large)


class PostgresReading:
    """A read-only view of the published epoch. What meets a lost connection or a rebuild is asked once more."""

    def __init__(self, url: str) -> None:
        self._url, self._server = url, server_of(url)
        self._engine = engine_of(url)
        weakref.finalize(self, self._engine.dispose)

    def version(self) -> object:
        """Each transaction of the writer counts one."""

        def ask(connection: Connection) -> object:
            epoch = enter(connection, self._server)
            return epoch, execute(connection, "SELECT revision FROM writer").fetchall()[0][0]

        return self._asked(ask)

    def rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Rows of one query."""

        def ask(connection: Connection) -> list[tuple[Any, ...]]:
            enter(connection, self._server)
            return list(map(tuple, execute(connection, query, values)))

        return self._asked(ask)

    @contextmanager
    def snapshot(self, *, large: bool = False) -> Iterator[LedgerRows]:
        """Several queries that see the same state."""
        connection = self._asked(self._begun, keep=True)
        try:
            yield PostgresSnapshot(connection, large=large)
            connection.exec_driver_sql("COMMIT")
        except BaseException as error:
            connection.invalidate()
            if isinstance(error, DBAPIError) and is_gone(error):
                raise away(self._url, error) from error
            raise
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connections of all threads that do not ask now; the next call opens new ones."""
        self._engine.dispose()

    def _begun(self, connection: Connection) -> Connection:
        connection.exec_driver_sql(BEGIN)
        enter(connection, self._server)
        connection.exec_driver_sql("SELECT value FROM meta").fetchall()  # while it is read, the tables stay
        return connection

    def _asked(self, ask: Callable[[Connection], T], *, keep: bool = False) -> T:
        """What `ask` finds. Raises `PostgresAway`."""
        for last in (False, True):
            try:
                connection = self._engine.connect()
            except OperationalError as error:
                raise away(self._url, error) from error
            try:
                found = ask(connection)
            except DBAPIError as error:
                connection.invalidate()
                connection.close()
                if not is_gone(error):
                    raise
                if last:
                    raise away(self._url, error) from error
                continue
            except BaseException:
                connection.close()
                raise
            if not keep:
                connection.close()
            return found
        raise AssertionError
