"""Times of platforms: whatever is taken, the log takes as well; what is outside its years is refused by its column."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from connectors.intake.refusal import Refused
from connectors.platforms.times import moment_ms
from schemas.moments import TimeMs
from schemas.platform_facts import PlatformFacts

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAW = TypeAdapter(TimeMs)
FAR = st.one_of(
    st.datetimes(),
    st.datetimes(datetime(1899, 12, 31), datetime(1900, 1, 2)),  # noqa: DTZ001 - the zone is drawn as well
    st.datetimes(datetime(2199, 12, 30), datetime(2200, 1, 2)),  # noqa: DTZ001
)
ZONES = st.one_of(
    st.sampled_from([SHANGHAI, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Kiritimati"), UTC]),
    st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(FAR, ZONES, st.booleans(), st.sampled_from(["{:%Y-%m-%d}", "{:%Y-%m-%d %H:%M:%S}", "{}"]))
def test_what_is_read_the_log_takes(when: datetime, zone: tzinfo, ends: bool, form: str) -> None:
    try:
        moment = moment_ms(form.format(when), "due", zone, ends=ends)
    except Refused:
        return
    LAW.validate_python(moment)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("1900-01-01 00:00", SHANGHAI),
        ("1900-01-01 07:59", SHANGHAI),
        ("2199-12-31", ZoneInfo("America/Los_Angeles")),
        ("0001-01-01", SHANGHAI),
        ("9999-12-31", SHANGHAI),
        ("1900-01-01T00:00:00+08:00", UTC),
    ],
)
def test_a_time_outside_the_years_of_the_log_is_refused(text: str, zone: tzinfo) -> None:
    with pytest.raises(Refused) as refused:
        moment_ms(text, "due", zone, ends=True)
    (fault,) = refused.value.faults
    assert (fault.code, fault.where) == ("platform_time_bounds", "due")


def test_the_first_and_the_last_moment_are_taken() -> None:
    first = moment_ms("1900-01-02", "due", SHANGHAI)
    last = moment_ms("2199-12-31", "due", UTC, ends=True)
    PlatformFacts.model_validate(
        {"platform": "p", "name": {"zh": "p", "en": "p"}, "theirs": "1", "reported_ms": first, "due_ms": last}
    )
    assert last == 7_258_118_400_000 - 1
