"""Coordinates as files write them, and what is asked where their meaning is not certain."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid36.replay.file.mapping import Mapping
from grid36.replay.file.positions import Bare, CoordinatePair, both, number
from schemas.datum import Datum
from schemas.place import Coordinates
from schemas.region import Box
from tests.unit.grid36.replay.reading import IN_ONE, PLACES, plan_of, refusal, row_of, rows_of

HEAD = "id,created,lat,lon\n"
TIME = "2026-11-01 08:00:00"
BRUSSELS = Box(west=4.0, south=50.5, east=5.0, north=51.0)


def two(lat: str, lon: str) -> str:
    return f'{HEAD}1,{TIME},"{lat}","{lon}"\n'


def one(*cells: str, name: str = "where") -> str:
    rows = [f'{number},{TIME},"{cell.replace(chr(34), chr(34) * 2)}"\n' for number, cell in enumerate(cells, 1)]
    return f"id,created,{name}\n{''.join(rows)}"


def at(row: Any) -> tuple[float, float]:
    assert row.place.coordinates is not None
    return row.place.coordinates.lat, row.place.coordinates.lon


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("50.8466", None, 50.8466), ("50,8466", None, 50.8466), ("50,8466", ",", 50.8466), ("-87.63", None, -87.63),
        ("−87.63", None, -87.63), ("５０．８", None, 50.8), ("1e2", None, 100.0), ("41.88N", None, 41.88),
        ("87.63 W", None, -87.63), ("S 33.9", None, -33.9), ("50°", None, 50.0), ("41° 52' 48\" N", None, 41.88),
        ("2'683'256.5", None, 2683256.5), ("2 683 256", None, 2683256.0), ("2,683,256", None, 2683256.0),
        ("2.683.256,5", ",", 2683256.5), ("683,256", ".", 683256.0), ("683,256", None, None), ("north", None, None),
        ("1_0", None, None), ("nan", None, None), ("", None, None), ("50.8.1", None, None), ("50.84", ",", 5084.0),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, decimal: Any, value: float | None) -> None:
    """With `decimal: ","` a point separates thousands."""
    found = number(text, decimal)
    assert found == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    "text",
    [
        "POINT (4.35 50.84)", "point(4.35 50.84)", "SRID=4326;POINT(4.35 50.84)",
        "MULTIPOINT((4.35 50.84))", "POINT Z (4.35 50.84 12.0)",
        '{"type": "Point", "coordinates": [4.35, 50.84]}', '{"latitude": "50.84", "longitude": "4.35"}',
        "{'latitude': '50.84', 'human_address': '', 'longitude': '4.35'}", '{"lat": 50.84, "lng": 4.35}',
        "geo:50.84,4.35", "50.84N 4.35E", "4.35 E, 50.84 N",
    ],
)  # fmt: skip
def test_spellings_that_say_their_order(tmp_path: Path, text: str) -> None:
    assert at(row_of(tmp_path, one(text), **IN_ONE)) == (50.84, 4.35)


@pytest.mark.parametrize(
    ("text", "name"),
    [("(50.84, 4.35)", "where"), ("1 Lantern Way\nLampton\n(50.84, 4.35)", "where"), ("50.84, 4.35", "geo_point_2d")],
)
def test_spellings_of_portals_have_the_latitude_first(tmp_path: Path, text: str, name: str) -> None:
    mapping: dict[str, Any] = {"latitude": name, "longitude": name, "datum": "wgs84"}
    assert at(row_of(tmp_path, one(text, name=name), **mapping)) == (50.84, 4.35)


@pytest.mark.parametrize("text", ["50.84, 4.35", "50.84 4.35", "50,84; 4,35", "50,84 4,35", "[50.84, 4.35]"])
def test_two_bare_numbers_are_asked_about(tmp_path: Path, text: str) -> None:
    words = refusal(tmp_path, one(text), **IN_ONE)
    assert "`order: lat_lon`" in words
    assert "row 1: 50.84, 4.35" in words
    assert at(row_of(tmp_path, one(text), **IN_ONE, order="lat_lon")) == (50.84, 4.35)
    assert at(row_of(tmp_path, one(text), **IN_ONE, order="lon_lat")) == (4.35, 50.84)


def test_the_numbers_or_the_region_tell_their_order(tmp_path: Path) -> None:
    """A longitude beyond 90 degrees anywhere in the file, or a region that holds them in one order only."""
    rows = rows_of(tmp_path, one("24.46, 118.08", "24.46, 18.08"), **IN_ONE)
    assert [at(row) for row in rows] == [(24.46, 118.08), (24.46, 18.08)]
    assert at(row_of(tmp_path, one("118.08 24.46"), **IN_ONE)) == (24.46, 118.08)
    assert at(row_of(tmp_path, one("4.35, 50.84"), box=BRUSSELS, **IN_ONE)) == (50.84, 4.35)


def test_exchanged_columns_are_asked_about(tmp_path: Path) -> None:
    assert "look exchanged" in refusal(tmp_path, two("118.08", "24.46"), **PLACES)
    assert "outside the region" in refusal(tmp_path, two("4.35", "50.84"), box=BRUSSELS, **PLACES)
    assert "`order`" in refusal(tmp_path, one("4.35, 50.84"), box=BRUSSELS, **IN_ONE, order="lat_lon")


def test_metres_are_recognised_and_read_when_their_system_is_named(tmp_path: Path) -> None:
    """The Swiss national survey's reference point near Bern, by its definition; feet of New York."""
    swiss = two("1200000", "2600000")
    words = refusal(tmp_path, swiss, **PLACES)
    assert "these are metres" in words
    assert "`datum: epsg:2056`" in words
    assert at(row_of(tmp_path, swiss, **PLACES | {"datum": "EPSG:2056"})) == pytest.approx(
        (46.951083, 7.438632), abs=1e-5
    )
    feet = two("211923", "987635")
    assert at(row_of(tmp_path, feet, **PLACES | {"datum": "epsg:2263"})) == pytest.approx((40.7483, -73.9880), abs=1e-3)


def test_a_system_of_the_whole_world_is_read(tmp_path: Path) -> None:
    web = row_of(tmp_path, two("6592000", "484240"), **PLACES | {"datum": "epsg:3857"})
    assert at(web) == pytest.approx((50.84, 4.35), abs=0.01)


def test_a_few_zeros_do_not_hide_metres(tmp_path: Path) -> None:
    """Unknown positions are often written as zeros, which are degrees, too."""
    rows = "".join(f"{id},{TIME},1200000,2600000\n" for id in range(2, 9))
    assert "metres" in refusal(tmp_path, two("0", "0") + rows, **PLACES)


def test_degrees_are_not_read_as_metres_either(tmp_path: Path) -> None:
    assert "No position can be read" in refusal(tmp_path, two("46.95", "7.44"), **PLACES | {"datum": "epsg:2056"})


@pytest.mark.parametrize("datum", ["gcj02", "BD-09", "cgcs2000", "epsg:4490", "WGS-84"])
def test_datums_by_name(tmp_path: Path, datum: str) -> None:
    found = row_of(tmp_path, two("24.46", "118.08"), **PLACES | {"datum": datum}).place.coordinates
    known = {"gcj02": Datum.GCJ02, "BD-09": Datum.BD09}.get(datum, Datum.WGS84)
    assert found == Coordinates(lat=24.46, lon=118.08, datum=known)


@pytest.mark.parametrize("datum", ["mars", "epsg:999999", "epsg:5703", "2056", "epsg:"])
def test_what_is_no_datum_is_refused(datum: str) -> None:
    with pytest.raises(ValueError, match=r"datum|coordinate system"):
        Mapping.model_validate({"id": "a", "reported_at": "b", **PLACES, "datum": datum})


def test_a_few_unreadable_positions_are_counted_and_the_rows_come_in(tmp_path: Path) -> None:
    more = f"2,{TIME},north,west\n3,{TIME},91,0\n4,{TIME},,\n5,{TIME},24.5,\n"
    plan = plan_of(tmp_path, two("24.46", "118.08") + more, **PLACES)
    assert (plan.rows, plan.parked) == (5, [])
    told = {(each.column, each.reason.code): each.rows for each in plan.left_out.values()}
    assert told == {("lat", "no_position"): [2, 3], ("lon", "half_position"): [5]}


def test_a_file_without_any_readable_position_is_not_sent(tmp_path: Path) -> None:
    words = refusal(tmp_path, two("north", "west") + f"2,{TIME},,\n", **PLACES)
    assert "'lat' and 'lon' (row 1: north, west)" in words
    assert rows_of(tmp_path, two("", ""), **PLACES), "none is given, so that none is unreadable"


@given(st.integers(-899_999, 899_999), st.integers(-1_799_999, 1_799_999))
def test_every_spelling_of_a_position_means_the_same(lat: int, lon: int) -> None:
    y, x = f"{lat / 10_000:.4f}", f"{lon / 10_000:.4f}"
    where, bare = CoordinatePair(x=float(x), y=float(y)), (float(y), float(x))
    comma = y.replace(".", ","), x.replace(".", ",")
    assert (number(comma[0], None), number(comma[1], None)) == bare
    for text in (f"POINT({x} {y})", f"geo:{y},{x}", f'{{"type":"Point","coordinates":[{x},{y}]}}'):
        assert both(text, None) == where
    for text in (f"({y}, {x})", f"{y},{x}", f"{y} {x}", f"{comma[0]}; {comma[1]}", f"{comma[0]}, {comma[1]}"):
        found = both(text, None)
        assert isinstance(found, Bare)
        assert found[:2] == bare
