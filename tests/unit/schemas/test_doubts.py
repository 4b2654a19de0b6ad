from hypothesis import given
from hypothesis import strategies as st

from schemas.datum import Datum
from schemas.doubts import (
    FAR_M,
    HOUR_MS,
    DoubtKind,
    Sighting,
    far_from_photo,
    metres_between,
    old_photo,
    photo_again,
    photo_alike,
    too_fast,
)
from schemas.place import Coordinates
from schemas.report import Photo

HERE = (118.082, 24.461)
POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
TIMES = st.integers(0, 10**12)


def photo(at: tuple[float, float] | None = None, taken_ms: int | None = None) -> Photo:
    lon, lat = at or (None, None)
    return Photo(digest="0" * 64, lon=lon, lat=lat, taken_ms=taken_ms)


def east(metres: float) -> tuple[float, float]:
    return HERE[0] + metres / 101_300, HERE[1]


def test_the_distance_is_that_of_the_ground() -> None:
    assert 999 < metres_between(HERE, east(1000)) < 1001
    assert 110_500 < metres_between((118.0, 24.0), (118.0, 25.0)) < 111_700


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_around(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert abs(metres_between(one, other) - metres_between(other, one)) < 1e-3
    assert 0 <= metres_between(one, other) <= 20_016_000


def test_a_photo_taken_elsewhere_is_doubtful_unless_another_was_taken_here() -> None:
    doubt = far_from_photo(HERE, [photo(east(2000)), photo()], gcj=False)
    assert doubt is not None
    assert (doubt.kind, doubt.facts) == (DoubtKind.FAR_FROM_PHOTO, {"metres": 1998})
    assert doubt.because.en == "The photo was taken 1998 m from the place that was reported."
    assert far_from_photo(HERE, [photo(east(2000)), photo(east(100))], gcj=False) is None
    assert far_from_photo(HERE, [photo()], gcj=False) is None


def test_a_position_of_another_datum_is_no_doubt() -> None:
    """583 m at the pilot street, if it were taken for WGS-84."""
    given_at = Coordinates(lon=118.0870, lat=24.4584, datum=Datum.GCJ02)
    taken = given_at.to_wgs84(gcj=True)
    assert metres_between((given_at.lon, given_at.lat), taken) > FAR_M
    assert far_from_photo(taken, [photo(taken)], gcj=True) is None
    assert far_from_photo(taken, [photo((given_at.lon, given_at.lat))], gcj=True) is None, "a phone that writes GCJ-02"
    assert far_from_photo(taken, [photo((given_at.lon, given_at.lat))], gcj=False) is not None


def test_an_old_photo_is_doubtful_and_a_clock_that_is_ahead_is_not() -> None:
    now = 100 * HOUR_MS
    doubt = old_photo(now, [photo(taken_ms=now - 50 * HOUR_MS), photo(taken_ms=now - 30 * HOUR_MS)])
    assert doubt is not None
    assert doubt.facts == {"hours": 30}
    assert old_photo(now, [photo(taken_ms=now + HOUR_MS), photo()]) is None
    assert old_photo(now, [photo(taken_ms=now - 24 * HOUR_MS)]) is None


def test_nobody_is_at_two_places() -> None:
    one, other = Sighting("A-1", HERE, 0), Sighting("A-2", east(10_000), 60_000)
    doubt = too_fast(one, other)
    assert doubt is not None
    assert doubt.facts["case"] == "A-1"
    assert "A-1" in doubt.because.zh
    assert too_fast(one, Sighting("A-2", east(10_000), HOUR_MS)) is None
    assert too_fast(one, Sighting("A-2", east(900), 0)) is None, "too near to judge"


@given(POINTS, POINTS, TIMES, TIMES)
def test_the_order_of_two_reports_makes_no_difference(
    one: tuple[float, float], other: tuple[float, float], t: int, u: int
) -> None:
    """And nothing is divided by no time."""
    there = too_fast(Sighting("A", one, t), Sighting("B", other, u))
    back = too_fast(Sighting("B", other, u), Sighting("A", one, t))
    assert (there is None) == (back is None)


def test_a_photo_used_again_names_the_case() -> None:
    assert photo_again("A-1").because.zh.count("A-1") == 1


def test_a_photo_that_resembles_another_names_its_case() -> None:
    """The very same file is told of already."""
    mine, other = Photo(digest="0" * 64, dhash="f" * 64), Photo(digest="1" * 64, dhash="f" * 63 + "e")
    doubt = photo_alike([mine], [other], "A-1")
    assert doubt is not None
    assert "A-1" in doubt.because.en
    assert photo_alike([mine], [mine, Photo(digest="2" * 64, dhash="0" * 64), Photo(digest="3" * 64)], "A-1") is None
