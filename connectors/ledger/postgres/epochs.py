"""The epochs of a ledger in PostgreSQL: each has its tables in a schema of its own, and one row says which is read."""

from typing import Final

from psycopg import errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from connectors.ledger.connection import LedgerAway, LedgerOld
from connectors.ledger.schema import VERSION

HOME: Final = "grid36_ledger"
"""The schema of that row; those of the epochs begin with it."""
SET_UP: Final = f"""
CREATE SCHEMA IF NOT EXISTS {HOME};
CREATE TABLE IF NOT EXISTS {HOME}.published (
    one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one),
    epoch TEXT NOT NULL,
    version TEXT NOT NULL
);
"""
_PUBLISHED: Final = f"SELECT epoch, version FROM {HOME}.published"  # noqa: S608 - names of ours
_PUBLISH: Final = (
    f"INSERT INTO {HOME}.published (epoch, version) VALUES (%s, %s)"  # noqa: S608
    " ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, version = excluded.version"
)
_OTHERS: Final = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) AND nspname <> %s"
WAIT: Final = "5s"
"""How long readers of an epoch may keep its tables from being removed; after that the next rebuild does it."""


def schema_of(epoch: str) -> str:
    """The schema of an epoch."""
    return f"{HOME}_{epoch}"


def published(connection: Connection) -> tuple[str, str] | None:
    """The epoch that is read and the version of its tables; None if there is none yet."""
    try:
        row = connection.exec_driver_sql(_PUBLISHED).fetchone()
    except DBAPIError as error:
        if isinstance(error.orig, errors.UndefinedTable):
            return None
        raise
    return None if row is None else (str(row[0]), str(row[1]))


def enter(connection: Connection, server: str) -> str:
    """Let a connection read the tables of the published epoch; returns it. Raises `LedgerAway`, `LedgerOld`."""
    found = published(connection)
    if found is None:
        raise LedgerAway(server=server)
    epoch, version = found
    if version != VERSION:
        raise LedgerOld(server=server)
    look_in(connection, epoch)
    return epoch


def look_in(connection: Connection, epoch: str) -> None:
    """Let a connection have the tables of an epoch."""
    if connection.info.get("epoch") != epoch:
        connection.exec_driver_sql(f"SET search_path TO {schema_of(epoch)}")
        connection.info["epoch"] = epoch


def publish(connection: Connection, epoch: str) -> None:
    """From now on this one is read."""
    connection.exec_driver_sql(_PUBLISH, (epoch, VERSION))


def remove_others(connection: Connection) -> None:
    """Remove the tables of epochs that are not read; requires the lock for rebuilding."""
    found = published(connection)
    keep = schema_of(found[0]) if found is not None else ""
    connection.exec_driver_sql(f"SET lock_timeout = '{WAIT}'")
    try:
        for (name,) in connection.exec_driver_sql(_OTHERS, (f"{HOME}_", keep)).fetchall():
            try:
                connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
            except DBAPIError as error:
                if not isinstance(error.orig, errors.LockNotAvailable):
                    raise
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
