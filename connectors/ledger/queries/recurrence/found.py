"""The hot spots of a period: by segment or by grid, each beside the same days of the year before."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.reported import reported
from connectors.ledger.queries.recurrence.spots import HotSpots, hot_spots
from connectors.ledger.queries.statistics.periods import DayPeriod
from schemas.duplicate_distance import distance_m
from schemas.region import Segment
from schemas.remit import Remit

PlaceKind = Literal["segment", "grid"]
PLACE_KINDS: Final = get_args(PlaceKind)


class SpotQuestion(NamedTuple):
    """Cases of a kind in a period of days of `zone`, of a part of the region."""

    by: PlaceKind
    kind: str
    period: DayPeriod
    zone: ZoneInfo
    within: Remit


def found_spots(ledger: Ledger, asked: SpotQuestion, segments: Iterable[Segment]) -> HotSpots:
    """The hot spots among these segments, or among the grids that they are in."""
    spans = (each.span(asked.zone, asked.within) for each in (asked.period, asked.period.year_ago()))
    with ledger.snapshot() as connection:
        now, then = (reported(connection, span, asked.kind, asked.by) for span in spans)
    return hot_spots(now, then, lengths_m(segments, asked.within, asked.by))


def lengths_m(segments: Iterable[Segment], remit: Remit, by: PlaceKind = "segment") -> dict[str, float]:
    """Metres of road of each segment or grid of a part of the region that has any; a department's are everywhere."""
    everywhere = remit.everything or bool(remit.departments)
    found = dict[str, float]()
    for each in segments:
        if everywhere or remit.has_grid(each.grid):
            place = each.id if by == "segment" else each.grid
            found[place] = found.get(place, 0.0) + sum(distance_m(*a, *b) for a, b in pairwise(each.line))
    return {place: length for place, length in found.items() if length > 0}
