"""Whether the PostgreSQL that has the ledger answers: its process waits for it, and says so in its log alone."""

from connectors.ledger.address import is_postgres
from connectors.ledger.connection import LedgerAway
from connectors.ledger.postgres.missing import PostgresMissingError, require
from grid36.settings import Settings
from schemas.names import Language
from texts.catalogue import say


def ledger_problems(settings: Settings, language: Language = Language.EN) -> list[str]:
    """What is wrong with its server and what to do; nothing of a file. Waits a few seconds at most."""
    if not is_postgres(settings.ledger_address):
        return []
    try:
        require()
        from connectors.ledger.postgres.engine import PostgresAway  # SQLAlchemy, only where it is used
        from connectors.ledger.postgres.looking import version_at

        try:
            version_at(str(settings.ledger_address))
        except PostgresAway as away:
            return [say(language, "system.status.ledger_away", **away.facts)]
    except (LedgerAway, PostgresMissingError) as fault:
        return [fault.say(language)]
    return []
