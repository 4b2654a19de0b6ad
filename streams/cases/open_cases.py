"""Index of the open cases of one home and category, oldest first, with their positions: about 40 bytes each."""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from math import cos, nan, radians
from typing import Protocol

from schemas.rulebook import Merge

_M_PER_DEGREE = 111_000.0  # slightly less than the true length, so that nothing near is missed


class OpenPlace(Protocol):
    """The part of a place that the index needs."""

    @property
    def segment(self) -> str | None:
        """Its road segment."""

    @property
    def lon(self) -> float | None:
        """WGS-84 degrees."""

    @property
    def lat(self) -> float | None:
        """WGS-84 degrees."""


class OpenCases:
    """Case numbers in order of age; a new report asks only for those that could be near it."""

    def __init__(self) -> None:
        self._numbers: list[str] = []
        self._segments: list[str | None] = []
        self._lons = array("d")
        self._lats = array("d")

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, number: str, place: OpenPlace | None) -> None:
        """Add a case that is open now."""
        i = bisect_left(self._numbers, _age(number), key=_age)
        segment = place.segment if place else None
        self._numbers.insert(i, number)
        self._segments.insert(i, None if segment is None else sys.intern(segment))
        self._lons.insert(i, nan if place is None or place.lon is None else place.lon)
        self._lats.insert(i, nan if place is None or place.lat is None else place.lat)

    def remove(self, number: str) -> None:
        """Remove a case that is no longer open."""
        i = bisect_left(self._numbers, _age(number), key=_age)
        assert self._numbers[i] == number
        for column in (self._numbers, self._segments, self._lons, self._lats):
            del column[i]

    def all(self) -> Iterator[str]:
        """All of them, oldest first."""
        return iter(tuple(self._numbers))

    def near(self, place: OpenPlace, merge: Merge) -> Iterator[str]:
        """Those that can be duplicates of something at `place`, and some that are not, oldest first."""
        if merge.linear and place.segment is not None:
            found = [i for i, segment in enumerate(self._segments) if segment == place.segment]
        elif place.lon is None or place.lat is None:
            found = []
        else:
            lon, lat = place.lon, place.lat
            north = merge.radius_m / _M_PER_DEGREE
            east = north / max(cos(radians(abs(lat) + north)), 1e-6)
            lats = self._lats
            found = [i for i, x in enumerate(self._lons) if abs(x - lon) <= east and abs(lats[i] - lat) <= north]
        return iter([self._numbers[i] for i in found])


def _age(number: str) -> tuple[str, int]:
    _, yymm, count = number.rsplit("-", 2)
    return yymm, int(count)
