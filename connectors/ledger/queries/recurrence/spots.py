"""Hot spots: which places have more cases of a category than their size explains, and whether that is new. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from connectors.ledger.queries.recurrence.chance import among_later, at_least, false_discovery

FEWEST: Final = 5
"""Cases of one category at one place: with fewer nothing is said."""
FALSE: Final = 0.01
"""The share of the listed places that may be there by chance."""

Spots = Mapping[tuple[str, str], int]
"""Cases by place, a segment or a grid, and category."""


class SpotCounts(NamedTuple):
    """The cases of a period at the places that have a size."""

    spots: Spots
    """Where there are at least `FEWEST`, in this period or in the one beside it."""
    by_category: Mapping[str, int]
    """All of them."""
    elsewhere: int
    """Cases at other places, such as those that are not on the map any more."""


class Season(StrEnum):
    """A place beside itself in the same days of the year before."""

    NEW = "new"
    """More than then, and more than the change of the category elsewhere explains."""
    AS_BEFORE = "as_before"
    """It was a hot spot then, too."""
    UNSURE = "unsure"
    """The difference may be chance."""
    UNKNOWN = "unknown"
    """Nothing of this category was reported then."""


class HotSpot(NamedTuple):
    """A place of one category, and the numbers by which it is one."""

    place: str
    category: str
    cases: int
    expected: float
    """Cases that its share of the size of all places would have."""
    false: float
    """The share of false finds (0 to `FALSE`) among all that are at least as unlikely."""
    year_ago: int
    """Cases in the same days of the year before."""
    season: Season


class HotSpots(NamedTuple):
    """The least likely first; and what could not be asked about."""

    found: tuple[HotSpot, ...]
    elsewhere: int
    """Cases at places without a size: they are left out."""


def hot_spots(now: SpotCounts, year_ago: SpotCounts, size: Mapping[str, float]) -> HotSpots:
    """Of the cases of a period and of the same days of the year before; by place its size, in any unit, above 0.

    By chance each case would fall on any part of them alike. Each place is asked about with each category that occurs.
    """
    unlikely, was_hot, found = _unlikely(now, size), _unlikely(year_ago, size), []
    for (place, category), (expected, false) in unlikely.items():
        cases, before = now.spots[place, category], year_ago.spots.get((place, category), 0)
        of_now, of_then = now.by_category[category], year_ago.by_category.get(category, 0)
        season = _season(cases, before, of_now, of_then, was_hot=(place, category) in was_hot)
        found.append(HotSpot(place, category, cases, expected, false, before, season))
    found.sort(key=lambda each: (each.false, -each.cases, each.place, each.category))
    return HotSpots(tuple(found), now.elsewhere)


def _unlikely(cases: SpotCounts, size: Mapping[str, float]) -> dict[tuple[str, str], tuple[float, float]]:
    """Expected cases and share of false finds of the places that are no chance."""
    whole, totals = sum(size.values()), cases.by_category
    asked = [each for each, n in cases.spots.items() if n >= FEWEST]
    shares = {each: size[each[0]] / whole for each in asked}
    chances = [at_least(cases.spots[each], totals[each[1]], shares[each]) for each in asked]
    false = false_discovery(chances, len(size) * len(totals))
    return {
        each: (totals[each[1]] * shares[each], part) for each, part in zip(asked, false, strict=True) if part <= FALSE
    }


def _season(cases: int, before: int, of_now: int, of_then: int, *, was_hot: bool) -> Season:
    """Given how many there are here and in each year, which of them are of this year is chance (Fisher's exact test).

    Where other places have too few to compare with, nothing is new.
    """
    if not of_then:
        return Season.UNKNOWN
    here = cases + before
    more = sum(among_later(n, here, of_now, of_now + of_then) for n in range(cases, min(here, of_now) + 1))
    if more <= FALSE:
        return Season.NEW
    return Season.AS_BEFORE if was_hot else Season.UNSURE
