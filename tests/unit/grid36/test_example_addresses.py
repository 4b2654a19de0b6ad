"""Addresses of the example street as people write them: one place for sure, a question that holds it, or unknown."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grid36.files.region.load import load_region
from grid36.settings import data_folder
from rules.places.region_index import RegionIndex
from schemas.place import Ambiguous, Found, PlaceGiven
from tests.oracles.laws import law

REGION = load_region(data_folder("regions") / "example")
INDEX = RegionIndex(REGION)
HELD = {segment.id: segment.numbers for segment in REGION.segments}


def found(address: str) -> str | tuple[str, ...] | None:
    """The segment, the codes that are asked about, or None."""
    result = INDEX.locate(PlaceGiven(address=address))
    if isinstance(result, Found):
        return result.place.segment
    return tuple(each.code for each in result.candidates) if isinstance(result, Ambiguous) else None


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("45 1/2 Hubin South Road", "HBN-2"),
        ("45½ Hubin South Road", "HBN-2"),
        ("45-1/2 Hubin South Road", "HBN-2"),
        ("175a Hubin South Road", "HBN-5"),
        ("175 A Hubin South Road", "HBN-5"),
        ("湖滨南路175A号", "HBN-5"),
        ("湖滨南路一百七十五号", "HBN-5"),
        ("湖滨南路12-8号", "HBN-1"),
        ("云帆路60号云帆小学", "YFL-2"),
        ("湖滨南路12号云帆小学", ("HBN-1", "school")),
        ("Hubin South Road & Rainlisten Street", ("HBN-4", "HBN-5", "TYJ-1")),
        ("湖滨南路与听雨街交叉口", ("HBN-4", "HBN-5", "TYJ-1")),
        ("corner of Rainlisten Street and Hubin South Road", ("TYJ-1", "HBN-4", "HBN-5")),
        ("湖滨南路(晨光街至拾贝街)", ("HBN-2", "HBN-1", "HBN-3")),
        ("湖滨南路与云帆路路口", ("HBN-1", "YFL-1")),
        ("潮声路12号对面", ("CSL-1N", "CSL-1S")),
        ("opposite 12 Tidesound Road", ("CSL-1N", "CSL-1S")),
        ("湖滨南路12号往东50米", ("HBN-1",)),
        ("湖滨南路38号往东80米", ("HBN-2", "HBN-1")),
        ("300 m west of 100 Hubin South Road", ("HBN-2", "HBN-3", "HBN-4")),
        ("鹭影地铁站", ("metro-a", "metro-b")),
        ("云帆巷", ("LANE-01", "LANE-02", "LANE-03")),
        ("2 Cloudsail Lane", ("LANE-01", "LANE-02", "LANE-03")),
        ("云帆二巷30号", ("LANE-02",)),
    ],
)
def test_addresses_of_the_street(address: str, meant: str | tuple[str, ...]) -> None:
    assert found(address) == meant


SURE = [
    (("湖滨南路", "12", "号"), "HBN-1"),
    (("老潮路", "44", "号"), "CSL-2S"),
    (("橘灯路", "175", "号"), "JDL-5"),
    (("12", " Hubin South Road"), "HBN-1"),
    (("no. ", "44", " Tidesound Rd"), "CSL-2S"),
    (("云帆二巷", "3", "号"), "LANE-02"),
]
MOVES = [
    "对面", "旁边", "隔壁", "附近", "近", "后面", "往东50米", "之间", "和", "与", "弄", "巷", "支路", "路口", "交叉口",
    "至", "到", "小区", "马路那头", "东", "号线", "听雨街", "示例公园", "米", "公里", "号楼", "花店", " opposite ",
    " near ",
    " behind ", " 50 m east of ", " between ", " and ", " & ", " / ", " @ ", " corner of ",
    " kitty-corner ", " Rainlisten Street ", " Sample Park ", " to ", " East ", " 1/2/3 ",
    " past ",
]  # fmt: skip
"""Whatever is added of these may be another place, so nothing is sure any more."""
FINE = {"听雨街", "Rainlisten Street", "示例公园", "Sample Park", "号楼"}
"""Of these one alone can be another plain address, or a building in the same one."""
NUMBERS = ("14", " 14 ", "14号", "60号", "½", " 1/2 ", "-8", "-18", "A", "甲", "3栋501室", " Apt 4 ", "之3", "0")
HARMLESS = ("门口", "请尽快处理", " greasy surface ", "361004 ", ",", " ", "厦门市")
_COUNTED = re.compile(r"[0-9]+(?=栋|室|号楼)|(?<=Apt )[0-9]+|(?<![0-9])[0-9]{6}(?![0-9])|1/2|½|[-之][0-9]+")


@pytest.mark.parametrize("sure", SURE)
def test_plain_addresses_are_sure(sure: tuple[tuple[str, ...], str]) -> None:
    assert found("".join(sure[0])) == sure[1]


@law(200)
@given(st.sampled_from(SURE), st.sampled_from(MOVES), st.integers(0, 3))
def test_what_may_move_the_place_makes_a_question_that_holds_it(
    sure: tuple[tuple[str, ...], str], added: str, at: int
) -> None:
    """Before, between or behind the parts of an address; what changes its number is another address."""
    parts, segment = sure
    asked = found("".join((*parts[:at], added, *parts[at:])))
    assert asked is None or isinstance(asked, tuple)
    if asked is not None:
        assert segment in asked


_TOKENS = st.one_of(st.sampled_from([*MOVES, *NUMBERS, *HARMLESS]), st.integers(0, 250).map(str), st.text(max_size=4))


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A plain address with one or two tokens added, replaced or cut."""
    parts = list(draw(st.sampled_from(SURE))[0])
    for _ in range(draw(st.integers(1, 2))):
        at, end = draw(st.integers(0, len(parts))), draw(st.integers(0, 1))
        parts[at : at + end] = [draw(_TOKENS)] if draw(st.booleans()) else []
    return "".join(parts)


@law(300)
@given(changed())
@example("湖滨南路1²号")
@example("湖滨南路12号14")
def test_a_sure_answer_holds_every_number_of_the_text(address: str) -> None:
    """And says nothing that may move the place."""
    segment = found(address)
    if not isinstance(segment, str):
        return
    numbers = [int(n) for n in re.findall(r"[0-9]+", _COUNTED.sub(" ", address))]
    assert all(any(held.holds(number) for held in HELD[segment]) for number in numbers), (segment, numbers)
    said = re.sub("[\u4e00-\u9fff]{1,5}市", "", address)  # what stands in front of 市 reads as the name of a city
    assert not any(word in said for word in map(str.strip, MOVES) if len(word) > 1 and word not in FINE), segment
