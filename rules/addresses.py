"""From an address in words to a road segment or a landmark of the region; one match, a few, or none."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from rules.plane import Plane
from rules.wording import HouseNumber, Mention, Names, house_number, spell
from schemas.region import Landmark, NumberRange, Point, Region, Segment, Side

MOST_CANDIDATES = 3


class AtSegment(NamedTuple):
    """A whole segment, or a house number on it."""

    segment: Segment
    house: HouseNumber | None = None

    def label(self) -> str:
        """`湖滨南路12-8号`, or the road with the segment's numbers."""
        if self.house:
            return written(self.segment.road.zh, self.house.written)
        return segment_label(self.segment)


class AtLandmark(NamedTuple):
    """A landmark."""

    landmark: Landmark

    def label(self) -> str:
        """Its Chinese name."""
        return self.landmark.name.zh


Match = AtSegment | AtLandmark


def written(road: str, number: str) -> str:
    """An address as the road's own language writes it."""
    return f"{number} {road}" if road.isascii() else f"{road}{number}号"


def segment_label(segment: Segment) -> str:
    """The road's name and the numbers that lie on the segment: `湖滨南路 2–18(双)`."""
    marks = {Side.ODD: "(单)", Side.EVEN: "(双)", Side.BOTH: ""}
    spans = " ".join(f"{r.first}–{r.last}{marks[r.side]}" for r in segment.numbers)
    return f"{segment.road.zh} {spans or segment.id}"


class _Road:
    """The segments of one road, and which of them hold a number: all numbers, cut where a range begins or ends."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        ranges = [(held, segment) for segment in segments for held in segment.numbers]
        self._cuts = sorted({cut for held, _ in ranges for cut in (held.first, held.last + 1)})
        self._between: list[list[tuple[NumberRange, Segment]]] = [[] for _ in self._cuts]
        for held, segment in ranges:
            for i in range(bisect_left(self._cuts, held.first), bisect_left(self._cuts, held.last + 1)):
                self._between[i].append((held, segment))

    def holding(self, number: int) -> list[Segment]:
        """The segments one of whose ranges holds the number."""
        cut = bisect_right(self._cuts, number) - 1
        return [segment for held, segment in self._between[cut] if held.holds(number)] if cut >= 0 else []


class AddressBook:
    """The region's roads, aliases and landmarks, compiled for matching."""

    def __init__(self, region: Region, plane: Plane) -> None:
        self._plane = plane
        self._steps: dict[str, list[float]] = {}
        segments: dict[str, list[Segment]] = defaultdict(list)
        self._landmarks: dict[str, list[Landmark]] = defaultdict(list)
        roads: dict[str, list[str]] = defaultdict(list)
        for segment in region.segments:
            segments[segment.road.zh].append(segment)
            for name in {segment.road.zh, segment.road.en} - {""}:
                if segment.road.zh not in roads[spell(name)]:
                    roads[spell(name)].append(segment.road.zh)
        for alias in region.aliases:
            known = roads.get(spell(alias.road), [])
            mine = roads[spell(alias.alias)]
            mine += [road for road in known if road not in mine]
        for landmark in region.landmarks:
            for name in {landmark.name.zh, landmark.name.en, *landmark.aliases} - {""}:
                self._landmarks[spell(name)].append(landmark)
        compiled = {road: _Road(held) for road, held in segments.items()}
        self._roads = {name: [compiled[road] for road in sorted(found)] for name, found in roads.items()}
        self._names = Names(set(self._roads) | set(self._landmarks))

    def find(self, address: str) -> list[Match]:
        """Places that the address may mean: one is an answer, several are a question, none is unknown.

        A road with a number beats a landmark, a landmark beats a road without a number.
        """
        spelled = spell(address)
        mentions = self._names.mentions(spelled)
        roads = [m for m in mentions if m.name in self._roads]
        numbered: list[Match] = []
        for road, after in zip(roads, [*roads[1:], None], strict=False):
            number = _number_at(spelled, road, after)
            if number:
                numbered += self._on_road(road.name, number)
        if numbered:
            return _distinct(numbered)
        marks = [mark for m in mentions for mark in self._landmarks.get(m.name, ())]
        if marks:
            return _distinct([AtLandmark(mark) for mark in marks])
        return _distinct([match for road in roads for match in self._on_road(road.name, None)])

    def near(self, address: str) -> list[Match]:
        """Places that a misspelled address may mean; never an answer, only a question."""
        spelled = spell(address)
        found: list[Match] = []
        for mention in self._names.near(spelled):
            if mention.name in self._roads:
                found += self._on_road(mention.name, _number_at(spelled, mention, None))
            found += [AtLandmark(mark) for mark in self._landmarks.get(mention.name, ())]
        return _distinct(found)

    def _on_road(self, name: str, house: HouseNumber | None) -> list[Match]:
        """Segments of a road that hold the number; all that may be meant where the table cannot say."""
        roads = self._roads[name]
        if house and (holding := [segment for road in roads for segment in road.holding(house.number)]):
            return [AtSegment(segment, house) for segment in holding]
        segments = [segment for road in roads for segment in road.segments]
        if house is None:
            return [AtSegment(segment) for segment in sorted(segments, key=_first_number)]
        if len(segments) == 1:
            return [AtSegment(segments[0], house)]
        return [AtSegment(s) for s in sorted(segments, key=lambda s: (_gap(s, house.number), s.id))]

    def point_on(self, segment: Segment, house: HouseNumber | None) -> tuple[float, float] | None:
        """(lon, lat) of a house number on its segment's line, interpolated in its range; None without one."""
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
        metres = [self._plane.xy(lon, lat) for lon, lat in line]
        return [hypot(x - west, y - south) for (west, south), (x, y) in pairwise(metres)]


def _number_at(spelled: str, road: Mention, following: Mention | None) -> HouseNumber | None:
    latin = spelled[road.start].isascii()
    after = spelled[road.end : following.start if following else None]
    return house_number(spelled[: road.start], after, latin=latin)


def _first_number(segment: Segment) -> tuple[int, str]:
    return min((r.first for r in segment.numbers), default=0), segment.id


def _gap(segment: Segment, number: int) -> int:
    """How far a number is from the segment's nearest range."""
    return min((max(r.first - number, number - r.last, 0) for r in segment.numbers), default=100_000)


def _distinct(matches: list[Match]) -> list[Match]:
    if len(matches) < 2:
        return matches
    seen: dict[str, Match] = {}
    for match in matches:
        key = match.segment.id if isinstance(match, AtSegment) else f"landmark {match.landmark.id}"
        seen.setdefault(key, match)
    return list(seen.values())


def _share(held: NumberRange, number: int) -> float:
    return (number - held.first + 0.5) / (held.last - held.first + 1)
