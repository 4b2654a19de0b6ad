"""How much of each place there is for something to be reported of: metres of road, or square metres. Pure."""

from itertools import pairwise
from math import cos, radians
from typing import Final, Literal, NamedTuple, get_args

from schemas.duplicate_distance import EARTH_M_PER_DEGREE, distance_m
from schemas.region import Polygon, Region, Ring
from schemas.remit import Remit

PlaceKind = Literal["segment", "grid"]
PLACE_KINDS: Final = get_args(PlaceKind)


class Exposure(NamedTuple):
    """The size of each place, above 0, all by the same measure."""

    sizes: dict[str, float]
    by_area: bool = False
    """Square metres; else metres of road."""


def exposure(region: Region, remit: Remit, by: PlaceKind) -> Exposure:
    """The places of a part of the region; those of a department are everywhere.

    Grids are as long as their roads. Where the region has no road segments, they are as large as their areas.
    """
    everywhere = remit.everything or bool(remit.departments)
    if by == "grid" and not region.segments:
        inside = [each for each in region.grids if everywhere or remit.has_grid(each.id)]
        return Exposure(_above_0({each.id: sum(map(area_m2, each.polygons)) for each in inside}), by_area=True)
    sizes = dict[str, float]()
    for segment in region.segments:
        if everywhere or remit.has_grid(segment.grid):
            place = segment.id if by == "segment" else segment.grid
            sizes[place] = sizes.get(place, 0.0) + sum(distance_m(*a, *b) for a, b in pairwise(segment.line))
    return Exposure(_above_0(sizes))


def area_m2(polygon: Polygon) -> float:
    """The area of a polygon without its holes, on a plane that touches the earth at its first corner."""
    outer, *holes = polygon
    return _ring_m2(outer) - sum(map(_ring_m2, holes))


def _ring_m2(ring: Ring) -> float:
    twice = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise((*ring, ring[0])))
    return abs(twice) / 2 * EARTH_M_PER_DEGREE**2 * cos(radians(ring[0][1]))


def _above_0(sizes: dict[str, float]) -> dict[str, float]:
    return {place: size for place, size in sizes.items() if size > 0}


def usual_places(region: Region) -> PlaceKind:
    """Segments, or grids where the region has no segments."""
    return "segment" if region.segments else "grid"
