from math import asin, cos, radians, sin, sqrt

from hypothesis import given
from hypothesis import strategies as st

from schemas.duplicate_distance import FAR, apart, distance_m
from schemas.place import FoundBy, PlaceFound
from schemas.rulebook import Merge

HERE = PlaceFound(grid="G1", segment="S1", lon=118.0, lat=24.0, label="here", by=FoundBy.CODE)
ON_THE_SEGMENT = HERE.model_copy(update={"lat": 24.01})
BEYOND_THE_BORDER = PlaceFound(grid="G2", lon=118.0, lat=24.0001, label="there", by=FoundBy.COORDINATES)
NOWHERE = PlaceFound(grid="G1", label="a grid", by=FoundBy.CODE)


@given(st.floats(-60, 60), st.floats(-0.002, 0.002), st.floats(-0.002, 0.002))
def test_distance_is_that_of_a_sphere(lat: float, north: float, east: float) -> None:
    """Against the haversine formula."""
    a, b = radians(lat), radians(lat + north)
    h = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(east) / 2) ** 2
    expected = 2 * 6_371_009 * asin(sqrt(h))
    assert abs(distance_m(118.0, lat, 118.0 + east, lat + north) - expected) <= 0.001 * expected + 0.001


def test_radius_and_segment_say_what_is_near() -> None:
    """The segment alone counts only where the category is linear, and the border of a grid is no matter."""
    point, line = Merge(radius_m=30), Merge(radius_m=30, linear=True)
    assert round(apart(HERE, BEYOND_THE_BORDER, point) or 0, 1) == 11.1
    assert apart(HERE, BEYOND_THE_BORDER, Merge(radius_m=11)) is FAR
    assert apart(HERE, ON_THE_SEGMENT, point) is FAR
    assert apart(HERE, ON_THE_SEGMENT, line) is None
    assert apart(HERE, BEYOND_THE_BORDER, line) is FAR
    assert apart(NOWHERE, HERE, point) is FAR
