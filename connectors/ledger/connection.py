"""Opens a ledger file read-only."""

import sqlite3
from pathlib import Path

from schemas.errors import ServiceAway


class LedgerAway(ServiceAway):
    """There is no ledger file yet. Start the system with `grid36 up`, or the ledger with `grid36 ledger run`."""


class LedgerOld(LedgerAway):
    """The ledger file is of another release. Its process rebuilds it from the log when it starts: `grid36 up`."""


def open_to_read(file: Path) -> sqlite3.Connection:
    """Open a read-only connection; raises `sqlite3.OperationalError` if the file does not exist."""
    return sqlite3.connect(
        f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=10
    )
