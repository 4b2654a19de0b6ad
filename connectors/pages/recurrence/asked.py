"""What the address of the page of hot spots asks for, and what the ledger answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.remedies import by_spot, remedies
from connectors.ledger.queries.recurrence.reported import reported
from connectors.ledger.queries.recurrence.spots import HotSpots, hot_spots
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats import KINDS
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import chosen, only, period_of
from schemas.case import Case
from schemas.duplicate_distance import distance_m
from schemas.region import Segment
from schemas.remit import Remit

DAYS: Final = 30
"""How far back it looks if the address does not say."""


@dataclass(frozen=True, slots=True)
class HotSpotsAsked:
    """Cases of one kind in a period of days, both included."""

    kind: str
    period: DayPeriod

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> "HotSpotsAsked":
        """Read an address; what is not in it is as usual. Raises `Refused` (400)."""
        only(query, ("kind", "from", "to"))
        usual = {"from": str(today - timedelta(days=DAYS - 1)), "to": str(today)}
        given = {name: text for name, text in query.items() if text}
        days = given if given.keys() & usual.keys() else usual
        return cls(chosen(query, "kind", KINDS, KINDS[0]), period_of(days, today))

    @property
    def values(self) -> dict[str, str]:
        """The address that asks for it."""
        return {"kind": self.kind, "from": str(self.period.first), "to": str(self.period.last)}


async def look(viewer: Viewer, asked: HotSpotsAsked) -> HotSpots:
    """Ask the ledger, for the reader's part of the region. Raises `Refused` (503)."""
    now, then = (each.span(viewer.zone, viewer.remit) for each in (asked.period, asked.period.year_ago()))

    def answer(ledger: Ledger) -> HotSpots:
        with ledger.snapshot() as connection:
            cases, before = (reported(connection, span, asked.kind) for span in (now, then))
        return hot_spots(cases, before, lengths_m(viewer.gateway.region.segments, viewer.remit))

    return await viewer.gateway.ask(answer)


async def known_remedies(viewer: Viewer) -> dict[tuple[str, str, str], Case]:
    """The standing remedy that counts by segment, category and kind. Raises `Refused` (503)."""
    return by_spot(await viewer.gateway.ask(lambda ledger: remedies(ledger, within=viewer.remit)))


def lengths_m(segments: tuple[Segment, ...], remit: Remit) -> dict[str, float]:
    """The segments of a part of the region that have a length; those of a department are everywhere."""
    everywhere = remit.everything or bool(remit.departments)
    inside = [each for each in segments if everywhere or remit.has_grid(each.grid)]
    found = {each.id: sum(distance_m(*a, *b) for a, b in pairwise(each.line)) for each in inside}
    return {id: length for id, length in found.items() if length > 0}
