"""Reads an address: one certain road segment or landmark of the region, a few to ask about, or none.

It is certain only if every letter is accounted for: a road and its house number, or a landmark, and beside them
only words that cannot change the place. Everything else is a question.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import shapely

from rules.places.address_words import HarmlessWords
from rules.places.countings import may_count
from rules.places.doubts import Doubts
from rules.places.house_numbers import HouseNumber, holds_number, in_digits, number_beside
from rules.places.matches import AtLandmark, AtSegment, Match, distinct
from rules.places.positions import Positions
from rules.places.roads import Road
from rules.places.wording import Mention, Names, spell
from schemas.region import Landmark, Region, Segment

LONG_ADDRESS: Final = 500
_MOST_NEAR = 40
_HINT = re.compile("正?(?:对面|旁边|旁|附近|隔壁|后面|边上)的?")
"""Between a landmark and a Chinese address it says where the landmark is: 公园对面湖滨南路12号."""


_NEAR_M: Final = 300.0
"""Nobody says "beside" of anything farther away."""


class AddressReading(NamedTuple):
    """What an address may mean, the likeliest first; `sure` when it is one place and needs no question."""

    matches: Sequence[Match]
    sure: bool = False


class AddressBook:
    """The region's roads, aliases and landmarks, compiled for matching."""

    def __init__(self, region: Region, positions: Positions) -> None:
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
        for name in list(roads):
            if (other := in_digits(name)) not in roads:
                roads[other] += roads[name]
        for landmark in region.landmarks:
            for name in {landmark.name.zh, landmark.name.en, *landmark.aliases} - {""}:
                self._landmarks[spell(name)].append(landmark)
        compiled = {road: Road(held) for road, held in segments.items()}
        self._roads = {name: [compiled[road] for road in sorted(found)] for name, found in roads.items()}
        self._names = Names(set(self._roads) | set(self._landmarks))
        self._explained = HarmlessWords(_own_names(region))
        self._positions = positions
        self._doubts = Doubts(self._roads, self._landmarks, positions)

    def read(self, address: str) -> AddressReading:
        """What the address means or may mean; empty when it names no road and no landmark."""
        spelled = spell(address)
        mentions = self._names.mentions(spelled)
        if not mentions:
            return AddressReading(())
        plain = self._plain(address, spelled, mentions)
        return AddressReading(self._doubts.candidates(spelled, mentions)) if plain is None else plain

    def read_on(self, roads: Iterable[str], number: str) -> AddressReading:
        """What a house number means on the roads that were asked about (Chinese names); empty for other words."""
        said = spell(number) if len(number) <= LONG_ADDRESS else ""
        if not holds_number(said) or self._names.mentions(said):
            return AddressReading(())
        read = [self.read(f"{road} {said}") for road in sorted(roads)]
        meant = [reading for reading in read if any(match.is_house for match in reading.matches)]
        if len(meant) == 1:
            return meant[0]
        return AddressReading(distinct(match for reading in meant for match in reading.matches))

    def near(self, address: str) -> list[Match]:
        """Places that a misspelled or incomplete name may mean; always only a question."""
        spelled = spell(address)
        names = sorted(self._names.near(spelled), key=lambda m: (m.start - m.end, m.name))[:_MOST_NEAR]
        meant = [(m.start - m.end, self._doubts.candidates(spelled, [m])) for m in names]
        meant.sort(key=lambda each: (each[0], each[1][0].code))
        return distinct(match for _, matches in meant for match in matches)

    def _plain(self, address: str, spelled: str, mentions: Sequence[Mention]) -> AddressReading | None:
        """The one place of an address whose every letter is accounted for; a question if its number may be a count."""
        main, *beside = mentions
        hints: list[Mention] = []
        if beside:
            roads = [mention for mention in mentions if mention.name in self._roads]
            if len(roads) != 1:
                return None
            main = roads[0]
            spelled, beside, hints = _without(spelled, main, [mention for mention in mentions if mention is not main])
        before, after = spelled[: main.start], spelled[main.end :]
        marks: Sequence[Landmark] = self._landmarks.get(main.name, ())
        if main.name not in self._roads:
            alone = len(marks) == 1 and self._explained.context(before, after, numbered=False)
            return AddressReading((AtLandmark(marks[0]),), sure=True) if alone else None
        if beside:
            marks = [*marks, *(mark for mention in beside for mark in self._landmarks[mention.name])]
        house, before, after = number_beside(before, after, latin=main.name.isascii())
        left = before or after
        if _is_cut(main, spelled) or (left and not self._explained.context(before, after, numbered=house is not None)):
            return None
        match = self._on_road(main.name, house)
        there = match and all(mark.segment == match.code for mark in marks)
        if match is None or not there or not all(self._is_near(match, hint) for hint in hints):
            return None
        if left and may_count(address, match.house):
            return AddressReading(distinct([match, *self._doubts.roads(mentions)]))
        return AddressReading((match,), sure=True)

    def _is_near(self, match: AtSegment, hint: Mention) -> bool:
        """Whether a landmark that the text calls near is near."""
        plane, line = self._positions.plane, match.segment.line
        point = self._positions.point(match.segment, match.house)
        here = shapely.LineString(plane.array(line)) if point is None else shapely.Point(plane.xy(*point))
        marks = [shapely.Point(plane.xy(mark.lon, mark.lat)) for mark in self._landmarks[hint.name]]
        return bool(shapely.dwithin(marks, here, _NEAR_M).any())

    def _on_road(self, name: str, house: HouseNumber | None) -> AtSegment | None:
        """The one segment with the number, or the only segment of a road without known numbers."""
        roads = self._roads[name]
        if len(roads) != 1:
            return None
        road = roads[0]
        if house is None or not road.is_numbered:
            return AtSegment(road.segments[0], house) if len(road.segments) == 1 else None
        held = road.holding(house.number)
        if held and house.last is not None:  # 12-18 may be a range
            held = list({each.id: each for each in (*held, *road.touched(house.number, house.last))}.values())
        return AtSegment(held[0], house) if len(held) == 1 else None


def _without(spelled: str, main: Mention, beside: Sequence[Mention]) -> tuple[str, list[Mention], list[Mention]]:
    """The text with landmarks beside the road `main` blanked; landmarks that must be on it, and near it."""
    there: list[Mention] = []
    near: list[Mention] = []
    for mention in beside:
        hint = _HINT.match(spelled, mention.end) if mention.end < main.start and not main.name.isascii() else None
        end = hint.end() if hint else mention.end
        spelled = spelled[: mention.start] + " " * (end - mention.start) + spelled[end:]
        (there if hint is None else near).append(mention)
    return spelled, there, near


def _is_cut(road: Mention, spelled: str) -> bool:
    """Whether a letter follows the number of a name: lane 12a is not lane 12."""
    after = spelled[road.end : road.end + 1]
    return after.isascii() and after.isalpha() and road.name[-1].isdigit()


def _own_names(region: Region) -> set[str]:
    """Names of the region, its surroundings and its communities, which people write around an address."""
    names = [region.name, *(grid.community for grid in region.grids if grid.community)]
    return {text for name in names for text in (name.zh, name.en) if text} | set(region.within)
