"""Several things given for one place of the example street: what counts, what is noted, what is asked."""

import math
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from grid36.files.region.load import load_region
from grid36.settings import data_folder
from rules.places.region_index import RegionIndex
from schemas.datum import wgs84_to_gcj02
from schemas.names import Language
from schemas.place import Ambiguous, Coordinates, Elsewhere, Found, FoundBy, NotFound, PlaceFound, PlaceGiven
from schemas.place_words import elsewhere_words
from schemas.report import Photo

INDEX = RegionIndex(load_region(data_folder("regions") / "example"))
ON_HBN_1 = Coordinates(lon=118.0831, lat=24.46)
ON_JDL_2 = Coordinates(lon=118.0846, lat=24.4656)
PHOTO = Photo(digest="ab" * 32, lon=118.0846, lat=24.4656)


def place(text: str = "", photos: tuple[Photo, ...] = (), **given: Any) -> PlaceFound:
    result = INDEX.locate(PlaceGiven(**given), text, photos)
    assert isinstance(result, Found), result
    return result.place


def codes(text: str = "", photos: tuple[Photo, ...] = (), **given: Any) -> list[str]:
    result = INDEX.locate(PlaceGiven(**given), text, photos)
    assert isinstance(result, Ambiguous), result
    return [candidate.code for candidate in result.candidates]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"address": "湖滨南路12号", "coordinates": ON_HBN_1}, ""),
        ({"address": "湖滨南路", "coordinates": ON_HBN_1}, ""),
        ({"address": "湖滨南路12号旁边", "coordinates": ON_HBN_1}, ""),
        ({"code": "LP0001", "coordinates": ON_HBN_1}, ""),
        ({"code": "G001", "coordinates": ON_HBN_1}, ""),
        ({"coordinates": ON_HBN_1}, "湖滨南路12号有油污"),
        ({"coordinates": ON_HBN_1}, "橘灯路有油污"),
        ({"coordinates": ON_HBN_1, "address": "somewhere else"}, ""),
    ],
)
def test_what_agrees_or_says_nothing_is_not_noted(given: dict[str, Any], text: str) -> None:
    found = place(text, **given)
    assert (found.segment, found.elsewhere) == ("HBN-1", ())


def test_a_position_beside_another_segment_counts_and_says_so() -> None:
    found = place(address="湖滨南路41号", coordinates=ON_HBN_1)
    other = Elsewhere(by=FoundBy.ADDRESS, label="湖滨南路41号", grid="G002", segment="HBN-2", metres=14)
    assert (found.segment, found.by, found.elsewhere) == ("HBN-1", FoundBy.COORDINATES, (other,))


def test_a_position_and_a_sure_address_far_apart_are_a_question() -> None:
    assert codes(address="橘灯路45号", coordinates=ON_HBN_1) == ["HBN-1", "JDL-2"]


def test_an_address_that_is_not_sure_gives_way_to_a_position() -> None:
    found = place(address="橘灯路45号对面", coordinates=ON_HBN_1)
    assert [(other.by, other.segment) for other in found.elsewhere] == [(FoundBy.ADDRESS, "JDL-2")]


def test_a_code_that_was_chosen_counts_beside_a_far_pin_and_says_so() -> None:
    found = place(code="LP0001", coordinates=ON_JDL_2)
    assert (found.segment, found.by) == ("HBN-1", FoundBy.CODE)
    assert [(other.by, other.segment) for other in found.elsewhere] == [(FoundBy.COORDINATES, "JDL-2")]
    assert found.elsewhere[0].metres == pytest.approx(750, abs=5)


def test_a_position_outside_the_region_is_noted_beside_an_address() -> None:
    found = place(address="湖滨南路12号", coordinates=Coordinates(lon=118.0, lat=25.0))
    (other,) = found.elsewhere
    assert (found.segment, other.by, other.grid) == ("HBN-1", FoundBy.COORDINATES, None)
    assert other.label == "25.00000, 118.00000"


def test_an_address_in_the_text_is_noted_and_never_places() -> None:
    found = place("橘灯路45号路面油污", coordinates=ON_HBN_1)
    assert [(other.by, other.segment) for other in found.elsewhere] == [(FoundBy.WORDS, "JDL-2")]
    assert codes("橘灯路45号路面油污") == ["JDL-2"]


def test_a_photos_own_position_is_offered_where_nothing_else_is_given() -> None:
    assert codes(photos=(PHOTO,)) == ["JDL-2"]
    assert codes("路面油污", (PHOTO,), address="nowhere") == ["JDL-2"]
    assert codes("湖滨南路44号或者橘灯路45号", (PHOTO,)) == ["JDL-2", "HBN-2"]
    wrong = (PHOTO.model_copy(update={"lat": 95.0}), PHOTO.model_copy(update={"lon": 0.0}))
    assert isinstance(INDEX.locate(PlaceGiven(), "", wrong), NotFound)


def test_a_photo_taken_far_from_the_place_is_noted() -> None:
    """Whatever counts; the photo places nothing."""
    for given in ({"coordinates": ON_HBN_1}, {"code": "HBN-1"}, {"code": "LP0001"}, {"address": "湖滨南路12号"}):
        found = place(photos=(PHOTO,), **given)
        (other,) = found.elsewhere
        assert (found.segment, other.by, other.segment) == ("HBN-1", FoundBy.PHOTO, "JDL-2")
        assert other.metres == pytest.approx(640, abs=120)
    told = elsewhere_words(place(photos=(PHOTO,), code="G001"))
    assert told is not None
    assert told.zh.startswith("以编号为准；照片定位指向“橘灯路”，相距")
    assert told.en.startswith("the code counts; the photo's position says “橘灯路”, ")
    far = PHOTO.model_copy(update={"lon": 116.4, "lat": 39.9})
    (other,) = place(photos=(far,), address="湖滨南路12号").elsewhere
    assert (other.label, other.grid) == ("39.90000, 116.40000", None)


@drawn(st.floats(0, 140), st.floats(0, 6.3), st.booleans())
def test_a_photo_near_the_place_is_not_noted(metres: float, way: float, gcj: bool) -> None:
    """Positions and house numbers are no nearer than that, and some phones in China write GCJ-02 into photos."""
    x, y = INDEX.plane.x_per_degree, INDEX.plane.y_per_degree
    lon, lat = ON_HBN_1.lon + metres * math.cos(way) / x, ON_HBN_1.lat + metres * math.sin(way) / y
    lon, lat = wgs84_to_gcj02(lon, lat) if gcj else (lon, lat)
    photo = PHOTO.model_copy(update={"lon": lon, "lat": lat})
    assert place(photos=(photo,), coordinates=ON_HBN_1).elsewhere == ()


def test_a_photo_without_a_usable_position_is_not_noted() -> None:
    none = (PHOTO.model_copy(update={"lat": 95.0}), PHOTO.model_copy(update={"lon": None}))
    zero = PHOTO.model_copy(update={"lon": 0.0, "lat": 0.0})
    assert place(photos=(*none, zero), coordinates=ON_HBN_1).elsewhere == ()
    assert place(photos=(PHOTO,), code="G007").elsewhere == ()


def test_a_photo_says_which_of_a_roads_segments_is_likely() -> None:
    assert codes(address="橘灯路") == ["JDL-1", "JDL-2", "JDL-3"]
    there = PHOTO.model_copy(update={"lon": 118.0944})
    assert codes(address="橘灯路", photos=(there,)) == ["JDL-5", "JDL-1", "JDL-2"]


def test_of_a_road_of_many_segments_it_says_how_many_more_and_a_number_reaches_them() -> None:
    asked = INDEX.locate(PlaceGiven(address="橘灯路"))
    assert isinstance(asked, Ambiguous)
    assert (len(asked.candidates), asked.more) == (3, 2)
    for said in ("199", "199号", "No. 199", "一百九十九号", " 199号门口"):
        answer = INDEX.answered(asked.candidates, said)
        assert isinstance(answer, Found), said
        assert (answer.place.segment, answer.place.label) == ("JDL-5", "橘灯路199号")
    beside = INDEX.answered(asked.candidates, "199号旁边")
    assert isinstance(beside, Ambiguous)
    assert beside.candidates[0].code == "JDL-5"
    for said in ("不知道", "", "云帆路12号", "橘灯路", "9" * 600):
        assert INDEX.answered(asked.candidates, said) is None, said
    two = INDEX.locate(PlaceGiven(address="橘灯路或者云帆路"))
    assert isinstance(two, Ambiguous)
    answer = INDEX.answered(two.candidates, "12号")
    assert isinstance(answer, Ambiguous | Found)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("灯杆LP0003附近", ["HBN-5"]),
        ("ＬＰ０００３ 灯不亮", ["HBN-5"]),
        ("湖滨南路45号 LP0003", ["HBN-5", "HBN-2"]),
        ("HBN-3 湖滨南路12号", ["HBN-3", "HBN-1"]),
        ("网格G003", ["G003"]),
        ("LP0003 Orange Lanten Road 45", ["HBN-5", "JDL-2"]),
        ("118.0868, 24.46", ["HBN-3", "CSL-1S"]),
        ("24.46 118.0868", ["HBN-3", "CSL-1S"]),
        ("湖滨南路45号(118.0846,24.4656)", ["JDL-2", "HBN-2"]),
    ],
)
def test_codes_and_positions_in_an_address_are_asked_about(address: str, asked: list[str]) -> None:
    """A position by either order and, where phones give it, by GCJ-02; its digits are no house numbers."""
    assert codes(address=address) == asked


def test_a_code_in_the_text_is_offered_where_nothing_else_is_given() -> None:
    assert codes("灯杆LP0003不亮") == ["HBN-5"]


def test_what_is_chosen_keeps_its_house_number_or_its_exact_spot() -> None:
    """Without a point no duplicate is found near it."""
    asked = INDEX.locate(PlaceGiven(address="橘灯路45号", coordinates=ON_HBN_1))
    assert isinstance(asked, Ambiguous)
    pin, house = asked.candidates
    assert (pin.lon, pin.lat) == (ON_HBN_1.lon, ON_HBN_1.lat)
    chosen = place(code=house.code, address=house.label)
    assert (chosen.segment, chosen.label, chosen.elsewhere) == ("JDL-2", "橘灯路45号", ())
    chosen = place(code=pin.code, coordinates=ON_HBN_1)
    assert (chosen.segment, chosen.lon, chosen.elsewhere) == ("HBN-1", ON_HBN_1.lon, ())
    whole = place(code="HBN-2", address="湖滨南路 41–79(单) 42–80(双)")
    assert (whole.segment, whole.lon, whole.elsewhere) == ("HBN-2", None, ())


def test_a_difference_in_words() -> None:
    found = place(code="LP0001", coordinates=ON_JDL_2)
    told = elsewhere_words(found, lambda label, segment, language: f"{segment} in {language}")
    assert told is not None
    assert told.to(Language.ZH) == f"以编号为准；定位指向“橘灯路”，相距{found.elsewhere[0].metres}米"
    assert told.to(Language.EN).startswith("the code counts; the position says “JDL-2 in en”, ")
    assert elsewhere_words(place(address="湖滨南路12号")) is None
