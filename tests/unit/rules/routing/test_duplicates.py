"""Near enough, of one category, soon enough, and still open."""

from typing import Any

import pytest

from rules.routing.duplicates import Duplicate, duplicates
from schemas.command import Act
from schemas.duplicate_distance import EARTH_M_PER_DEGREE
from schemas.place import PlaceFound
from tests.worlds.street import DAY, IN_G2, ON_S1, ON_S2, PHOTO, T0, Street, a_book

METRE = 1 / EARTH_M_PER_DEGREE


def find_duplicate(*asked: Any, **never: Any) -> Duplicate | None:
    """The nearest one."""
    return next(iter(duplicates(*asked, **never)), None)


def beside(metres: float, place: PlaceFound = ON_S1) -> PlaceFound:
    """So many metres to the north."""
    assert place.lat is not None
    return place.model_copy(update={"lat": place.lat + metres * METRE})


@pytest.mark.parametrize(("metres", "same"), [(0, True), (29.9, True), (30.1, False), (300, False)])
def test_within_the_radius(metres: float, same: bool) -> None:
    street = Street()
    street.report(text="坑")
    found = find_duplicate(beside(metres), "pothole", T0, "R1-G1", street)
    assert (found is not None) is same
    if found is not None and found.metres is not None:
        assert abs(found.metres - metres) < 0.01


@pytest.mark.parametrize(("days", "same"), [(6.9, True), (7.1, False)])
def test_within_the_window(days: float, same: bool) -> None:
    street = Street()
    street.report(at=T0, text="坑")
    assert (find_duplicate(ON_S1, "pothole", T0 + int(days * DAY), "R1-G1", street) is not None) is same


def test_the_nearest_wins_and_the_oldest_among_equals() -> None:
    street = Street()
    near = street.report(beside(5), name="near", text="坑", by="a")
    street.report(beside(-26), name="far", text="坑", by="b")
    found = find_duplicate(ON_S1, "pothole", T0, "R1-G1", street)
    assert found is not None
    assert found.master.number == near.number
    twin = "R1-G1-2611-00099"
    street.cases[twin] = near.after({"number": twin})
    found = find_duplicate(ON_S1, "pothole", T0, "R1-G1", street)
    assert found is not None
    assert found.master.number == near.number


def test_a_category_without_merging_never_merges() -> None:
    street = Street()
    street.report(text="漏水")
    assert find_duplicate(ON_S1, "leak", T0, "R1-G1", street) is None


def test_not_another_category_home_or_segment() -> None:
    street = Street()
    street.report()
    assert find_duplicate(ON_S1, "pothole", T0, "R1-G1", street) is None
    assert find_duplicate(ON_S1, "dirty", T0, "R1-G2", street) is None
    assert find_duplicate(ON_S2, "dirty", T0, "R1-G1", street) is None


def test_without_a_segment_a_linear_category_goes_by_metres() -> None:
    street = Street()
    street.report(IN_G2)
    found = find_duplicate(beside(10, IN_G2), "dirty", T0, "R1-G2", street)
    assert found is not None
    assert found.metres is not None


def test_a_place_without_a_position_is_near_nothing() -> None:
    street = Street()
    street.report(IN_G2)
    nowhere = IN_G2.model_copy(update={"lon": None, "lat": None})
    assert find_duplicate(nowhere, "dirty", T0, "R1-G2", street) is None


def test_nothing_that_is_over_or_follows_itself_or_was_said_to_be_different() -> None:
    street = Street()
    case = street.report()
    assert find_duplicate(ON_S1, "dirty", T0, "R1-G1", street, never=(case.number,)) is None
    street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    assert find_duplicate(ON_S1, "dirty", T0, "R1-G1", street) is not None, "what waits for verification is open"
    street.act(case, Act.VERIFY, "patrol-1")
    assert find_duplicate(ON_S1, "dirty", T0, "R1-G1", street) is None


def test_the_book_says_who_merges() -> None:
    assert a_book().category("dirty").merge is not None
