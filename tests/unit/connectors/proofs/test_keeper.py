"""What keeps proofs up to date says once why they wait, and goes on by itself."""

import asyncio
import logging
from pathlib import Path

import pytest

from connectors.ledger.queries.cases import Ledger
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from connectors.proofs.closing import Closing
from connectors.proofs.keeper import ProofKeeper
from connectors.proofs.statements import Statements
from tests.processes.waiting import wait_until
from tests.worlds.builders import LogBuilder, ledger_of
from tests.worlds.live_work import working
from tests.worlds.proved_town import ZONE, spoil

NOBODY = "127.0.0.1:1"


class Counted(Proofs):
    """Counts how often it was tried."""

    tried = 0

    def follow(self) -> None:
        self.tried += 1
        super().follow()


async def nothing() -> None:
    """No topic is made."""


async def test_why_proofs_wait_is_said_once_and_again_after_they_went_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No ledger, then one, then none again; at last a file that cannot be used."""
    path, file = tmp_path / "ledger.sqlite", tmp_path / "proofs.sqlite"
    ledger = Ledger(path)
    proofs = Counted(ProofBook(file, ZONE), ledger)
    writer = Statements(proofs, ZONE, NOBODY, nothing)
    closing, clock = Closing(NOBODY, 1), lambda: 1_795_044_060_000
    keeper = ProofKeeper(proofs, ledger, closing, writer, clock, ZONE, ticks=lambda: False, follow_s=0.01)

    def warned() -> list[str]:
        return [each.getMessage() for each in caplog.records if each.name == "connectors.proofs.keeper"]

    async def rounds() -> None:
        so_far = proofs.tried
        await wait_until(lambda: proofs.tried > so_far + 3, "some more rounds")

    with caplog.at_level(logging.WARNING):
        async with working(keeper.run()):
            await rounds()
            assert len(warned()) == 1
            assert "proofs wait" in warned()[0]
            ledger_of(LogBuilder(), path)
            await rounds()
            assert len(warned()) == 1, "it went on"
            await asyncio.to_thread(hide, path)
            await rounds()
            assert len(warned()) == 2, "another time"
        spoil(file)
        async with working(keeper.run()):
            await rounds()
            assert len(warned()) == 3, "another reason"
            assert str(file) in warned()[2]


def hide(path: Path) -> None:
    """No ledger any more."""
    for each in path.parent.glob("ledger.sqlite*"):
        each.rename(path.with_name(f"gone-{each.name}"))
