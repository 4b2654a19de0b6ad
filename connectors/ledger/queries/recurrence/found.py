"""The hot spots of a period: by segment or by grid, each beside the same days of the year before."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.exposure import PlaceKind, exposure
from connectors.ledger.queries.recurrence.reported import reported_beside
from connectors.ledger.queries.recurrence.spots import HotSpots, hot_spots
from connectors.ledger.queries.statistics.periods import DayPeriod
from schemas.region import Region
from schemas.remit import Remit


class SpotQuestion(NamedTuple):
    """Cases of a kind in a period of days of `zone`, of a part of the region."""

    by: PlaceKind
    kind: str
    period: DayPeriod
    zone: ZoneInfo
    within: Remit


class FoundSpots(NamedTuple):
    """The hot spots, and by which measure of places they are some."""

    spots: HotSpots
    by_area: bool


def found_spots(ledger: Ledger, asked: SpotQuestion, region: Region) -> FoundSpots:
    """The hot spots among the segments or the grids of the region as it is now."""
    sizes, by_area = exposure(region, asked.within, asked.by)
    now_span, then_span = (each.span(asked.zone, asked.within) for each in (asked.period, asked.period.year_ago()))
    with ledger.snapshot() as connection:
        now, then = reported_beside(connection, now_span, then_span, asked.kind, asked.by, sizes)
    return FoundSpots(hot_spots(now, then, sizes), by_area)
