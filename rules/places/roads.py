"""Roads of several segments: which of them have a number, and where roads meet."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import shapely

from rules.places.plane import Plane
from schemas.region import NumberRange, Segment

MEET_M: Final = 25.0
"""Lines nearer than this meet: each carriageway of a wide road has a line of its own."""


class Road:
    """The segments of one road, indexed by house numbers: all numbers, cut where a range begins or ends."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = sorted(segments, key=_first_number)
        self._ranges = [(held, segment) for segment in self.segments for held in segment.numbers]
        self._cuts = sorted({cut for held, _ in self._ranges for cut in (held.first, held.last + 1)})
        self._between: list[list[tuple[NumberRange, Segment]]] = [[] for _ in self._cuts]
        for held, segment in self._ranges:
            for i in range(bisect_left(self._cuts, held.first), bisect_left(self._cuts, held.last + 1)):
                self._between[i].append((held, segment))

    @property
    def is_numbered(self) -> bool:
        """Whether anything is known about its house numbers."""
        return bool(self._ranges)

    def holding(self, number: int) -> list[Segment]:
        """The segments with a range that contains the number."""
        cut = bisect_right(self._cuts, number) - 1
        return [segment for held, segment in self._between[cut] if held.holds(number)] if cut >= 0 else []

    def touched(self, first: int, last: int) -> list[Segment]:
        """The segments with a number from `first` to `last`; of one side only, if both are even or odd."""
        step = 2 if first % 2 == last % 2 else 1
        found: list[Segment] = []
        for held, segment in self._ranges:
            low, high = max(first, held.first), min(last, held.last)
            if any(held.holds(n) and (n - first) % step == 0 for n in (low, low + 1) if n <= high):
                found.append(segment)
        return found

    def by_gap(self, number: int) -> list[Segment]:
        """All its segments, those with the nearest numbers first."""
        return sorted(self.segments, key=lambda segment: (_gap(segment, number), segment.id))


def meeting(roads: Sequence[Sequence[Segment]], plane: Plane) -> list[Segment]:
    """Segments that meet one of another road, sorted by number of roads, then by road.

    If none meet, the nearest pair.
    """
    lines = [[shapely.LineString(plane.array(segment.line)) for segment in road] for road in roads]
    met: dict[tuple[int, int], set[int]] = defaultdict(set)
    for a, b in combinations(range(len(roads)), 2):
        there, here = shapely.STRtree(lines[a]).query(lines[b], predicate="dwithin", distance=MEET_M)
        for i, j in zip(here.tolist(), there.tolist(), strict=True):
            met[a, i].add(b)
            met[b, j].add(a)
    if met:
        order = sorted(met, key=lambda each: (-len(met[each]), each))
        return [roads[road][i] for road, i in order]
    return _nearest(roads, lines)


def _nearest(roads: Sequence[Sequence[Segment]], lines: Sequence[Sequence[shapely.LineString]]) -> list[Segment]:
    (there, here), metres = shapely.STRtree(lines[0]).query_nearest(lines[1], return_distance=True)
    best = int(np.argmin(metres))
    return [roads[0][int(here[best])], roads[1][int(there[best])]]


def _first_number(segment: Segment) -> tuple[int, str]:
    return min((r.first for r in segment.numbers), default=0), segment.id


def _gap(segment: Segment, number: int) -> int:
    """How far a number is from the segment's nearest range."""
    return min((max(r.first - number, number - r.last, 0) for r in segment.numbers), default=100_000)
