import math

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.datum import Datum, bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02
from schemas.place import Ambiguous, Candidate, Coordinates, NotFound, NotFoundReason, PlaceGiven, PlaceResult

LON = st.floats(75.0, 134.0)
LAT = st.floats(4.0, 53.0)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (a[0] - b[0]) * math.cos(math.radians(a[1])) * 111_320
    return math.hypot(east, (a[1] - b[1]) * 110_950)


@given(LON, LAT)
def test_gcj02_agrees_with_the_oracle(lon: float, lat: float) -> None:
    oracle = prcoords.wgs_gcj(prcoords.Coords(lat, lon), True)
    assert metres(wgs84_to_gcj02(lon, lat), (oracle.lon, oracle.lat)) < 0.001


@given(LON, LAT)
def test_bd09_agrees_with_the_oracle(lon: float, lat: float) -> None:
    oracle = prcoords.gcj_bd(prcoords.Coords(lat, lon))
    assert metres(gcj02_to_bd09(lon, lat), (oracle.lon, oracle.lat)) < 0.001


@given(LON, LAT)
def test_gcj02_comes_back_within_a_centimetre(lon: float, lat: float) -> None:
    assert metres(gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat)), (lon, lat)) < 0.01


@given(LON, LAT)
def test_bd09_comes_back_within_a_centimetre(lon: float, lat: float) -> None:
    there = gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    assert metres(to_wgs84(*there, Datum.BD09, gcj=True), (lon, lat)) < 0.01
    assert metres(bd09_to_gcj02(*gcj02_to_bd09(lon, lat)), (lon, lat)) < 0.01


def test_the_pilot_street_lies_583_m_off() -> None:
    """The published figure of GCJ-02 at the pilot street."""
    assert metres(wgs84_to_gcj02(118.082, 24.461), (118.082, 24.461)) == pytest.approx(583, abs=2)


def test_outside_the_box_gcj02_is_wgs84() -> None:
    assert wgs84_to_gcj02(-73.9, 40.7) == (-73.9, 40.7)
    assert gcj02_to_wgs84(-73.9, 40.7) == (-73.9, 40.7)


def test_a_region_can_switch_the_shift_off() -> None:
    """Hong Kong lies in the box, but its map providers give true positions."""
    given_place = Coordinates(lon=114.17, lat=22.3, datum=Datum.GCJ02)
    assert given_place.to_wgs84(gcj=False) == (114.17, 22.3)
    assert given_place.to_wgs84(gcj=True) != (114.17, 22.3)


@pytest.mark.parametrize("bad", [{"lon": 181, "lat": 0}, {"lon": 0, "lat": -91}, {"lon": math.nan, "lat": 0}])
def test_impossible_coordinates_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Coordinates.model_validate(bad)


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(ValidationError):
        Coordinates.model_validate({"lon": 1, "lat": 2, "datum": "cgcs2000"})


def test_blank_words_are_no_place() -> None:
    assert PlaceGiven(address=" ", code="").is_empty
    assert not PlaceGiven(code="G1").is_empty


@pytest.mark.parametrize(
    "result",
    [
        NotFound(reason=NotFoundReason.OUTSIDE),
        Ambiguous(candidates=(Candidate(code="a", label="A"), Candidate(code="b", label="B"))),
    ],
)
def test_a_result_survives_json(result: Ambiguous | NotFound) -> None:
    reader: TypeAdapter[PlaceResult] = TypeAdapter(PlaceResult)
    assert reader.validate_json(result.model_dump_json()) == result
