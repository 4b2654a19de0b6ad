"""The ledger's path is a link to the file of the present epoch: a rebuilt file takes its place in one step.

Each epoch is a file of its own (`ledger.sqlite` → `ledger-4f1c….sqlite`), so that no write-ahead log of one is ever
taken for that of another, and a reader that still has the old file open reads it unharmed to its end.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from connectors.ledger.write.store import Store
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
    """Hold the lock of `path` for one `purpose` ("run" or "rebuild"); freed by the system when the process dies.

    Raises `LedgerBusyError` when another process keeps it for `patience_s`.
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
    """The file that `path` links to now; None when there is none yet. Raises `NotALedgerError`."""
    if path.is_symlink():
        target = path.parent / path.readlink()
        return target if target.exists() else None
    if path.exists():
        raise NotALedgerError(file=path)
    return None


def new(path: Path) -> Store:
    """An empty store of a new epoch beside `path`, invisible before `publish`."""
    epoch = secrets.token_hex(8)
    return Store.create(path.parent / f"{path.stem}-{epoch}{path.suffix}", epoch)


def publish(path: Path, file: Path) -> None:
    """Link `path` to `file`, and remove the files of other epochs."""
    link = path.parent / f"{path.name}.next"
    link.unlink(missing_ok=True)
    link.symlink_to(file.name)
    os.replace(link, path)
    clean(path)


def clean(path: Path) -> None:
    """Remove what killed rebuilds and earlier epochs left behind; only under the lock for rebuilding."""
    keep = present(path)
    for file in path.parent.glob(f"{path.stem}-*{path.suffix}"):
        if file != keep:
            for suffix in BESIDE:
                Path(f"{file}{suffix}").unlink(missing_ok=True)
