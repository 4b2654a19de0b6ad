"""The ledger's path is a link to the file of the current epoch; a rebuilt file replaces it atomically.

Each epoch has its own file (`ledger.sqlite` → `ledger-4f1c….sqlite`), so that write-ahead logs are never mixed up and
a reader that has the old file open can finish reading it.
"""

import fcntl
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from connectors.ledger.connection import open_to_read
from connectors.ledger.write.store import UTC, Store
from schemas.errors import Stop

PATIENCE_S: Final = 5.0
BESIDE: Final = ("", "-wal", "-shm")


class LedgerBusyError(Stop):
    """Another process writes this ledger. End it first, or name another file with `GRID36_LEDGER`."""

    file: Path


class NotALedgerError(Stop):
    """There is a file here that is no ledger of ours. Move it away, or name another file with `GRID36_LEDGER`."""

    file: Path


@contextmanager
def only_one(path: Path, purpose: str, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the lock of `path` for one `purpose` ("run" or "rebuild"); the system frees it when the process dies.

    Raises `LedgerBusyError` if another process holds it for `patience_s`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f"{path.name}.{purpose}.lock").open("w") as file:
        end = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise LedgerBusyError(file=path) from None
                time.sleep(0.1)
        yield


def present(path: Path) -> Path | None:
    """The file that `path` links to; None if there is none yet. Raises `NotALedgerError`."""
    if path.is_symlink():
        target = path.parent / path.readlink()
        return target if target.exists() else None
    if path.exists():
        raise NotALedgerError(file=path)
    return None


def events_in(path: Path) -> int | None:
    """How many events the ledger at `path` has, of whatever release it is; None if that is unknown."""
    file = present(path)
    if file is None:
        return None
    try:
        with closing(open_to_read(file)) as connection:
            return int(connection.execute("SELECT coalesce(max(seq), 0) FROM timeline").fetchone()[0])
    except sqlite3.DatabaseError:
        return None


def new(path: Path, zone: str = UTC) -> Store:
    """An empty store of a new epoch beside `path`, invisible before `publish`."""
    epoch = secrets.token_hex(8)
    return Store.create(path.parent / f"{path.stem}-{epoch}{path.suffix}", epoch, zone)


def publish(path: Path, file: Path) -> None:
    """Link `path` to `file`, and remove the files of other epochs."""
    link = path.parent / f"{path.name}.next"
    link.unlink(missing_ok=True)
    link.symlink_to(file.name)
    os.replace(link, path)
    clean(path)


def clean(path: Path) -> None:
    """Remove files of killed rebuilds and earlier epochs; requires the lock for rebuilding."""
    keep = present(path)
    for file in path.parent.glob(f"{path.stem}-*{path.suffix}"):
        if file != keep:
            for suffix in BESIDE:
                Path(f"{file}{suffix}").unlink(missing_ok=True)
