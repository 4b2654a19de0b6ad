"""Proof for partners on the files of this home: for gateways and commands alike."""

from zoneinfo import ZoneInfo

from connectors.ledger.reader import LedgerReader
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.region import Region


def proofs_of(settings: Settings, region: Region, ledger: LedgerReader) -> Proofs:
    """All partners: departments, the neighbour's server, programs with a key."""
    return Proofs(ProofBook(Home(settings.home).proofs, ZoneInfo(region.zone)), ledger)
