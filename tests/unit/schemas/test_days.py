"""Days of a zone: which one it is, and when it begins and ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.days import begin_ms, day_of, end_ms, read_day
from tests.worlds.no_days import NO_DAYS

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia")]
moments = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: round((datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).timestamp() * 1000)
)


@given(moments, st.sampled_from(ZONES))
def test_a_moment_is_in_the_day_of_its_zone(now: int, zone: ZoneInfo) -> None:
    assert day_of(now, zone) == datetime.fromtimestamp(now / 1000, zone).date()
    assert begin_ms(day_of(now, zone), zone) <= now < end_ms(day_of(now, zone), zone)
    assert timedelta() <= day_of(now + 24 * 3_600_000, zone) - day_of(now, zone) <= timedelta(days=2)


def test_a_day_is_the_zones_own() -> None:
    """Also where clocks change: that day has 23 hours."""
    shanghai, berlin = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
    assert begin_ms(date(2026, 11, 19), shanghai) == 1_795_017_600_000
    assert end_ms(date(2026, 11, 19), shanghai) - begin_ms(date(2026, 11, 19), shanghai) == 24 * 3_600_000
    assert end_ms(date(2026, 3, 29), berlin) - begin_ms(date(2026, 3, 29), berlin) == 23 * 3_600_000


@pytest.mark.parametrize("written", ["1900-01-01", "2024-02-29", "2199-12-31"])
def test_every_day_that_can_be_read_begins_and_ends(written: str) -> None:
    day = read_day(written)
    assert day == date.fromisoformat(written)
    assert all(begin_ms(day, zone) < end_ms(day, zone) for zone in ZONES)


@pytest.mark.parametrize("written", [*NO_DAYS, "", None, 20261131, date(2026, 11, 30)])
def test_a_day_has_one_form(written: object) -> None:
    with pytest.raises(ValueError, match=r"not|out of|must"):
        read_day(written)
