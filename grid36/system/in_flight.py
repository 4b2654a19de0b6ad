"""Finds open cases of this home's system that a new list or region would affect."""

from connectors.ledger.address import LedgerAddress
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.in_use import in_use
from grid36.settings import Settings
from grid36.system.create import KnownSystem, kept
from rules.check.in_flight import in_flight
from rules.check.problem import Problem
from schemas.region import Region
from schemas.rulebook import Rulebook


def touched(settings: Settings, region: Region, rulebook: Rulebook, known: KnownSystem | None = None) -> list[Problem]:
    """What becomes of cases in flight when these two follow `known` (by default what this home's system works by).

    Nothing when there is no system here, or it is one of another region, or its ledger is not there yet.
    """
    known = known or kept(settings)
    return [] if known is None else touched_in(settings.ledger_address, known, region, rulebook)


def touched_in(ledger: LedgerAddress, known: KnownSystem, region: Region, rulebook: Rulebook) -> list[Problem]:
    """The same for cases in this ledger."""
    if known.region.code != region.code:
        return []
    try:
        used = in_use(Ledger(ledger))
    except LedgerAway:
        return []
    return list(in_flight((known.region, known.rulebook), (region, rulebook), used, known.past_names))
