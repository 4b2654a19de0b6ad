"""Asks the server of a ledger in PostgreSQL whether it answers: for whoever looks, without keeping them waiting."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from connectors.ledger.postgres.engine import away, engine_of
from connectors.ledger.postgres.epochs import published

PATIENCE_S: Final = 2
"""For connecting, and once more for the answer; libpq knows no less than two seconds."""


def version_at(url: str, patience_s: int = PATIENCE_S) -> str:
    """The version of the tables that are read; "" if there are none yet. Raises `PostgresAway`, `PostgresOld`."""
    engine = engine_of(url, connect_s=patience_s)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SET statement_timeout = '{patience_s}s'")
            found = published(connection)
    except DBAPIError as error:
        raise away(url, error) from error
    finally:
        engine.dispose()
    return "" if found is None else found[1]
