"""A place where a ledger is written: who may do that, and which epoch is read."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from connectors.ledger.address import LedgerAddress, is_postgres
from connectors.ledger.postgres.missing import require
from connectors.ledger.write.file_place import FilePlace
from connectors.ledger.write.files import PATIENCE_S
from connectors.ledger.write.store import UTC, Store


class LedgerPlace(Protocol):
    """One ledger: each rebuild makes a new epoch of it, which replaces the one before at once."""

    zone: str
    """In the days of which new ones keep their sums."""

    def waits(self, error: Exception) -> bool:
        """Whether its writer should wait after this and go on: a full disk, a server that is away."""

    def damaged(self, error: Exception) -> bool:
        """Whether it has to be made anew after this."""

    def only_one(self, purpose: str, patience_s: float = PATIENCE_S) -> AbstractContextManager[None]:
        """Hold the lock for one `purpose` ("run" or "rebuild"); nobody has it longer than their process lives.

        Raises `LedgerBusyError` if another process holds it for `patience_s`.
        """

    def present(self) -> str | None:
        """The name of the epoch that is read; None if there is none yet."""

    def version(self) -> str:
        """The version of the tables that are read; "" if unknown."""

    def present_zone(self) -> str:
        """The zone of those that are read; "" if unknown."""

    def events(self) -> int | None:
        """How many events it has, of whatever release it is; None if that is unknown."""

    def new(self) -> Store:
        """An empty store of a new epoch, invisible before `publish`."""

    def open(self) -> Store:
        """The store of the epoch that is read."""

    def publish(self, name: str) -> None:
        """Let the epoch of this name be read from now on, and remove the others."""

    def clean(self) -> None:
        """Remove what killed rebuilds and earlier epochs left; requires the lock for rebuilding."""


def place_of(address: LedgerAddress, zone: str = UTC) -> LedgerPlace:
    """The place at an address; a ledger is made for the days of `zone`. Raises `PostgresMissingError`."""
    if is_postgres(address):
        require()
        from connectors.ledger.write.postgres_place import PostgresPlace  # SQLAlchemy, only where it is used

        return PostgresPlace(str(address), zone)
    return FilePlace(Path(address), zone)
