"""Working time against an oracle that looks at every minute, and the cases that peers get wrong, one by one."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.working import CalendarEndsError, Working, day_kind, due_at, in_shift, moved, worked_ms, working
from tests.calendars import CHINA, MADE_UP_2024, OFF_2024, a_calendar
from tests.minutes import MINUTE, Minutes

HOUR = 3_600_000
DAY = 24 * HOUR
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(told: str, zone: ZoneInfo = SHANGHAI) -> int:
    """`2024-02-02 10:00` on the wall."""
    return int(datetime.fromisoformat(told).replace(tzinfo=zone).timestamp() * 1000)


def said(moment: int, zone: ZoneInfo = SHANGHAI) -> str:
    return f"{datetime.fromtimestamp(moment / 1000, zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2024-03-05 10:00", "30m", "2024-03-05 10:30"),
        ("2024-03-05 23:00", "3uh", "2024-03-06 02:00"),
        ("2024-03-09 23:00", "2ud", "2024-03-11 23:00"),
        ("2024-03-05 10:00", "4wh", "2024-03-05 16:00"),  # lunch does not count
        ("2024-03-05 11:00", "1wh", "2024-03-05 12:00"),  # due before lunch, not after it
        ("2024-03-05 13:00", "1wh", "2024-03-05 15:00"),
        ("2024-03-05 07:00", "1wh", "2024-03-05 09:30"),
        ("2024-03-05 16:59", "1wh", "2024-03-06 08:59"),
        ("2024-03-05 17:00", "1wh", "2024-03-06 09:30"),  # after the cut-off it counts from the next day
        ("2024-03-08 17:10", "1wh", "2024-03-11 09:30"),  # over the weekend
        ("2024-03-05 10:00", "sd", "2024-03-05 17:30"),
        ("2024-03-05 06:00", "sd", "2024-03-05 17:30"),
        ("2024-03-05 17:00", "sd", "2024-03-06 17:30"),
        ("2024-03-05 10:00", "1wd", "2024-03-06 17:30"),
        ("2024-03-05 18:00", "1wd", "2024-03-07 17:30"),
        ("2024-03-08 10:00", "1wd", "2024-03-11 17:30"),
        ("2024-03-09 10:00", "1wd", "2024-03-12 17:30"),  # a weekend counts from Monday
        ("2024-02-02 10:00", "1wd", "2024-02-04 17:30"),  # that Sunday is a make-up day
        ("2024-02-02 10:00", "2wd", "2024-02-05 17:30"),
        ("2024-02-09 16:00", "2wh", "2024-02-18 09:00"),  # over the Spring Festival, into its other make-up day
        ("2024-02-09 18:00", "sd", "2024-02-18 17:30"),
        ("2024-04-30 10:00", "5wd", "2024-05-10 17:30"),
        ("2024-04-30 10:00", "6wd", "2024-05-11 17:30"),
        ("2023-12-29 10:00", "1wd", "2024-01-02 17:30"),  # year's end
        ("2024-12-31 17:29", "1wh", "2025-01-01 09:30"),
    ],
)  # fmt: skip
def test_when_it_is_due(start: str, limit: str, due: str) -> None:
    assert said(due_at(at(start), limit, CHINA)) == due


@pytest.mark.parametrize("day", MADE_UP_2024)
def test_make_up_days_of_2024_are_worked(day: str) -> None:
    assert said(due_at(at(f"{day} 09:00"), "sd", CHINA)) == f"{day} 17:30"
    assert worked_ms(at(f"{day} 00:00"), at(f"{day} 23:59"), CHINA) == 7 * HOUR


def test_each_organisation_has_its_own_hours() -> None:
    assert said(due_at(at("2024-02-12 19:00"), "2wh", CHINA, "sanitation")) == "2024-02-13 07:00"
    assert said(due_at(at("2024-03-05 21:00"), "3wh", CHINA, "night")) == "2024-03-06 01:00"
    assert said(due_at(at("2024-03-09 11:30"), "sd", CHINA, "half-saturday")) == "2024-03-09 12:00"
    assert said(due_at(at("2024-03-09 12:00"), "sd", CHINA, "half-saturday")) == "2024-03-11 17:00"
    assert due_at(at("2024-03-05 10:00"), "4wh", CHINA, "parks") == due_at(at("2024-03-05 10:00"), "4wh", CHINA)


def test_a_make_up_day_can_follow_the_shifts_of_a_named_weekday() -> None:
    """A bureau that closes early on Fridays does so on a Saturday that stands for a Friday."""
    hours = {"week": [["09:00-17:00"]] * 4 + [["09:00-12:00"], [], []]}
    calendar = a_calendar(hours=hours, make_up_days=[{"day": "2024-05-11", "as_weekday": 5}], organisations=[])
    assert said(due_at(at("2024-05-11 10:00"), "sd", calendar)) == "2024-05-11 12:00"


def test_without_a_calendar_people_work_round_the_clock() -> None:
    start = at("2024-03-09 23:00")
    dues = [due_at(start, limit, None) - start for limit in ("4wh", "5wd", "sd", "3uh", "30m")]
    assert dues == [4 * HOUR, 5 * DAY, DAY, 3 * HOUR, HOUR // 2]
    assert worked_ms(start, start + DAY, None) == DAY
    assert in_shift(start, None) == start
    assert moved(start, -HOUR, None) == start - HOUR


def test_the_end_of_the_calendar_is_said() -> None:
    """Never a guess: what lies beyond the listed days has no answer, also when it only begins before."""
    clock = working(CHINA)
    calls: list[Callable[[], int]] = [
        lambda: clock.due_at(at("2026-01-05 10:00"), "1wh"),
        lambda: clock.due_at(at("2025-12-31 10:00"), "1wd"),
        lambda: clock.due_at(at("2025-12-31 10:00"), "9wh"),
        lambda: clock.due_at(at("2023-05-31 10:00"), "1wh"),
        lambda: clock.worked_ms(at("2023-05-31 10:00"), at("2024-05-31 10:00")),
        lambda: clock.worked_ms(at("2024-05-31 10:00"), at("2026-05-31 10:00")),
        lambda: clock.in_shift(at("2025-12-31 17:30")),
        lambda: clock.in_shift(at("2023-05-31 17:30")),
        lambda: clock.moved(at("2023-06-01 10:00"), -2 * HOUR),
    ]
    for call in calls:
        with pytest.raises(CalendarEndsError):
            call()
    assert clock.due_at(at("2026-01-05 10:00"), "3uh") == at("2026-01-05 13:00")


def test_beyond_the_calendar_the_week_alone_is_known() -> None:
    """A report must not be lost because nobody has drawn up next year's calendar; this year's days still count."""
    assert said(due_at(at("2031-10-01 10:00"), "1wd", CHINA)) == "2031-10-02 17:30"
    assert said(due_at(at("2025-12-31 17:00"), "1wh", CHINA)) == "2026-01-01 09:30"
    assert said(due_at(at("1999-12-31 17:00"), "999wd", CHINA)) == "2003-10-31 17:30"
    assert said(in_shift(at("2025-12-31 17:30"), CHINA)) == "2026-01-01 08:30"
    assert worked_ms(at("2024-09-30 08:30"), at("2024-10-09 00:00"), CHINA) == 14 * HOUR
    assert worked_ms(at("2025-12-31 08:30"), at("2026-01-02 00:00"), CHINA) == 14 * HOUR
    assert worked_ms(at("2031-01-02 00:00"), at("2023-05-01 08:30"), CHINA) < -1800 * 7 * HOUR
    assert said(moved(at("2025-12-31 15:30"), 3 * HOUR, CHINA)) == "2026-01-01 09:30"


@pytest.mark.parametrize(
    ("zone", "start", "limit", "due"),
    [
        ("America/New_York", "2024-03-08 16:00", "2wh", "2024-03-11 09:00"),  # clocks go forward in between
        ("America/New_York", "2024-11-01 16:00", "2wh", "2024-11-04 09:00"),
        ("Europe/Amsterdam", "2024-03-29 16:00", "1wd", "2024-04-01 17:30"),
        ("Europe/Amsterdam", "2024-10-25 16:00", "1wd", "2024-10-28 17:30"),
    ],
)
def test_clocks_that_change(zone: str, start: str, limit: str, due: str) -> None:
    there = ZoneInfo(zone)
    calendar = a_calendar(zone, days_off=[], make_up_days=[])
    assert said(due_at(at(start, there), limit, calendar), there) == due


def test_a_night_with_a_changed_clock_is_as_long_as_it_really_was() -> None:
    """Forward: the shift from midnight to six lasts five hours. Back: seven."""
    there = ZoneInfo("America/New_York")
    calendar = a_calendar("America/New_York", days_off=[], make_up_days=[])
    for day, hours in (("2024-03-10", 5), ("2024-11-03", 7), ("2024-11-04", 6)):
        night = at(f"{day} 00:00", there), at(f"{day} 12:00", there)
        assert worked_ms(*night, calendar, "night") == hours * HOUR


def test_a_shift_that_begins_or_ends_in_a_skipped_hour() -> None:
    """On 10 March 2024 New York's clocks go from 02:00 to 03:00: what lies in between takes no time."""
    there = ZoneInfo("America/New_York")
    spans = ["00:00-02:30", "02:45-02:55", "02:58-04:00"]
    calendar = a_calendar("America/New_York", hours={"week": [spans] * 7}, days_off=[], make_up_days=[])
    assert worked_ms(at("2024-03-10 00:00", there), at("2024-03-10 05:00", there), calendar) == 3 * HOUR
    assert said(due_at(at("2024-03-10 00:00", there), "3wh", calendar), there) == "2024-03-10 04:00"


def test_a_day_without_a_midnight() -> None:
    """Where clocks skip midnight a shift until 24:00 ends when they jump."""
    there = ZoneInfo("America/Santiago")
    calendar = a_calendar("America/Santiago", hours={"week": [["22:00-24:00"]] * 7}, days_off=[], make_up_days=[])
    start = at("2024-09-07 23:00", there)
    assert due_at(start, "1wh", calendar) == start + HOUR
    assert said(start + HOUR, there) == "2024-09-08 01:00"


def test_moments_in_shifts() -> None:
    assert said(in_shift(at("2024-03-05 10:00"), CHINA)) == "2024-03-05 10:00"
    assert said(in_shift(at("2024-03-05 12:00"), CHINA)) == "2024-03-05 14:00"
    assert said(in_shift(at("2024-03-08 23:00"), CHINA)) == "2024-03-11 08:30"
    assert said(in_shift(at("2024-02-17 10:00"), CHINA)) == "2024-02-18 08:30"


ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Amsterdam")
CALENDARS = {zone: a_calendar(zone) for zone in ZONES}
zones = st.sampled_from(ZONES)
crews = st.sampled_from([None, "sanitation", "night", "half-saturday"])
minutes = st.integers(at("2023-06-20 00:00") // MINUTE, at("2025-10-31 00:00") // MINUTE).map(lambda n: n * MINUTE)
troubled = st.sampled_from(
    [at(f"{day} 00:00") for day in (*OFF_2024, *OFF_2024.values(), *MADE_UP_2024, "2024-03-10", "2024-11-03",
                                    "2024-03-31", "2024-10-27", "2024-12-31")]
)  # fmt: skip
starts = minutes | st.builds(lambda day, minute: day + minute * MINUTE, troubled, st.integers(-1440, 2880))


@settings(max_examples=150, deadline=None)
@given(zones, crews, starts, st.integers(1, 30))
def test_working_hours_against_the_oracle(zone: str, crew: str | None, start: int, hours: int) -> None:
    expected = Minutes(CALENDARS[zone], crew).due_hours(start, hours)
    assert due_at(start, f"{hours}wh", CALENDARS[zone], crew) == expected


@settings(max_examples=150, deadline=None)
@given(zones, crews, starts, st.integers(0, 6))
def test_working_days_against_the_oracle(zone: str, crew: str | None, start: int, days: int) -> None:
    expected = Minutes(CALENDARS[zone], crew).due_days(start, days)
    assert due_at(start, f"{days}wd" if days else "sd", CALENDARS[zone], crew) == expected


@settings(max_examples=100, deadline=None)
@given(zones, crews, starts, st.integers(0, 6000))
def test_worked_time_against_the_oracle(zone: str, crew: str | None, start: int, length: int) -> None:
    end = start + length * MINUTE
    calendar, oracle = CALENDARS[zone], Minutes(CALENDARS[zone], crew)
    assert worked_ms(start, end, calendar, crew) == oracle.worked(start, end)
    assert worked_ms(end, start, calendar, crew) == -oracle.worked(start, end)
    assert in_shift(start, calendar, crew) == oracle.next_shift(start)


@given(zones, crews, starts, st.integers(-40 * HOUR, 40 * HOUR))
def test_moving_is_the_inverse_of_measuring(zone: str, crew: str | None, start: int, work: int) -> None:
    """To the millisecond, forward and back, and never later than it has to be."""
    clock = working(CALENDARS[zone], crew)
    moment = moved(start, work, CALENDARS[zone], crew)
    assert clock.worked_ms(start, moment) == work
    assert work == 0 or clock.worked_ms(start, moment - 1) == work - 1


@given(crews, starts, st.sampled_from(["1wh", "7wh", "sd", "3wd", "3uh"]), st.integers(0, 10_000))
def test_who_comes_later_is_never_due_earlier(crew: str | None, start: int, limit: str, later: int) -> None:
    assert due_at(start, limit, CHINA, crew) <= due_at(start + later, limit, CHINA, crew)


@given(crews, starts, st.sampled_from(["1wh", "7wh", "30wh", "sd", "3wd"]))
def test_no_working_deadline_falls_outside_a_shift(crew: str | None, start: int, limit: str) -> None:
    """The last moment before it is worked."""
    due = due_at(start, limit, CHINA, crew)
    assert in_shift(due - 1, CHINA, crew) == due - 1


def test_an_index_is_worked_out_once() -> None:
    assert working(CHINA, "parks") is working(CHINA)
    assert working(a_calendar(), "sanitation") is working(CHINA, "sanitation")
    assert isinstance(working(CHINA), Working)


@pytest.mark.parametrize(
    ("day", "kind"),
    [("02-12", "holiday"), ("02-10", "holiday"), ("02-18", "make_up"), ("03-05", "workday"), ("03-09", "weekend")],
)
def test_what_a_day_is(day: str, kind: str) -> None:
    assert day_kind(date.fromisoformat(f"2024-{day}"), CHINA) == kind
    assert day_kind(date.fromisoformat(f"2024-{day}"), None) == "workday"
