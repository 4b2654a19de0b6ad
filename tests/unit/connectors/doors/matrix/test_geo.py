import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.matrix.geo import read_geo, write_geo


@pytest.mark.parametrize(
    ("uri", "position"),
    [
        ("geo:24.461,118.082", (118.082, 24.461)),
        ("geo:24.461,118.082;u=35", (118.082, 24.461)),
        ("geo:24.461,118.082,12.5;crs=wgs84;u=0", (118.082, 24.461)),
        ("GEO:-33.9,18.4;crs=WGS84", (18.4, -33.9)),
        ("geo:24.461,118.082;crs=gcj02", None),
        ("geo:118.082,24.461", None),
        ("geo:24.461,181", None),
        ("geo:24.461", None),
        ("geo:nan,inf", None),
        ("https://www.openstreetmap.org/?mlat=24&mlon=118", None),
        ("geo:1,2" + ",3" * 1000, None),
        ("", None),
    ],
)
def test_latitude_stands_first(uri: str, position: tuple[float, float] | None) -> None:
    assert read_geo(uri) == position


@given(st.text() | st.from_regex(r"geo:[-0-9.,;a-z=]*", fullmatch=True))
def test_anything_is_a_position_on_earth_or_none(uri: str) -> None:
    found = read_geo(uri)
    assert found is None or (abs(found[0]) <= 180 and abs(found[1]) <= 90)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_what_is_written_is_read(lon: float, lat: float) -> None:
    assert read_geo(write_geo(lon, lat)) == pytest.approx((lon, lat), abs=1e-6)
