import math
import random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from rules.places.region_index import RegionIndex
from schemas.datum import wgs84_to_gcj02
from schemas.place import (
    Ambiguous,
    Coordinates,
    Datum,
    Found,
    FoundBy,
    NotFound,
    NotFoundReason,
    PlaceFound,
    PlaceGiven,
)
from schemas.region import Region
from tests.generators.city import CELL, SOUTH, WEST, city, square

COLUMNS, ROWS = 4, 3
REGION = city(COLUMNS, ROWS, segment_limit_m=20, outside_limit_m=150)
INDEX = RegionIndex(REGION)

# Multiples of an eighth of a cell, so that edges and corners are drawn often.
_LON = st.one_of(st.floats(WEST, WEST + COLUMNS * CELL), st.integers(0, COLUMNS * 8).map(lambda n: WEST + n * CELL / 8))
_LAT = st.one_of(st.floats(SOUTH, SOUTH + ROWS * CELL), st.integers(0, ROWS * 8).map(lambda n: SOUTH + n * CELL / 8))


def at(lon: float, lat: float, datum: Datum = Datum.WGS84) -> PlaceGiven:
    return PlaceGiven(coordinates=Coordinates(lon=lon, lat=lat, datum=datum))


def place(given_place: PlaceGiven, index: RegionIndex = INDEX) -> PlaceFound:
    result = index.locate(given_place)
    assert isinstance(result, Found), result
    return result.place


def reason(given_place: PlaceGiven, index: RegionIndex = INDEX) -> NotFoundReason:
    result = index.locate(given_place)
    assert isinstance(result, NotFound), result
    return result.reason


@given(_LON, _LAT)
def test_every_point_lies_in_the_first_grid_that_touches_it(lon: float, lat: float) -> None:
    """The oracle asks every polygon in turn, edges included; the smallest code wins."""
    holding = [g.id for g in REGION.grids if shapely.intersects_xy(shapely.Polygon(g.polygons[0][0]), lon, lat)]
    assert place(at(lon, lat)).area_grid == (min(holding) if holding else None)


@given(_LON, _LAT)
def test_the_nearest_segment_agrees_with_shapely(lon: float, lat: float) -> None:
    point = shapely.Point(INDEX.plane.xy(lon, lat))
    distances = {
        s.id: round(shapely.distance(shapely.LineString(INDEX.plane.array(s.line)), point), 3) for s in REGION.segments
    }
    found = place(at(lon, lat))
    shortest = min(distances.values())
    if shortest > REGION.segment_limit_m + 0.001:
        assert found.segment is None
    elif shortest < REGION.segment_limit_m - 0.001:
        assert found.segment is not None
        assert found.distance_m == pytest.approx(shortest, abs=0.002)
        assert found.segment <= min(s for s, d in distances.items() if d <= shortest)


@given(st.randoms(use_true_random=False), _LON, _LAT)
def test_the_order_of_the_file_changes_nothing(order: random.Random, lon: float, lat: float) -> None:
    shuffled = REGION.model_dump()
    for rows in ("grids", "segments"):
        shuffled[rows] = list(shuffled[rows])
        order.shuffle(shuffled[rows])
    assert RegionIndex(Region.model_validate(shuffled)).locate(at(lon, lat)) == INDEX.locate(at(lon, lat))


def test_a_segment_takes_the_report_into_its_own_grid() -> None:
    """The road on the edge belongs to the northern grid; a report from its southern side is not split off."""
    found = place(at(WEST + 0.5 * CELL, SOUTH + CELL - 0.00005))
    assert (found.segment, found.grid, found.area_grid) == ("S000-001-0", "G000-001", "G000-000")


def test_a_datum_is_honoured() -> None:
    lon, lat = WEST + 1.5 * CELL, SOUTH + 1.5 * CELL
    found = place(at(*wgs84_to_gcj02(lon, lat), Datum.GCJ02))
    assert found.grid == "G001-001"
    assert math.hypot((found.lon or 0) - lon, (found.lat or 0) - lat) < 1e-8


def test_a_point_just_outside_goes_to_the_nearest_grid() -> None:
    found = place(at(WEST - 0.001, SOUTH + 0.5 * CELL + 0.0005))
    assert (found.grid, found.area_grid) == ("G000-000", None)
    assert found.distance_m == pytest.approx(101.7, abs=1)


def test_a_point_far_outside_waits() -> None:
    assert reason(at(WEST - 0.002, SOUTH + CELL / 2)) is NotFoundReason.OUTSIDE
    assert reason(at(0.0, 51.0)) is NotFoundReason.OUTSIDE


def test_points_that_mean_nothing() -> None:
    """Zero and zero, and what a geocoder gives when it knows nothing."""
    assert reason(at(0.0, 0.0)) is NotFoundReason.DEFAULT_POINT
    hall = Coordinates(lon=WEST + CELL, lat=SOUTH + CELL)
    index = RegionIndex(city(2, 2, default_points=[hall]))
    assert reason(at(WEST + CELL, SOUTH + CELL), index) is NotFoundReason.DEFAULT_POINT
    assert reason(PlaceGiven()) is NotFoundReason.NO_PLACE


def test_a_hole_belongs_to_nobody() -> None:
    outer, inner = square(WEST, SOUTH, 0.1)[0], square(WEST + 0.04, SOUTH + 0.04, 0.02)[0]
    ring = [{"id": "G1", "name": {"zh": "环"}, "polygons": [[outer, inner]]}]
    index = RegionIndex(city(30, 30, grids=ring, segments=[], outside_limit_m=0))
    assert place(at(WEST + 0.01, SOUTH + 0.01), index).grid == "G1"
    assert reason(at(WEST + 0.05, SOUTH + 0.05), index) is NotFoundReason.OUTSIDE


def test_a_self_crossing_polygon_is_repaired() -> None:
    bow = [(WEST, SOUTH), (WEST + 0.1, SOUTH + 0.1), (WEST + 0.1, SOUTH), (WEST, SOUTH + 0.1), (WEST, SOUTH)]
    index = RegionIndex(city(30, 30, grids=[{"id": "G1", "name": {"zh": "结"}, "polygons": [[bow]]}], segments=[]))
    assert place(at(WEST + 0.01, SOUTH + 0.05), index).grid == "G1"


def test_codes_are_exact() -> None:
    assert place(PlaceGiven(code="G001-002")).grid == "G001-002"
    by_segment = place(PlaceGiven(code=" s001-002-3 "))
    assert (by_segment.segment, by_segment.grid, by_segment.by) == ("S001-002-3", "G001-002", FoundBy.CODE)
    assert reason(PlaceGiven(code="G001")) is NotFoundReason.UNKNOWN_CODE


def test_units_poles_and_legacy_codes() -> None:
    grids = [g.model_dump() | {"legacy_codes": ["OLD1", f"OLD-{g.id}"]} for g in city(2, 1).grids]
    index = RegionIndex(
        city(
            2,
            1,
            grids=grids,
            units=[
                {"id": "U1", "name": {"zh": "一单元"}, "grid": "G000-000", "polygons": [square(WEST, SOUTH, CELL / 2)]},
                {"id": "U2", "name": {"zh": "二单元"}, "grid": "G001-000"},
            ],
            poles=[{"code": "P7", "lon": WEST + CELL / 4, "lat": SOUTH + CELL / 4, "segment": "S000-000-1"}],
        )
    )
    assert place(PlaceGiven(code="U2"), index).grid == "G001-000"
    assert place(PlaceGiven(code="OLD-G001-000"), index).grid == "G001-000"
    pole = place(PlaceGiven(code="P7"), index)
    assert (pole.grid, pole.segment, pole.unit, pole.label) == ("G000-000", "S000-000-1", "U1", "P7")
    shared = index.locate(PlaceGiven(code="OLD1"))
    assert isinstance(shared, Ambiguous)
    assert [c.code for c in shared.candidates] == ["G000-000", "G001-000"]


def test_the_narrowest_part_of_a_place_says_what_land_it_is() -> None:
    """A segment before its unit, a unit before its grid; what says nothing is passed over, and unknown is absent."""
    plain = city(2, 1)
    grids = [g.model_dump() | {"land_kind": "farmland" if g.id == "G000-000" else None} for g in plain.grids]
    segments = [s.model_dump() | {"land_kind": "bank" if s.id == "S000-000-1" else None} for s in plain.segments]
    west = [square(WEST, SOUTH, CELL / 2)]
    units = [
        {"id": "U1", "name": {"zh": "一"}, "grid": "G000-000", "polygons": west, "land_kind": "forest"},
        {"id": "U2", "name": {"zh": "二"}, "grid": "G000-000"},
    ]
    poles = [
        {"code": f"P{n}", "lon": WEST + CELL / 4, "lat": SOUTH + CELL / 4, "segment": segment}
        for n, segment in enumerate(("S000-000-1", "S000-000-2"))
    ]
    kinds = [{"id": each, "name": {"zh": each}} for each in ("farmland", "bank", "forest")]
    index = RegionIndex(city(2, 1, grids=grids, segments=segments, units=units, poles=poles, land_kinds=kinds))
    told = {"P0": "bank", "P1": "forest", "U1": "forest", "U2": "farmland", "S000-000-1": "bank"}
    told |= {"S000-000-2": "farmland", "G000-000": "farmland"}
    assert {code: place(PlaceGiven(code=code), index).land_kind for code in told} == told
    assert place(PlaceGiven(code="G001-000"), index).land_kind is None


def test_a_chosen_code_beats_coordinates() -> None:
    """It answers the question which of the candidates was meant."""
    both = at(WEST + CELL / 2, SOUTH + CELL / 2).model_copy(update={"code": "S003-002-1"})
    assert place(both).segment == "S003-002-1"


def test_coordinates_refine_a_grid_but_never_leave_it() -> None:
    inside = at(WEST + CELL / 2, SOUTH + CELL / 2).model_copy(update={"code": "G000-000"})
    assert place(inside).lon == WEST + CELL / 2
    elsewhere = at(WEST + CELL / 2, SOUTH + CELL / 2).model_copy(update={"code": "G003-002"})
    assert (place(elsewhere).grid, place(elsewhere).lon) == ("G003-002", None)


def test_what_cannot_be_used_is_passed_over() -> None:
    far = at(10.0, 10.0)
    assert place(far.model_copy(update={"address": "云001排2路104号"})).segment == "S001-001-2"
    assert place(far.model_copy(update={"code": "nonsense", "address": "G000-001"})).grid == "G000-001"
    assert reason(far.model_copy(update={"address": "nowhere"})) is NotFoundReason.OUTSIDE
