"""What the address of the page of hot spots asks for, and what the ledger answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connectors.ledger.queries.recurrence.exposure import PLACE_KINDS, PlaceKind
from connectors.ledger.queries.recurrence.found import FoundSpots, SpotQuestion, found_spots
from connectors.ledger.queries.recurrence.remedies import current_remedies
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats import KINDS
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import chosen, only, period_of
from schemas.case import Case

DAYS: Final = 30
"""How far back it looks if the address does not say."""
FIELDS: Final = ("by", "kind", "from", "to")


@dataclass(frozen=True, slots=True)
class HotSpotsAsked:
    """Places of one kind, and cases of one kind in a period of days, both included."""

    by: PlaceKind
    kind: str
    period: DayPeriod

    @classmethod
    def of(cls, query: Mapping[str, str], today: date, usual: PlaceKind = "segment") -> "HotSpotsAsked":
        """Read an address; what is not in it is as usual. Raises `Refused` (400)."""
        only(query, FIELDS)
        days_back = {"from": str(today - timedelta(days=DAYS - 1)), "to": str(today)}
        given = {name: text for name, text in query.items() if text}
        days = given if given.keys() & days_back.keys() else days_back
        by, kind = chosen(query, "by", PLACE_KINDS, usual), chosen(query, "kind", KINDS, KINDS[0])
        return cls(by, kind, period_of(days, today))

    @property
    def values(self) -> dict[str, str]:
        """The address that asks for it."""
        return {"by": self.by, "kind": self.kind, "from": str(self.period.first), "to": str(self.period.last)}


async def look(viewer: Viewer, asked: HotSpotsAsked) -> FoundSpots:
    """Ask the ledger, for the reader's part of the region. Raises `Refused` (503)."""
    question = SpotQuestion(asked.by, asked.kind, asked.period, viewer.zone, viewer.remit)
    return await viewer.gateway.ask(lambda ledger: found_spots(ledger, question, viewer.gateway.region))


async def known_remedies(viewer: Viewer) -> dict[tuple[str, str, str], Case]:
    """The standing remedy that counts by segment, category and kind. Raises `Refused` (503)."""
    return await viewer.gateway.ask(lambda ledger: current_remedies(ledger, viewer.remit))
