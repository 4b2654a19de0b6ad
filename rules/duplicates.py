"""Whether a report tells of what an open case of the same home already tells of."""

from dataclasses import dataclass
from math import cos, hypot, radians

from rules.draft import Around
from schemas.case import WITH_ORDER, Case
from schemas.place import PlaceFound
from schemas.rulebook import Merge, limit_ms

EARTH_M_PER_DEGREE = 111_194.93
"""Metres of one degree on a sphere of 6,371,009 m (IUGG mean radius)."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The open case that a report belongs to; `metres` is None when the segment alone decided."""

    master: Case
    metres: float | None


def find_duplicate(
    place: PlaceFound, category: str, submitted_ms: int, home: str, around: Around, *, never: tuple[str, ...] = ()
) -> Duplicate | None:
    """The nearest open case of the same category within its radius and window; ties go to the oldest.

    Cases in `never` are left out: a person said "not the same" before.
    """
    merge = around.book.category(category).merge
    if merge is None:
        return None
    near = [
        Duplicate(case, metres)
        for case in around.open_cases(home, category, place, merge)
        if case.number not in never
        and case.master is None
        and case.state in WITH_ORDER
        and abs(submitted_ms - case.submitted_ms) <= limit_ms(merge.window)
        and case.place is not None
        and (metres := _apart(place, case.place, merge)) is not _FAR
    ]
    return min(near, key=lambda d: d.metres or 0.0, default=None)


_FAR = -1.0


def _apart(a: PlaceFound, b: PlaceFound, merge: Merge) -> float | None:
    """Metres apart if near enough; None on the same segment of a linear category; `_FAR` otherwise."""
    if merge.linear and a.segment is not None:
        return None if a.segment == b.segment else _FAR
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return _FAR
    metres = distance_m(a.lon, a.lat, b.lon, b.lat)
    return metres if metres <= merge.radius_m else _FAR


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres between two near WGS-84 points (equirectangular; under 0.1 % off within a city)."""
    east = (lon2 - lon1) * cos(radians((lat1 + lat2) / 2))
    return hypot(east, lat2 - lat1) * EARTH_M_PER_DEGREE
