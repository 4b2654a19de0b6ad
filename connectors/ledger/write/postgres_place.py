"""A database of PostgreSQL as the place of a ledger: who may write it, and which epoch is read."""

import secrets
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, PendingRollbackError

from connectors.ledger.postgres.engine import PostgresAway, away, engine_of, is_gone, server_of
from connectors.ledger.postgres.epochs import HOME, SET_UP, publish, published, remove_others
from connectors.ledger.write.files import PATIENCE_S, LedgerBusyError
from connectors.ledger.write.postgres_tables import PostgresTables, TakenOver
from connectors.ledger.write.store import Store

LOCKS: Final = {"run": 1, "rebuild": 2}
OURS: Final = 0x67333620
"""Tells our advisory locks from those of others in the same database."""


class PostgresPlace:
    """One ledger in one database."""

    def __init__(self, url: str, zone: str) -> None:
        self._url, self.zone = url, zone
        self._engine = engine_of(url)
        weakref.finalize(self, self._engine.dispose)

    def waits(self, error: Exception) -> bool:
        """After a lost connection, and after another process took over: which of them may go on, its lock says."""
        passing = TakenOver | PostgresAway | PendingRollbackError  # the last: the other topic met the lost connection
        return isinstance(error, passing) or is_gone(error)

    def damaged(self, error: Exception) -> bool:
        """Never."""
        return False

    @contextmanager
    def only_one(self, purpose: str, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """Hold the lock for one purpose; the server frees it when the connection ends. Raises `LedgerBusyError`."""
        connection = self._connect()
        try:
            connection.exec_driver_sql(SET_UP)
            end = time.monotonic() + patience_s
            ask = "SELECT pg_try_advisory_lock(%s, %s)"
            while not connection.exec_driver_sql(ask, (OURS, LOCKS[purpose])).fetchall()[0][0]:
                if time.monotonic() > end:
                    raise LedgerBusyError(file=server_of(self._url))
                time.sleep(0.1)
            yield
        finally:
            connection.invalidate()
            connection.close()

    def present(self) -> str | None:
        """The epoch that is read."""
        with self._connect() as connection:
            found = published(connection)
        return None if found is None else found[0]

    def version(self) -> str:
        """Of the tables that are read; "" if there are none."""
        with self._connect() as connection:
            found = published(connection)
        return "" if found is None else found[1]

    def present_zone(self) -> str:
        """The zone of the days of those that are read; "" if unknown."""
        with self._connect() as connection:
            found = published(connection)
            if found is None:
                return ""
            query = f"SELECT value FROM {HOME}_{found[0]}.meta WHERE key = 'zone'"  # noqa: S608 - names of ours
            return "".join(value for (value,) in connection.exec_driver_sql(query).fetchall())

    def events(self) -> int | None:
        """How many events there are; None if that is unknown."""
        with self._connect() as connection:
            found = published(connection)
            if found is None:
                return None
            query = f"SELECT coalesce(max(seq), 0) FROM {HOME}_{found[0]}.timeline"  # noqa: S608 - names of ours
            return int(connection.exec_driver_sql(query).fetchall()[0][0])

    def new(self) -> Store:
        """An empty store of a new epoch, invisible before `publish`."""
        epoch = secrets.token_hex(8)
        return Store.create(PostgresTables.create(self._engine, epoch), epoch, self.zone)

    def open(self) -> Store:
        """The store of the epoch that is read, for its next writer."""
        return Store(PostgresTables(self._engine, self.present() or ""))

    def publish(self, name: str) -> None:
        """From now on this epoch is read; the others are removed."""
        with self._connect() as connection:
            publish(connection, name)
            remove_others(connection)

    def clean(self) -> None:
        """Remove what killed rebuilds and earlier epochs left; requires the lock for rebuilding."""
        with self._connect() as connection:
            remove_others(connection)

    def _connect(self) -> Connection:
        try:
            return self._engine.connect()
        except OperationalError as error:
            raise away(self._url, error) from error
