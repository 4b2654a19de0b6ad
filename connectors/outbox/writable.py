"""Whether the outbox can still be written, told by writing: free space and rights only say whether it should be."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from connectors.outbox.store import OutboxUnwritableError

BUSY_S: Final = 3.0


def check_writable(path: Path) -> None:
    """Write a page of the file that is there and sync it, without changing what it says. Blocking.

    Raises `OutboxUnwritableError`.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA user_version=0")
    except (sqlite3.Error, OSError) as fault:
        raise OutboxUnwritableError(file=str(path), fault=str(fault)) from fault
