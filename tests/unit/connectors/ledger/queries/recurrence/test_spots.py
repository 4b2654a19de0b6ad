"""What is a hot spot, what is none, and what cannot be told."""

from collections import Counter
from collections.abc import Mapping
from random import Random

from connectors.ledger.queries.recurrence.spots import (
    FEWEST,
    HotSpots,
    Season,
    Spots,
    hot_spots,
)
from tests.oracles.reported_cases import reported_as

LENGTHS = {f"S{n}": 100.0 for n in range(50)}


def even(n: int = 2) -> dict[tuple[str, str], int]:
    """As many everywhere."""
    return {(segment, "waste"): n for segment in LENGTHS}


def found(now: Spots, year_ago: Spots, size: Mapping[str, float]) -> HotSpots:
    """What the ledger says of these counts."""
    return hot_spots(*reported_as(now, year_ago, size), size)


def test_a_place_with_ten_times_as_many_as_others_is_one() -> None:
    """With the numbers by which it is one; the others are none."""
    (spot,) = found(even() | {("S7", "waste"): 20}, {}, LENGTHS).found
    assert (spot.place, spot.category, spot.cases, spot.year_ago) == ("S7", "waste", 20, 0)
    assert round(spot.expected, 2) == 118 / 50
    assert spot.false < 1e-8
    assert spot.season is Season.UNKNOWN


def test_a_long_road_may_have_more() -> None:
    assert found(even() | {("S7", "waste"): 20}, {}, LENGTHS | {"S7": 1_000.0}).found == ()


def test_of_few_cases_nothing_is_said() -> None:
    alone = {("S7", "lamp"): FEWEST - 1}
    assert found(alone, {}, LENGTHS).found == ()
    assert len(found({("S7", "lamp"): FEWEST}, {}, LENGTHS).found) == 1


def test_the_year_before_tells_what_is_new() -> None:
    """More everywhere is no news of one place, and a place that was hot is not new."""
    hot = even() | {("S7", "waste"): 20}
    seasons = {
        Season.NEW: even(),
        Season.AS_BEFORE: {place: max(1, n // 2) for place, n in hot.items()},
        Season.UNSURE: {("S7", "waste"): 4, ("S8", "waste"): 4, **{(f"S{n}", "waste"): 1 for n in range(9, 40)}},
        Season.UNKNOWN: {("S7", "lamp"): 20},
    }
    for season, year_ago in seasons.items():
        (spot,) = found(hot, year_ago, LENGTHS).found
        assert spot.season is season


def test_with_too_few_elsewhere_nothing_is_new() -> None:
    """One case of then, anywhere, does not make a place new."""
    (spot,) = found({("S7", "lamp"): 20}, {("S8", "lamp"): 1}, LENGTHS).found
    assert spot.season is Season.UNSURE


def test_places_that_are_not_on_the_map_are_left_out_and_counted() -> None:
    spots = found(even() | {("S7", "waste"): 20, ("gone", "waste"): 30}, {("gone", "waste"): 9}, LENGTHS)
    assert [spot.place for spot in spots.found] == ["S7"]
    assert spots.elsewhere == 30


def test_chance_alone_makes_next_to_none() -> None:
    """A hundred drawn cities without any hot spot: at most a few finds in all of them."""
    drawn, lengths = Random(36), {f"S{n}": 50.0 + n for n in range(200)}
    finds = 0
    for _ in range(100):
        places = drawn.choices(list(lengths), list(lengths.values()), k=1_500)
        finds += len(found(Counter((place, drawn.choice("ab")) for place in places), {}, lengths).found)
    assert finds <= 3
