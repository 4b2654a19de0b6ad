"""Nothing that the rules could take for a duplicate is left out."""

import random

from schemas.duplicate_distance import distance_m
from schemas.place import FoundBy, PlaceFound
from schemas.rulebook import Merge
from streams.cases.open_cases import OpenCases


def place(dice: random.Random) -> PlaceFound:
    """Somewhere within 300 m, now and then without a point or a segment."""
    at = None if dice.random() < 0.1 else (118.1 + dice.random() * 0.003, 24.4 + dice.random() * 0.003)
    return PlaceFound(
        grid="G",
        segment=dice.choice((None, "S1", "S2")),
        lon=at and at[0],
        lat=at and at[1],
        label="x",
        by=FoundBy.ADDRESS,
    )


def test_near_leaves_nothing_out_and_keeps_the_order() -> None:
    dice = random.Random(3)
    cases, places = OpenCases(), dict[str, PlaceFound]()
    for i in dice.sample(range(99_900, 100_300), 300):
        number = f"test-G-2610-{i:05d}"
        places[number] = place(dice)
        cases.add(number, places[number])
    for number in list(places)[:100]:
        cases.remove(number)
        del places[number]
    by_age = sorted(places, key=lambda number: int(number.rsplit("-", 1)[1]))
    assert list(cases.all()) == by_age
    for _ in range(50):
        wanted = place(dice)
        radius = Merge(radius_m=dice.choice((5, 30, 100)))
        found = list(cases.near(wanted, radius))
        assert found == sorted(found, key=by_age.index)
        assert len(found) < len(places)
        within = {n for n, p in places.items() if _metres(wanted, p) <= radius.radius_m}
        assert within <= set(found)
    linear = Merge(linear=True)
    asked = place(dice).model_copy(update={"segment": "S1"})
    assert list(cases.near(asked, linear)) == [n for n in by_age if places[n].segment == "S1"]


def _metres(a: PlaceFound, b: PlaceFound) -> float:
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return float("inf")
    return distance_m(a.lon, a.lat, b.lon, b.lat)
