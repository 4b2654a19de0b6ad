"""Connections to a database of PostgreSQL, whose rows have the same values as those of SQLite."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from psycopg import Connection as Driver
from psycopg import errors
from psycopg.adapt import Buffer, Dumper, Loader
from sqlalchemy import Connection, CursorResult, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from connectors.ledger.connection import LedgerAway
from connectors.ledger.postgres.dialect import statement_of
from connectors.ledger.sql import Values

CONNECT_S: Final = 5
OLDEST: Final = 16
"""The first release of PostgreSQL that reads our queries."""
SETTINGS: Final = (
    "-c jit=off -c plan_cache_mode=force_custom_plan"
    " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)
"""Short queries are not worth compiling. A query that comes again is planned for its values each time: the plan for any
values takes three times as long to find hot spots. A writer whose machine is gone gives its lock back after a minute.
"""
GONE: Final = (errors.UndefinedTable, errors.InvalidSchemaName, errors.ObjectNotInPrerequisiteState)
"""What a query meets while a rebuild removes the tables that it was about to read."""


class PostgresAway(LedgerAway):
    """PostgreSQL does not answer. Look at its server, and at `GRID36_LEDGER`, `PGPASSWORD` and `PGPASSFILE`."""


class PostgresOld(LedgerAway):
    """This PostgreSQL is too old: 16 or newer is needed."""


class _ZeroOne(Dumper):
    """Truth values are kept as 0 and 1."""

    oid = 20

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _AsZeroOne(Loader):
    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


class _Number(Loader):
    """Sums of whole numbers come without an end to their size."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text else int(text)


def engine_of(url: str, *, pool: int = 8, connect_s: int = CONNECT_S) -> Engine:
    """Up to `pool` connections that stay open, and as many more for a while. Nothing is opened yet."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,  # errors are logged, and values may be personal data
        pool_size=pool,
        max_overflow=pool,
        connect_args={"connect_timeout": connect_s, "options": SETTINGS, "application_name": "grid36"},
        use_native_hstore=False,
    )
    event.listen(engine, "connect", _adapt)
    return engine


def _adapt(driver: Driver[Any], _: object) -> None:
    release = driver.info.server_version // 10_000
    if release < OLDEST:
        driver.close()
        raise PostgresOld(server=f"{driver.info.host}:{driver.info.port}", release=release)
    adapters = driver.adapters
    adapters.register_dumper(bool, _ZeroOne)
    adapters.register_loader("bool", _AsZeroOne)
    adapters.register_loader("numeric", _Number)


def execute(connection: Connection, sql: str, values: Values = (), *, large: bool = False) -> CursorResult[Any]:
    """The rows of a query of ours; `large`: they stay at the server until they are asked for."""
    text, numbered = statement_of(sql)
    given: dict[str, Any] | tuple[Any, ...]
    if isinstance(values, Mapping):
        given = dict(values)
    else:
        given = {f"p{n}": value for n, value in enumerate(values, 1)} if numbered else tuple(values)
    return connection.exec_driver_sql(text, given, {"stream_results": True} if large else None)


def is_gone(error: BaseException) -> bool:
    """Whether the connection was lost, or the tables were replaced: the same may work in a moment."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError) or isinstance(error.orig, GONE)
    return isinstance(error, (errors.OperationalError, *GONE))


def away(url: str, error: DBAPIError) -> PostgresAway:
    """What to say of it, without what may be in an address."""
    return PostgresAway(server=server_of(url), says=str(error.orig).strip().splitlines()[0])


def server_of(url: str) -> str:
    """Host, port and database."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
