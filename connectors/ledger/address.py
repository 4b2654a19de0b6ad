"""Where a ledger is: a file, or a database of PostgreSQL."""

from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from schemas.mistake import mistake

POSTGRES: Final = "postgresql://"
LedgerAddress = Path | str
"""A path, or `postgresql://USER@HOST:PORT/DATABASE` as a text."""
OPTIONS: Final = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "passfile"})
"""What may stand behind the name of the database; libpq says what it means."""


def is_postgres(address: LedgerAddress) -> bool:
    """Whether it is a database of PostgreSQL."""
    return isinstance(address, str) and address.startswith(POSTGRES)


def checked(address: str) -> str:
    """The address of a database. Raises `ValueError` that says what to write.

    A password is refused: addresses are shown, logged and handed to other processes.
    """
    try:
        parts = urlsplit(address)
        _, password, options = parts.port, parts.password, parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        raise mistake("mistakes.ledger.address") from None
    if password is not None:
        raise mistake("mistakes.ledger.password")
    if not parts.hostname or not parts.path.strip("/") or "/" in parts.path[1:] or parts.fragment:
        raise mistake("mistakes.ledger.address")
    if unknown := sorted({name for name, _ in options} - OPTIONS):
        raise mistake("mistakes.ledger.option", option=unknown[0], options=", ".join(sorted(OPTIONS)))
    return address
