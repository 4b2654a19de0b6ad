"""Compares what was given for one place: disagreement is noted on the place, or becomes a question."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import shapely

from rules.places.areas import shape_of
from rules.places.matches import AtSegment, Match, segment_label
from rules.places.plane import Plane
from schemas.place import Ambiguous, Candidate, Elsewhere, Found, FoundBy, PlaceFound
from schemas.region import Grid, Segment

FAR_M: Final = 150.0
"""Larger than the distance of a phone's position and a house number of the same place can be."""


class Other(NamedTuple):
    """Another place, from something else that was given; `sure` if it could have decided alone."""

    by: FoundBy
    place: PlaceFound
    sure: bool = False


class Ground:
    """Measures distances on the region's segments and grids in metres."""

    def __init__(self, segments: Mapping[str, Segment], grids: Mapping[str, Grid], plane: Plane) -> None:
        self.segments = segments
        self._grids = grids
        self._plane = plane

    def metres(self, a: PlaceFound, b: PlaceFound) -> float | None:
        """Distance of two places, as exactly as each is known; None when one is unknown."""
        here, there = self._shape(a), self._shape(b)
        return None if here is None or there is None else float(shapely.distance(here, there))

    def _shape(self, place: PlaceFound) -> shapely.Geometry | None:
        """The point; else the line of the whole segment; else the area of the grid."""
        if place.lon is not None and place.lat is not None:
            return shapely.Point(self._plane.xy(place.lon, place.lat))
        if place.segment and (segment := self.segments.get(place.segment)) is not None:
            return shapely.LineString(self._plane.array(segment.line))
        grid = self._grids.get(place.grid)
        return None if grid is None else self._plane.geometry(shape_of(grid.polygons))


def weighed(place: PlaceFound, others: Sequence[Other], ground: Ground) -> Found | Ambiguous:
    """The place with the others noted on it; a question if a position and a certain address are far apart.

    A code was chosen by somebody and beats both. An uncertain address is worse than a position.
    """
    far = [(other, ground.metres(place, other.place)) for other in others]
    for other, metres in far:
        if place.by is FoundBy.COORDINATES and other.sure and (metres is None or metres > FAR_M):
            return Ambiguous(candidates=tuple(candidate_of(each, ground.segments) for each in (place, other.place)))
    noted = tuple(
        Elsewhere(
            by=other.by,
            label=other.place.label,
            grid=other.place.grid or None,
            segment=other.place.segment,
            metres=None if metres is None else round(metres),
        )
        for other, metres in far
    )
    return Found(place=place.model_copy(update={"elsewhere": noted}))


def agree(place: PlaceFound, other: PlaceFound) -> bool:
    """Whether both are on one segment or, if one has none, in one grid."""
    if place.segment is not None and other.segment is not None:
        return place.segment == other.segment
    return bool({place.grid, place.area_grid} & {other.grid, other.area_grid} - {None})


def refines(place: PlaceFound, coarse: PlaceFound) -> bool:
    """Whether a place is on the known segment or, if only a grid is known, in that grid."""
    if coarse.segment is not None:
        return place.segment == coarse.segment
    return coarse.grid in (place.grid, place.area_grid)


def may_mean(matches: Sequence[Match], place: PlaceFound) -> bool:
    """Whether this is one of the places that an address may mean."""
    if place.segment is None:
        return any(isinstance(match, AtSegment) and match.segment.grid == place.grid for match in matches)
    return any(match.segment_id == place.segment for match in matches)


def candidate_of(place: PlaceFound, segments: Mapping[str, Segment]) -> Candidate:
    """A segment or a grid to choose; a position is labelled with the numbers of its segment."""
    segment = segments.get(place.segment) if place.segment else None
    if segment is None:
        return Candidate(code=place.grid, label=place.label, lon=place.lon, lat=place.lat)
    if place.by is FoundBy.ADDRESS:
        return Candidate(code=segment.id, label=place.label)
    return Candidate(code=segment.id, label=segment_label(segment), lon=place.lon, lat=place.lat)
