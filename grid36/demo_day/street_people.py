"""Who lives and works on a street, and where: what a plan draws from. Pure."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Final

from grid36.demo_day.words import house
from schemas.duplicate_distance import distance_m
from schemas.names import Language
from schemas.people import Person, Role
from schemas.region import Point, Region, Segment

PLAYED_ELSEWHERE: Final = 1
"""The last segment with house numbers is left to whoever copies the lines of the terminal."""


NEAR_M: Final = 110.0
"""Nearer than this, two reports of one category might be taken for the same."""


class StreetPeople:
    """Draws reporters and places; a category gets each segment once, so that only what should merges."""

    def __init__(self, region: Region, chance: Random, busy: str, language: Language) -> None:
        """People write in `language`; nothing happens on the segments of `busy`, whose phone shows the story."""
        self.region, self.language, self._chance = region, language, chance
        numbered = [segment for segment in region.segments if segment.numbers][:-PLAYED_ELSEWHERE]
        self._segments = [segment for segment in numbered if segment.owner not in {busy, None}]
        self._free: dict[str, list[Segment]] = {}
        self._workers = {grid.id: grid.workers for grid in region.grids}

    def name(self, person: str) -> str:
        """The name of somebody."""
        return next(each.name.to(self.language) for each in self.region.persons if each.id == person)

    def with_role(self, role: Role) -> list[str]:
        """Ids of everybody who has a role."""
        return [person.id for person in self.region.persons if role in person.roles]

    def spot(self, category: str, wanted: Callable[[Segment], bool] = lambda _: True) -> Segment:
        """A segment on and near which the category was not reported yet, one of the wanted ones if any is left."""
        free = self._free.setdefault(category, self._chance.sample(self._segments, len(self._segments)))
        if not free:
            free.extend(self._chance.sample(self._segments, len(self._segments)))
        found = next(filter(wanted, reversed(free)), free[-1])
        self._free[category] = [each for each in free if each is not found and not _near(each, found)]
        return found

    def address(self, segment: Segment) -> str:
        """A house number in the middle part of the segment, where no other road is near."""
        numbers = self._chance.choice(segment.numbers)
        middle = [n for n in range(numbers.first, numbers.last + 1) if numbers.holds(n)]
        third = len(middle) // 3
        return house(segment.road, self._chance.choice(middle[third : len(middle) - third] or middle)).to(self.language)

    def unclear(self, category: str) -> Segment:
        """A spot on a road that has several segments, so that the road alone does not say where it is."""
        counts = Counter(segment.road.zh for segment in self._segments)
        return self.spot(category, lambda segment: counts[segment.road.zh] > 1)

    def reporter(self, segment: Segment, *others_than: str) -> str:
        """Somebody who passes by: mostly the grid's own patrollers, then riders, drivers and residents."""
        kinds = [
            (5, [name for name in self._workers.get(segment.grid, ()) if name not in others_than]),
            (3, [name for name in self.with_role(Role.VOLUNTEER) if name not in others_than]),
            (2, [each.id for each in self._residents() if each.id not in others_than]),
        ]
        there = [(weight, names) for weight, names in kinds if names]
        names = self._chance.choices([names for _, names in there], [weight for weight, _ in there])[0]
        return self._chance.choice(names)

    def resident(self) -> str:
        """Somebody who lives here."""
        return self._chance.choice(self._residents()).id

    def english_speaker(self) -> Person | None:
        """A resident who writes English, if there is one."""
        others = set(self.with_role(Role.RESIDENT)) - {each.id for each in self._residents()}
        return next((person for person in self.region.persons if person.id in others), None)

    def owners(self) -> list[str]:
        """Everybody responsible for a segment that is played on, who has at least two."""
        counts = Counter(str(segment.owner) for segment in self._segments)
        return sorted(owner for owner, n in counts.items() if n > 1)

    def _residents(self) -> list[Person]:
        zh = self.region.languages[0]
        return [person for person in self.region.persons if Role.RESIDENT in person.roles and person.language == zh]


def _near(one: Segment, other: Segment) -> bool:
    """Whether two segments of one grid are near each other in the middle, where people report."""
    (lon, lat), (other_lon, other_lat) = _middle(one), _middle(other)
    return one.grid == other.grid and distance_m(lon, lat, other_lon, other_lat) < NEAR_M


def _middle(segment: Segment) -> Point:
    (west, south), (east, north) = segment.line[0], segment.line[-1]
    return (west + east) / 2, (south + north) / 2
