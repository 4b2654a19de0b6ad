"""Distance of two places, and whether they are near enough for duplicates."""

from math import cos, hypot, radians
from typing import Final

from schemas.place import PlaceFound
from schemas.rulebook import Merge

EARTH_M_PER_DEGREE: Final = 111_194.93
"""Metres of one degree on a sphere of 6,371,009 m (IUGG mean radius)."""
FAR: Final = -1.0
"""Too far apart, or the distance is unknown."""


def apart(a: PlaceFound, b: PlaceFound, merge: Merge) -> float | None:
    """Metres apart if near enough; None on the same segment of a linear category; `FAR` otherwise."""
    if merge.linear and a.segment is not None:
        return None if a.segment == b.segment else FAR
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return FAR
    metres = distance_m(a.lon, a.lat, b.lon, b.lat)
    return metres if metres <= merge.radius_m else FAR


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres between two near WGS-84 points (equirectangular; under 0.1 % off within a city)."""
    east = (lon2 - lon1) * cos(radians((lat1 + lat2) / 2))
    return hypot(east, lat2 - lat1) * EARTH_M_PER_DEGREE
