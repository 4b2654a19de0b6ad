"""Reads addresses with more than a road and a house number: places to ask about, the likeliest first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import shapely

from rules.places.house_numbers import HouseNumber, Placed, numbers_in
from rules.places.matches import AtLandmark, AtSegment, Match, distinct
from rules.places.positions import Positions
from rules.places.roads import MEET_M, Road, meeting
from rules.places.wording import Mention
from schemas.region import Landmark, Segment, Side

MOST_ROADS: Final = 4
"""How many roads of a text are checked for crossings."""
MOST_NAMES: Final = 12
MOST_NUMBERS: Final = 12
"""How many names and numbers of a text are considered; at most three places are asked about."""
MOST_AWAY_M: Final = 3000.0
AS_NEAR_M: Final = 20.0
"""An interpolated house is not known more exactly."""
ACROSS_M: Final = 60.0
"""The other side of a road is never farther from a house."""
_OPPOSITE: Final = re.compile(
    r"对面|对过|对侧|另一侧|另一边|(?<![a-z])(?:opposite|opp|across|facing|other side)(?![a-z])"
)
_BESIDE: Final = re.compile(
    r"隔壁|旁|附近|周边|往|向|过去|再过|边|侧|后|到|距|离|间|米|上一|下一"
    r"|(?<![a-z])(?:next|besides?|adjacent|near|nearby|by|behind|past|before|after|between|from|towards|around|along"
    r"|rear|back)(?![a-z])"
)
_AWAY: Final = re.compile(
    r"([0-9]{1,5}) ?(?:(公里|千米|km(?![a-z]))|(ft|feet|foot)|(yds?|yards?)|米|公尺|m(?![a-z])|meters?|metres?)"
)
_UNITS_M: Final = (1000.0, 0.3048, 0.9144)
_DIRECTION: Final = re.compile(r"([东西南北])|(?<![a-z])([nsew])(?![a-z])")
_DIGITS: Final = re.compile("[0-9]{1,5}")
_UNTIL: Final = re.compile(r" ?[号號]? ?(?:-+|至|到|直到|to|until|till|through|thru) ?(?:no |#|第)?")


class _Numbered(NamedTuple):
    """A road in a text with the house numbers that belong to it, in order."""

    road: Mention
    numbers: list[Placed]


class Doubts:
    """Reads addresses that are not plain; `roads` and `landmarks` by their spelled names."""

    def __init__(
        self, roads: Mapping[str, Sequence[Road]], landmarks: Mapping[str, Sequence[Landmark]], positions: Positions
    ) -> None:
        self._roads = roads
        self._landmarks = landmarks
        self._positions = positions

    def candidates(self, spelled: str, mentions: Sequence[Mention]) -> list[Match]:
        """Everything that may be meant: by house numbers first, then crossings, then landmarks, then the road alone."""
        mentions = mentions[:MOST_NAMES]
        roads = [mention for mention in mentions if mention.name in self._roads]
        text = _blank(spelled, mentions)
        numbered = _numbered(text, roads)
        found = self._of_numbers(text, numbered)
        if len({mention.name for mention in roads}) > 1 and not all(each.numbers for each in numbered):
            found += self._crossing(roads)
        found += [AtLandmark(mark) for m in mentions for mark in self._landmarks.get(m.name, ())]
        if not found:
            found = [match for mention in roads for match in self._whole(text, mention)]
        return distinct(found)

    def roads(self, mentions: Sequence[Mention]) -> Iterator[Match]:
        """Every segment of the roads that are named."""
        for road in (road for mention in mentions for road in self._roads.get(mention.name, ())):
            yield from map(AtSegment, road.segments)

    def _of_numbers(self, text: str, roads: Sequence[_Numbered]) -> list[Match]:
        """The likeliest meaning of each number, then its other meanings."""
        away, opposite, beside = _AWAY.search(text), _OPPOSITE.search(text), _BESIDE.search(text)
        first: list[Match] = []
        more: list[Match] = []
        for road, house in self._houses(text, roads):
            here = at_number(road, house)
            there = self._away(road, here[0], text, away) if away else []
            if opposite:
                there += self._opposite(road, here[0], house.number)
            first += (*there[:2], *here[:2])
            more += (*there[2:], *here[2:])
            if beside and not opposite:
                more += _holding(road, house.number, (-2, 2, -1, 1))
        return first + more

    def _houses(self, text: str, roads: Sequence[_Numbered]) -> Iterator[tuple[Road, HouseNumber]]:
        """The numbers of each road, and those of the other roads for a road without one."""
        numbers = [placed for each in roads for placed in each.numbers]
        for without in (False, True):
            for each in roads:
                if bool(each.numbers) != without:
                    for house in _with_ranges(text, each.numbers or numbers):
                        yield from ((road, house) for road in self._roads[each.road.name])

    def _opposite(self, road: Road, here: AtSegment, number: int) -> list[AtSegment]:
        """The other side of the road, by the lines and by the numbers beside; by the lines first if the two differ."""
        beside = _holding(road, number, (-1, 1))
        point = self._positions.point(here.segment, here.house)
        if point is None:
            return [each for each in beside if each.code != here.code]
        lines = [shapely.LineString(self._positions.plane.array(each.line)) for each in road.segments]
        metres = shapely.distance(lines, shapely.Point(self._positions.plane.xy(*point)))
        sides = [i for i in np.argsort(metres, kind="stable").tolist() if _has_side(road.segments[i], number + 1)]
        across = [i for i in sides if metres[i] <= ACROSS_M]
        by_lines = [AtSegment(road.segments[i]) for i in across]
        nearest = {road.segments[i].id for i in across if metres[i] <= metres[across[0]] + AS_NEAR_M}
        by_both = [each for each in by_lines if each.code in nearest & {other.code for other in beside}]
        return by_both or [*by_lines, *beside]

    def _away(self, road: Road, start: AtSegment, text: str, away: re.Match[str]) -> list[Match]:
        """Segments of the road this many metres from a house, those in the named direction first."""
        point = self._positions.point(start.segment, start.house)
        if point is None:
            return []
        x, y = self._positions.plane.xy(*point)
        unit = next((m for m, said in zip(_UNITS_M, away.groups()[1:], strict=True) if said), 1.0)
        metres = min(float(away[1]) * unit, MOST_AWAY_M)
        east, north = _way(text)
        aim = shapely.Point(x + east * metres, y + north * metres)
        lines = [shapely.LineString(self._positions.plane.array(segment.line)) for segment in road.segments]
        reached = shapely.dwithin(lines, shapely.Point(x, y), metres + MEET_M)
        far = shapely.distance(lines, aim)
        order = sorted(np.flatnonzero(reached).tolist(), key=lambda i: (float(far[i]), road.segments[i].id))
        return [AtSegment(road.segments[i]) for i in order]

    def _whole(self, text: str, mention: Mention) -> Iterator[Match]:
        """All segments of a road, those near the number first, which may be that of a building or the like."""
        number = _DIGITS.search(text)
        for road in self._roads[mention.name]:
            yield from (AtSegment(each) for each in (road.by_gap(int(number[0])) if number else road.segments))

    def _crossing(self, roads: Sequence[Mention]) -> list[Match]:
        names = list(dict.fromkeys(mention.name for mention in roads))[:MOST_ROADS]
        held = [[segment for road in self._roads[name] for segment in road.segments] for name in names]
        return [AtSegment(segment) for segment in meeting(held, self._positions.plane)]


def at_number(road: Road, house: HouseNumber) -> list[AtSegment]:
    """The segments with the number (or one of its range), else those of the road with the nearest numbers."""
    held = road.holding(house.number)
    if house.last is not None:
        held += road.touched(house.number, house.last)
    return [
        AtSegment(segment, house if any(each.holds(house.number) for each in segment.numbers) else None)
        for segment in {each.id: each for each in held or road.by_gap(house.number)}.values()
    ]


def _has_side(segment: Segment, number: int) -> bool:
    """Whether the segment may have houses on the number's side, odd or even."""
    side = Side.ODD if number % 2 else Side.EVEN
    return not segment.numbers or any(held.side in (Side.BOTH, side) for held in segment.numbers)


def _holding(road: Road, number: int, steps: Sequence[int]) -> list[AtSegment]:
    return [AtSegment(segment) for step in steps for segment in road.holding(number + step)]


def _way(text: str) -> tuple[float, float]:
    """East and north of the directions that a text names; (0, 0) without one."""
    named = {each[1] or each[2] for each in _DIRECTION.finditer(text)}
    east = float(bool(named & {"东", "e"})) - float(bool(named & {"西", "w"}))
    north = float(bool(named & {"北", "n"})) - float(bool(named & {"南", "s"}))
    return east, north


def _blank(spelled: str, mentions: Sequence[Mention]) -> str:
    """The text with every name blanked, of the same length."""
    for mention in mentions:
        spelled = spelled[: mention.start] + "\n" * (mention.end - mention.start) + spelled[mention.end :]
    return spelled


def _numbered(text: str, roads: Sequence[Mention]) -> list[_Numbered]:
    """Each number belongs to the road before it, or to the first; also to a Latin name right after it."""
    found = [_Numbered(road, []) for road in roads]
    for placed in numbers_in(text)[:MOST_NUMBERS] if found else ():
        before = [each for each in found if each.road.end <= placed.start]
        following = next((each for each in found if each.road.start >= placed.end), None)
        touching = following and following.road.name.isascii() and not text[placed.end : following.road.start].strip()
        if following and (touching or not before):
            following.numbers.append(placed)
        if before and not (touching and text[before[-1].road.end : placed.start].strip()):
            before[-1].numbers.append(placed)
    return found


def _with_ranges(text: str, numbers: Sequence[Placed]) -> list[HouseNumber]:
    """The numbers; the first of two with "to" between them becomes a range."""
    houses = [placed.house for placed in numbers]
    for i, (first, second) in enumerate(pairwise(numbers)):
        if _UNTIL.fullmatch(text[first.end : second.start]) and first.house.number < second.house.number:
            houses[i] = first.house._replace(last=second.house.number)
    return houses
