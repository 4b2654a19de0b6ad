"""What the events of a ledger become in the file of proofs."""

from pathlib import Path

import pytest

from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from schemas.days import day_of
from schemas.proof import Entry, ProofWay
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of
from tests.worlds.proved_town import ZONE

REQUEST = "neighbour-H-1"


@pytest.mark.parametrize("old_first", [True, False])
def test_a_case_that_moved_counts_once_under_its_new_number(tmp_path: Path, old_first: bool) -> None:
    """Its homes may be in two partitions, so either event may be read first."""
    log = LogBuilder()
    old = log.open(HOMES[0], report=REQUEST) if old_first else "demo-G001-2609-00001"
    new = log.open(HOMES[1], report=REQUEST, moved_from=old)
    if not old_first:
        assert log.open(HOMES[0], report=REQUEST) == old
    proofs = Proofs(ProofBook(tmp_path / "proofs.sqlite", ZONE), ledger_of(log, tmp_path / "ledger.sqlite"))
    proofs.follow()
    records = proofs.records("neighbour.server", ProofWay.FROM_PARTNER, day_of(START, ZONE))
    assert [record.entry for record in records] == [Entry("H-1", new)]
