"""Positions of house numbers on their segments."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from rules.places.house_numbers import HouseNumber
from rules.places.plane import Plane
from schemas.region import NumberRange, Point, Segment


class Positions:
    """Points of house numbers, interpolated in their ranges; lengths of lines are cached."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self._steps: dict[str, list[float]] = {}

    def point(self, segment: Segment, house: HouseNumber | None) -> tuple[float, float] | None:
        """(lon, lat) of a house number on its segment's line; None without one that the segment holds."""
        held = next((r for r in segment.numbers if r.holds(house.number)), None) if house else None
        if house is None or held is None:
            return None
        steps = self._steps.get(segment.id)
        if steps is None:
            steps = self._steps[segment.id] = self._lengths(segment.line)
        left = _share(held, house.number) * sum(steps)
        for (start, end), step in zip(pairwise(segment.line), steps, strict=True):
            if left <= step and step > 0:
                part = left / step
                return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])
            left -= step
        return segment.line[-1]

    def _lengths(self, line: Sequence[Point]) -> list[float]:
        """Metres of each edge of a line."""
        metres = [self.plane.xy(lon, lat) for lon, lat in line]
        return [hypot(x - west, y - south) for (west, south), (x, y) in pairwise(metres)]


def _share(held: NumberRange, number: int) -> float:
    return (number - held.first + 0.5) / (held.last - held.first + 1)
