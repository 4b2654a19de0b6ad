from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.places.region_index import RegionIndex
from schemas.place import Ambiguous, Found, FoundBy, NotFound, NotFoundReason, PlaceGiven
from tests.generators.city import CELL, SOUTH, WEST, city

_LINE = [(WEST, SOUTH + 0.001), (WEST + CELL, SOUTH + 0.001)]
_HOLD: dict[str, range] = {"A-odd": range(1, 20, 2), "A-even": range(2, 19, 2), "B": range(20, 61)}


def _segment(name: str, zh: str, en: str, grid: str, *numbers: tuple[int, int, str]) -> dict[str, Any]:
    ranges = [{"first": first, "last": last, "side": side} for first, last, side in numbers]
    return {"id": name, "road": {"zh": zh, "en": en}, "grid": grid, "line": _LINE, "numbers": ranges}


_SEGMENTS = [
    _segment("A-odd", "湖滨南路", "Hubin South Road", "G000-000", (1, 19, "odd")),
    _segment("A-even", "湖滨南路", "Hubin South Road", "G000-000", (2, 18, "even")),
    _segment("B", "湖滨南路", "Hubin South Road", "G001-000", (20, 60, "both")),
    _segment("C", "滨南路", "Bin South Road", "G001-000"),
    _segment("D1", "中山路", "Zhongshan Road", "G000-000", (1, 40, "both")),
    _segment("D2", "中山路", "Zhongshan Road", "G001-000", (30, 80, "both")),
]
_MARKS = [
    {"id": "L1", "name": {"zh": "示例公园", "en": "Sample Park"}, "aliases": ["大公园"], "lon": WEST, "lat": SOUTH},
    {"id": "L2", "name": {"zh": "湖滨南路口公交站", "en": "Hubin stop"}, "lon": WEST, "lat": SOUTH, "segment": "A-odd"},
]
INDEX = RegionIndex(
    city(
        2,
        1,
        segments=_SEGMENTS,
        landmarks=_MARKS,
        within=["海边", "Seaside"],
        aliases=[{"alias": "老南路", "road": "湖滨南路"}, {"alias": "Lakeside Way", "road": "Hubin South Road"}],
    )
)


def segment(address: str) -> str | None:
    result = INDEX.locate(PlaceGiven(address=address))
    assert isinstance(result, Found), result
    return result.place.segment


def codes(address: str) -> list[str]:
    result = INDEX.locate(PlaceGiven(address=address))
    assert isinstance(result, Ambiguous), result
    return [candidate.code for candidate in result.candidates]


@pytest.mark.parametrize(
    "address",
    [
        "湖滨南路12-8号",
        "湖滨南路１２－８号,油污",
        "湖滨南路 12",
        "湖滨南路十二号",
        "湖滨南路12 楼下",
        "思明区湖滨南路12号门口",
        "老南路12号",
        "12 Hubin South Road",
        "12-8 Hubin South Rd., greasy",
        "Hubin South Road 12-8, greasy surface",
        "No. 12, Hubin S Road",
        "12 Lakeside Way",
        "湖滨南路12-18号",
        "湖滨南路12号之3",
        "湖滨南路12甲号",
        "湖滨南路12A号3栋501室",
        "361004 省城南岸区湖滨南路12号楼下路灯不亮",
        "试验城湖滨南路12号",
        "油污在老南路12号，请尽快处理",
        "海边湖滨南路12号",
        "12 Hubin South Road, Seaside, South District",
        "Flat 4, 12a Hubin South Road, 3rd floor",
        "in front of 12 1/2 Hubin South Road",
    ],
)
def test_one_house_number_has_many_spellings(address: str) -> None:
    assert segment(address) == "A-even"


def test_the_sides_differ() -> None:
    assert segment("湖滨南路13号") == "A-odd"
    assert segment("湖滨南路33号") == "B"


def test_the_label_is_built_from_the_regions_words() -> None:
    result = INDEX.locate(PlaceGiven(address="油污在老南路 12-8号 快来"))
    assert isinstance(result, Found)
    assert (result.place.label, result.place.road, result.place.by) == ("湖滨南路12-8号", "湖滨南路", FoundBy.ADDRESS)


def test_a_house_number_has_a_point_in_its_range() -> None:
    """Number 12 is the sixth of nine even numbers, so a little more than half way."""
    result = INDEX.locate(PlaceGiven(address="湖滨南路12号"))
    assert isinstance(result, Found)
    assert result.place.lon == pytest.approx(WEST + CELL * 10.5 / 17, abs=1e-9)
    assert result.place.lat == pytest.approx(SOUTH + 0.001)


def test_several_matches_are_a_question() -> None:
    assert codes("湖滨南路") == ["A-odd", "A-even", "B"]
    assert codes("中山路35号") == ["D1", "D2"]
    assert codes("湖滨南路12号和滨南路5号") == ["A-even", "C"]


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("湖滨南路12号对面", ["A-odd", "A-even"]),
        ("opposite 12 Hubin South Road", ["A-odd", "A-even"]),
        ("湖滨南路12号旁边", ["A-even", "A-odd"]),
        ("湖滨南路18号隔壁", ["A-even", "B", "A-odd"]),
        ("behind 12 Hubin South Road", ["A-even", "A-odd"]),
        ("湖滨南路12-15号", ["A-even", "A-odd"]),
        ("湖滨南路12号至44号", ["A-even", "B"]),
        ("湖滨南路12、14号", ["A-even"]),
        ("12 and 33 Hubin South Road", ["A-even", "B"]),
        ("12 Hubin South Road 33", ["A-even", "B"]),
        ("33/12 Hubin South Road", ["B", "A-even"]),
        ("湖滨南路12弄33号", ["A-even", "B"]),
        ("湖滨南路12号楼", ["A-even", "A-odd", "B"]),
        ("200 ft from 12 Hubin South Road", ["A-even", "A-odd", "B"]),
        ("湖滨南路33米处", ["B", "A-odd", "A-even"]),
        ("12 e Hubin South Road", ["A-even"]),
        ("12m Hubin South Road", ["A-even", "A-odd", "B"]),
        ("湖滨南路12号花店", ["A-even"]),
        ("新湖滨南路12号", ["A-even"]),
        ("湖滨南路中山路12号", ["D1", "A-even", "A-odd"]),
        ("小区湖滨南路12号", ["A-even"]),
        ("12 Hubin South Road behind City", ["A-even", "A-odd"]),
        ("12 Hubin South Road, kitty-corner", ["A-even"]),
        ("12O Hubin South Road", ["A-even"]),
        ("12l Hubin South Road", ["A-even"]),
        ("湖滨南路12号,33号", ["A-even", "B"]),
        ("湖滨南路一百二号", ["A-odd", "A-even", "B"]),
        ("湖滨南路12号示例公园", ["A-even", "L1"]),
        ("人民大公园", ["L1"]),
        ("湖滨路12号", ["A-even"]),
        ("Hubin Road 12", ["A-even"]),
    ],
)
def test_what_is_not_accounted_for_makes_a_question(address: str, asked: list[str]) -> None:
    """The likeliest first: a plain reading would have been certain, and may have been wrong."""
    assert codes(address) == asked


def _kerb(name: str, west: float, north: float, *numbers: tuple[int, int, str]) -> dict[str, Any]:
    """Half of a street's side: 16 m apart, 200 m long."""
    line = [(WEST + CELL * west, SOUTH + 0.001 + north), (WEST + CELL * (west + 0.5), SOUTH + 0.001 + north)]
    return _segment(name, "两岸路", "Bank Road", "G000-000", *numbers) | {"line": line}


@pytest.mark.parametrize(
    ("number", "asked"),
    [
        (12, ["odd-west", "even-west"]),
        (60, ["odd-west", "odd-east", "even-west"]),
        (13, ["even-west", "odd-west"]),
        (61, ["even-east", "even-west", "odd-east"]),
        (140, ["odd-east", "even-east"]),
    ],
)
def test_the_other_side_is_where_the_lines_say(number: int, asked: list[str]) -> None:
    """The two sides do not count in step; where lines and numbers differ, both are asked about."""
    sides = [
        _kerb("odd-west", 0, 0.00007, (1, 39, "odd")), _kerb("odd-east", 0.5, 0.00007, (41, 79, "odd")),
        _kerb("even-west", 0, -0.00007, (2, 80, "even")), _kerb("even-east", 0.5, -0.00007, (82, 160, "even")),
    ]  # fmt: skip
    index = RegionIndex(city(1, 1, segments=sides))
    for address in (f"两岸路{number}号对面", f"opposite {number} Bank Road"):
        result = index.locate(PlaceGiven(address=address))
        assert isinstance(result, Ambiguous)
        assert [each.code for each in result.candidates] == asked


@pytest.mark.parametrize(
    "address",
    [
        "湖滨南路2处油污",
        "湖滨南路２ 处坑洼",
        "湖滨南路，3大坑",
        "湖滨南路12路灯不亮",
        "湖滨南路12楼上",
        "湖滨南路12里",
        "湖滨南路5井盖缺失",
        "lamp post 12 Hubin South Road",
        "Broken street light no. 12, Hubin South Road",
        "tree 12 Hubin South Road",
        "Hubin South Road 12 large bin",
    ],
)
def test_a_number_that_may_count_or_name_a_thing_is_asked_about(address: str) -> None:
    """The house first, then the rest of the road: two oily spots may be anywhere on it."""
    result = INDEX.locate(PlaceGiven(address=address))
    assert isinstance(result, Ambiguous)
    assert {each.code for each in result.candidates} == {"A-odd", "A-even", "B"}


@pytest.mark.parametrize(
    "address",
    ["湖滨南路12 路灯不亮", "湖滨南路12，井盖缺失", "湖滨南路12号路灯不亮", "湖滨南路12门口", "湖滨南路12有油污",
     "Broken street light, 12 Hubin South Road", "12 Hubin South Road, large bin"],
)  # fmt: skip
def test_what_is_apart_from_the_number_is_not_counted_by_it(address: str) -> None:
    assert segment(address) == "A-even"


def test_another_city_is_another_place() -> None:
    """Where the region says in which city or district it lies; elsewhere any district may be its own."""
    assert segment("某某市某某区湖滨南路12号") == "A-even"
    index = RegionIndex(city(2, 1, segments=_SEGMENTS, within=["示例市", "示例区", "Sample City"]))
    for address in ("示例市示例区湖滨南路12号", "12 Hubin South Road, Sample City", "某某村湖滨南路12号"):
        assert isinstance(index.locate(PlaceGiven(address=address)), Found), address
    for address in (
        "某某市湖滨南路12号", "某某市某某区湖滨南路12号", "某某县湖滨南路12号", "12 Hubin South Road, Other City",
    ):  # fmt: skip
        asked = index.locate(PlaceGiven(address=address))
        assert isinstance(asked, Ambiguous), address
        assert asked.candidates[0].code == "A-even"


def test_a_landmark_that_is_said_to_be_beside_lies_near() -> None:
    """A school beside the house that lies kilometres away is another school, or another road."""
    far = [{"id": "far", "name": {"zh": "远山小学"}, "lon": WEST + 2 * CELL, "lat": SOUTH}]
    index = RegionIndex(city(2, 1, segments=_SEGMENTS, landmarks=[*_MARKS, *far]))
    assert isinstance(index.locate(PlaceGiven(address="大公园旁边湖滨南路12号")), Found)
    asked = index.locate(PlaceGiven(address="远山小学旁边湖滨南路12号"))
    assert isinstance(asked, Ambiguous)
    assert [each.code for each in asked.candidates][:1] == ["A-even"]


def test_a_letter_behind_a_numbered_lane_is_not_an_article() -> None:
    lanes = [_segment(f"L{n}", f"帆{n}巷", f"Sail Lane {n}", "G000-000") for n in (1, 12)]
    index = RegionIndex(city(1, 1, segments=lanes))
    for address in ("Sail Lane 12A", "Sail Lane 12 A", "Sail Lane 12a greasy"):
        asked = index.locate(PlaceGiven(address=address))
        assert isinstance(asked, Ambiguous), address
        assert asked.candidates[0].code == "L12"
    assert isinstance(index.locate(PlaceGiven(address="Sail Lane 12, a pothole")), Found)


def test_a_numbered_lane_is_named_in_digits_too() -> None:
    """Else 2弄 beside the road it leaves would be number 2 of that road."""
    roads = [_segment("road", "湖东路", "Hudong Road", "G000-000", (1, 99, "both"))]
    lanes = [
        _segment(f"lane-{n}", f"湖东路{zh}弄", "", "G001-000", (1, 20, "both")) for n, zh in ((2, "二"), (12, "十二"))
    ]
    index = RegionIndex(city(2, 1, segments=roads + lanes))
    for address, meant in (("湖东路2弄5号", "lane-2"), ("湖东路12弄5号", "lane-12"), ("湖东路十二弄5号", "lane-12")):
        result = index.locate(PlaceGiven(address=address))
        assert isinstance(result, Found), address
        assert result.place.segment == meant
    assert isinstance(index.locate(PlaceGiven(address="湖东路3弄5号")), Ambiguous)


@pytest.mark.parametrize(
    ("road", "label"),
    [("湖东路", "湖东路12号"), ("Sail Road", "12 Sail Road"), ("Segelstraße", "Segelstraße 12")],
)
def test_an_address_is_written_as_its_road_is(road: str, label: str) -> None:
    index = RegionIndex(city(1, 1, segments=[_segment("S", road, "", "G000-000", (1, 99, "both"))]))
    result = index.locate(PlaceGiven(address=f"{road} 12"))
    assert isinstance(result, Found)
    assert result.place.label == label


def test_candidates_can_be_told_apart() -> None:
    result = INDEX.locate(PlaceGiven(address="中山路35号"))
    assert isinstance(result, Ambiguous)
    assert [candidate.label for candidate in result.candidates] == ["中山路 1–40", "中山路 30–80"]
    nobody = INDEX.locate(PlaceGiven(address="湖滨南路100号"))
    assert isinstance(nobody, Ambiguous)
    assert [each.label for each in nobody.candidates] == ["湖滨南路 20–60", "湖滨南路 1–19(单)", "湖滨南路 2–18(双)"]


def test_a_number_nobody_has_asks_for_the_nearest() -> None:
    assert codes("湖滨南路100号") == ["B", "A-odd", "A-even"]


def test_a_road_of_one_segment_needs_no_number() -> None:
    assert segment("滨南路") == "C"
    assert segment("滨南路5号") == "C"


@pytest.mark.parametrize("address", ["湖南滨路12号", "湖滨难路12号", "12 Hubim South Road", "Hubbin South Rd 12"])
def test_a_misspelled_road_is_asked_about_and_never_guessed(address: str) -> None:
    assert codes(address) == ["A-even"]


def test_landmarks() -> None:
    result = INDEX.locate(PlaceGiven(address="大公园门口"))
    assert isinstance(result, Found)
    assert (result.place.label, result.place.lon) == ("示例公园", WEST)
    assert segment("湖滨南路口公交站") == "A-odd"
    assert segment("湖滨南路13号湖滨南路口公交站") == "A-odd"
    assert segment("示例公园对面湖滨南路12号") == "A-even"
    assert codes("Sample Park or Hubin stop") == ["L1", "L2"]


@pytest.mark.parametrize("address", ["", "   ", "somewhere", "Xihubin South Roadway 12"])
def test_nothing_known_is_no_place(address: str) -> None:
    result = INDEX.locate(PlaceGiven(address=address))
    assert isinstance(result, NotFound)
    assert result.reason is (NotFoundReason.UNKNOWN_ADDRESS if address.strip() else NotFoundReason.NO_PLACE)


@given(st.text(max_size=500))
def test_no_text_breaks_it(text: str) -> None:
    assert INDEX.locate(PlaceGiven(address=text, code=text[:100])) is not None


@given(st.integers(0, 99_999))
def test_one_number_never_has_two_answers(number: int) -> None:
    """Either exactly the segments whose range and side hold it, or a question."""
    result = INDEX.locate(PlaceGiven(address=f"湖滨南路{number}号"))
    holding = [name for name, numbers in _HOLD.items() if number in numbers]
    if holding:
        assert isinstance(result, Found)
        assert result.place.segment == holding[0]
    else:
        assert isinstance(result, Ambiguous)
