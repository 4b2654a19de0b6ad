"""The SQLite files of a home: whether they are whole, of this release, and in the journal mode they were made in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Final

from connectors.ledger.address import is_postgres
from connectors.ledger.schema import VERSION
from grid36.doctor.finding import Finding, bad, ok, warn
from grid36.settings import Settings

CHECK_S: Final = 5.0
"""How long one file is read; a million cases take longer, and are looked at as far as that."""
STEPS: Final = 100_000
LARGE_WAL: Final = 256 << 20
"""Bytes of a write-ahead log that somebody keeps from being folded into its file."""
BUSY_S: Final = 1.0
IN_WAL: Final = frozenset({"ledger.sqlite", "outbox.sqlite"})
"""Files that are read while they are written."""


def check_databases(settings: Settings, check_s: float = CHECK_S) -> Iterator[Finding]:
    """Each file that is there; nothing of those that are not."""
    found = sorted({*settings.home.glob("*.sqlite"), *settings.home.glob("doors/*/*.sqlite")})
    seen = set[Path]()
    own = () if is_postgres(settings.ledger_address) else (settings.ledger_file,)
    for file in (*own, *found):  # the ledger is a link to one of them
        if file.exists() and file.resolve() not in seen:
            seen.add(file.resolve())
            yield from check_database(file, settings, check_s)


def check_database(file: Path, settings: Settings, check_s: float) -> Iterator[Finding]:
    """Whether it is whole, its write-ahead log small, and the ledger of this release."""
    name = str(file.relative_to(settings.home)) if file.is_relative_to(settings.home) else str(file)
    check = f"database.{file.stem}"
    try:
        # not "immutable": others write meanwhile
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as db:
            whole, faults = _quick_check(db, check_s)
            (mode,) = db.execute("PRAGMA journal_mode").fetchone()
            found = db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() if _is_ledger(db) else None
    except sqlite3.Error as fault:
        yield bad(check, "doctor.database.unreadable", file=name, says=fault)
        return
    if faults:
        key = "ledger" if file == settings.ledger_file else "broken"
        yield bad(check, f"doctor.database.{key}", file=name, says=faults[0])
        return
    if found is not None and found[0] != VERSION:
        yield warn(check, "doctor.database.other_release", file=name)
    wal = Path(f"{file.resolve()}-wal")
    if mode != "wal" and file.name in IN_WAL:
        yield warn(check, "doctor.database.no_wal", file=name, mode=mode)
    elif wal.exists() and wal.stat().st_size > LARGE_WAL:
        yield warn(check, "doctor.database.large_wal", file=name, mb=wal.stat().st_size >> 20)
    yield ok(check, "doctor.database.good" if whole else "doctor.database.good_so_far", file=name)


def _is_ledger(db: sqlite3.Connection) -> bool:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {"meta", "timeline"} <= tables


def _quick_check(db: sqlite3.Connection, limit_s: float) -> tuple[bool, list[str]]:
    """Whether all was read, and what is wrong."""
    end = monotonic() + limit_s
    db.set_progress_handler(lambda: monotonic() > end, STEPS)
    try:
        rows = [row[0] for row in db.execute("PRAGMA quick_check(1)")]
    except sqlite3.OperationalError as fault:
        if "interrupted" not in str(fault):
            raise
        return False, []
    finally:
        db.set_progress_handler(None, 0)
    return True, [row for row in rows if row != "ok"]
