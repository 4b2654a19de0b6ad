"""Working time against an oracle that looks at every minute, and the cases that peers get wrong, one by one."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time.working import CalendarEndsError, Working, day_kind, due_at, in_shift, moved, worked_ms, working
from schemas.calendar import DaysEnd, From, PlainDays, WorkCalendar
from tests.oracles.laws import law
from tests.oracles.minutes import MINUTE, Minutes
from tests.worlds.calendars import CHINA, MADE_UP_2024, OFF_2024, a_calendar, with_half_days

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
CALENDARS = {zone: with_half_days(zone) for zone in ZONES}


@lru_cache
def oracle_of(zone: str, crew: str | None) -> Minutes:
    return Minutes(CALENDARS[zone], crew)


zones = st.sampled_from(ZONES)
crews = st.sampled_from([None, "sanitation", "night", "over-midnight", "half-saturday"])
minutes = st.integers(at("2023-06-20 00:00") // MINUTE, at("2025-10-31 00:00") // MINUTE).map(lambda n: n * MINUTE)
troubled = st.sampled_from(
    [at(f"{day} 00:00") for day in (*OFF_2024, *OFF_2024.values(), *MADE_UP_2024, "2024-03-10", "2024-11-03",
                                    "2024-03-29", "2024-03-31", "2024-06-08", "2024-06-11", "2024-06-15", "2024-10-27",
                                    "2024-12-31")]
)  # fmt: skip
starts = minutes | st.builds(lambda day, minute: day + minute * MINUTE, troubled, st.integers(-1440, 2880))


@law(40)
@given(zones, crews, starts, st.integers(1, 120))
def test_working_hours_against_the_oracle(zone: str, crew: str | None, start: int, quarters: int) -> None:
    expected = oracle_of(zone, crew).due_hours(start, quarters * 15)
    assert due_at(start, f"{quarters / 4:g}wh", CALENDARS[zone], crew) == expected


@law(40)
@given(zones, crews, starts, st.integers(0, 6))
def test_working_days_against_the_oracle(zone: str, crew: str | None, start: int, days: int) -> None:
    expected = oracle_of(zone, crew).due_days(start, days)
    assert due_at(start, f"{days}wd" if days else "sd", CALENDARS[zone], crew) == expected


@law(40)
@given(zones, crews, starts, st.integers(0, 3000))
def test_worked_time_against_the_oracle(zone: str, crew: str | None, start: int, length: int) -> None:
    end = start + length * MINUTE
    calendar, oracle = CALENDARS[zone], oracle_of(zone, crew)
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


def a_city(zone: str = "America/New_York", **hours: Any) -> WorkCalendar:
    """An office whose desk answers "Thursday 10:12" to what comes in on Tuesday at 10:12, for two working days."""
    told = {
        "week": [["08:30-17:00"]] * 5 + [[], []],
        "cut_off": "17:00",
        "after_cut_off": "08:30",
        "from_days_off": "same_time",
        "working_days_end": "same_time",
    }
    half = {"day": "2024-04-03", "name": {"zh": "半天"}, "hours": ["12:00-17:00"]}
    return a_calendar(zone, days_off=[half], make_up_days=[], organisations=[], hours=told | hours)


@pytest.mark.parametrize(
    ("start", "limit", "due", "hours"),
    [
        ("03-05 10:12", "2wd", "03-07 10:12", {}),
        ("03-05 06:00", "2wd", "03-07 08:30", {}),  # it counts from the begin of the shift
        ("03-05 17:00", "2wd", "03-08 08:30", {}),  # as if made on Wednesday at 08:30
        ("03-05 17:00", "2wd", "03-08 09:15", {"after_cut_off": "09:15"}),
        ("03-05 17:00", "1wh", "03-06 09:30", {}),
        ("03-09 10:12", "1wd", "03-12 10:12", {}),  # Saturday, as if made on Monday at 10:12, after clocks changed
        ("03-09 10:12", "1.5wh", "03-11 11:42", {}),
        ("03-09 18:00", "1wd", "03-13 08:30", {}),  # as if made on Monday at 18:00, which is after the cut-off
        ("03-09 10:12", "1wd", "03-12 08:30", {"from_days_off": "first_shift"}),
        ("03-09 10:12", "2wd", "03-13 17:00", {"working_days_end": "with_shift"}),
        ("03-05 10:12", "sd", "03-05 17:00", {}),
        ("04-02 15:00", "1wd", "04-03 12:00", {}),  # that Wednesday ends at noon
        ("04-03 13:00", "1wd", "04-05 08:30", {}),  # its afternoon is after the cut-off, too
        ("03-05 06:00", "2wd", "03-07 06:00", {"week": [["00:00-24:00"]] * 5 + [[], []]}),
        ("03-10 06:30", "2wd", "03-13 06:30", {"week": [["00:00-24:00"]] * 5 + [[], []]}),
        ("03-06 02:15", "1wd", "03-07 02:15", {"week": [["22:00-06:00"]] * 7, "cut_off": None, "after_cut_off": None}),
        ("03-08 10:12", "1d", "03-09 10:12", {}),
    ],
)  # fmt: skip
def test_days_that_keep_the_time_of_day(start: str, limit: str, due: str, hours: dict[str, Any]) -> None:
    calendar = a_city(**hours)
    there = ZoneInfo(calendar.zone)
    assert said(due_at(at(f"2024-{start}", there), limit, calendar), there) == f"2024-{due}"


def test_the_time_of_day_is_kept_to_the_millisecond() -> None:
    calendar = a_city("Asia/Shanghai")
    assert due_at(at("2024-03-05 10:12") + 33_456, "2wd", calendar) == at("2024-03-07 10:12") + 33_456


def test_plain_days_can_keep_the_time_of_day_where_clocks_change() -> None:
    there = ZoneInfo("America/New_York")
    start = at("2024-03-08 10:12", there)
    dues = [due_at(start, "3d", a_city().model_copy(update={"plain_days": each})) for each in PlainDays]
    assert [said(due, there) for due in dues] == ["2024-03-11 11:12", "2024-03-11 10:12"]
    assert due_at(start, "72h", a_city().model_copy(update={"plain_days": PlainDays.SAME_TIME})) == dues[0]


@given(starts, st.sampled_from(["1wh", "0.75wh", "sd", "1wd", "3wd"]), st.sampled_from(list(From)), st.booleans())
def test_a_counted_deadline_lies_in_a_shift_after_its_start(start: int, limit: str, since: From, keeps: bool) -> None:
    calendar = a_city(from_days_off=since, working_days_end=DaysEnd.SAME_TIME if keeps else DaysEnd.WITH_SHIFT)
    due = due_at(start, limit, calendar)
    assert due > start
    assert in_shift(due, calendar) == due or in_shift(due - 1, calendar) == due - 1


NIGHT = {"week": [["22:00-06:00"]] * 7}
TWO_SPANS = {"week": [["00:00-06:00", "22:00-24:00"]] * 7}


@pytest.mark.parametrize("hours", [NIGHT, TWO_SPANS])
@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("03-05 23:30", "1wh", "03-06 00:30"),
        ("03-05 23:30", "sd", "03-06 06:00"),
        ("03-05 23:30", "1wd", "03-07 06:00"),
        ("03-06 05:59", "sd", "03-06 06:00"),
        ("03-06 06:00", "sd", "03-07 06:00"),
        ("03-06 14:00", "3wh", "03-07 01:00"),
    ],
)
def test_a_working_day_is_a_shift(hours: dict[str, Any], start: str, limit: str, due: str) -> None:
    """Also one over midnight, written as one span or as two that meet there."""
    calendar = a_calendar(days_off=[], make_up_days=[], organisations=[], hours=hours)
    assert said(due_at(at(f"2024-{start}"), limit, calendar)) == f"2024-{due}"


def test_the_cut_off_of_a_night_can_lie_after_midnight() -> None:
    hours = {**NIGHT, "cut_off": "05:00", "after_cut_off": "23:00"}
    calendar = a_calendar(days_off=[], make_up_days=[], organisations=[], hours=hours)
    dues = [said(due_at(at(f"2024-03-06 {time}"), "1wh", calendar)) for time in ("04:59", "05:00", "12:00")]
    assert dues == ["2024-03-06 05:59", "2024-03-07 00:00", "2024-03-06 23:00"]


def test_a_service_that_never_stops_has_days_that_end_at_midnight() -> None:
    for day in (["00:00-24:00"], ["00:00-12:00", "12:00-24:00"]):
        calendar = a_calendar(days_off=[], make_up_days=[], organisations=[], hours={"week": [day] * 7})
        assert said(due_at(at("2024-03-05 23:30"), "sd", calendar)) == "2024-03-06 00:00"


def test_a_night_into_the_calendar_and_out_of_it() -> None:
    calendar = a_calendar(days_off=[], make_up_days=[], organisations=[], hours=NIGHT)
    assert said(due_at(at("2023-06-01 02:00"), "sd", calendar)) == "2023-06-01 06:00"
    assert said(due_at(at("2025-12-31 23:00"), "sd", calendar)) == "2026-01-01 06:00"
    assert worked_ms(at("2023-06-01 00:00"), at("2023-06-02 00:00"), calendar) == 8 * HOUR


def test_who_has_hours_of_their_own_keeps_them_on_a_make_up_morning_or_says_others() -> None:
    """A night shift is not turned into a morning by a notice to the offices; what was stored before still is."""
    morning = {"day": "2024-06-08", "as_weekday": 5, "hours": ["08:30-12:00"]}
    night = {"organisation": "night", "week": [["22:00-06:00"]] * 5 + [[], []]}
    early = {"organisation": "early", "week": [["07:00-15:00"]] * 5 + [[], []],
             "days": [{"day": "2024-06-08", "hours": ["07:00-11:00"]}, {"day": "2024-06-07"}]}  # fmt: skip
    rest: dict[str, Any] = {"days_off": [], "organisations": [night, early]}
    calendar = a_calendar(make_up_days=[morning | {"for_all": False}], **rest)
    assert said(due_at(at("2024-06-08 08:00"), "sd", calendar)) == "2024-06-08 12:00"
    assert said(due_at(at("2024-06-08 08:00"), "sd", calendar, "night")) == "2024-06-09 06:00"
    assert said(due_at(at("2024-06-06 15:00"), "sd", calendar, "early")) == "2024-06-08 11:00"
    stored = a_calendar(make_up_days=[morning], **rest)
    assert said(due_at(at("2024-06-08 08:00"), "sd", stored, "night")) == "2024-06-08 12:00"


def test_hours_of_a_single_day_count_on_holidays_too() -> None:
    own = {"organisation": "night", "week": [["22:00-06:00"]] * 7, "on_holidays": True,
           "days": [{"day": "2024-05-01", "hours": ["20:00-23:00"]}]}  # fmt: skip
    calendar = a_calendar(organisations=[own])
    assert said(due_at(at("2024-05-01 07:00"), "sd", calendar, "night")) == "2024-05-01 23:00"


def test_half_days() -> None:
    """Off in the afternoon, also of a make-up day; a make-up morning for everybody but those who work on holidays."""
    calendar = with_half_days("Asia/Shanghai")
    assert said(due_at(at("2024-03-29 09:00"), "sd", calendar)) == "2024-03-29 12:00"
    assert said(due_at(at("2024-03-29 13:30"), "1wh", calendar)) == "2024-04-01 09:30"
    assert said(due_at(at("2024-05-11 09:00"), "sd", calendar)) == "2024-05-11 12:00"
    assert said(due_at(at("2024-06-07 16:00"), "2wh", calendar)) == "2024-06-08 09:00"
    assert said(due_at(at("2024-06-08 09:00"), "sd", calendar)) == "2024-06-08 12:00"
    assert said(due_at(at("2024-06-08 13:00"), "sd", calendar, "sanitation")) == "2024-06-08 20:00"
    assert day_kind(date(2024, 3, 29), calendar) == "workday"
    assert day_kind(date(2024, 6, 8), calendar) == "make_up"
