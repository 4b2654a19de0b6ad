"""The ledger in a database of PostgreSQL: whether its server answers, and whose tables are there."""

from collections.abc import Iterator
from typing import Final

from connectors.ledger.address import is_postgres
from connectors.ledger.connection import LedgerAway
from connectors.ledger.postgres.missing import PostgresMissingError, require
from connectors.ledger.schema import VERSION
from grid36.doctor.finding import Finding, bad, ok, warn
from grid36.settings import Settings

CHECK: Final = "database.ledger"


def check_ledger_server(settings: Settings) -> Iterator[Finding]:
    """Nothing where the ledger is in a file."""
    if not is_postgres(settings.ledger_address):
        return
    try:
        require()
        from connectors.ledger.postgres.looking import version_at  # SQLAlchemy, only where it is used

        version = version_at(str(settings.ledger_address))
    except (LedgerAway, PostgresMissingError) as fault:
        yield bad(CHECK, "doctor.database.away", says=fault)
        return
    if not version:
        yield warn(CHECK, "doctor.database.none_yet", database=settings.ledger_address)
    elif version != VERSION:
        yield warn(CHECK, "doctor.database.other_release", file=settings.ledger_address)
    else:
        yield ok(CHECK, "doctor.database.answers", database=settings.ledger_address)
