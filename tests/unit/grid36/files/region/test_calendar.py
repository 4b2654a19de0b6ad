"""`calendar.yaml`: what is written there, what the holiday library adds, and every mistake with its place."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from grid36.files.region.calendar import read_calendar
from grid36.files.region.check import calendar_problems
from grid36.files.region.files import RegionFaults
from grid36.files.region.load import load_region
from grid36.files.region.week import sample_week
from grid36.settings import data_folder
from rules.time.working import due_at
from schemas.calendar import WorkCalendar
from schemas.names import Language
from schemas.region import Region
from tests.worlds.calendars import MADE_UP_2024
from tests.worlds.street import a_region

OFFICE = ["08:30-12:00", "14:00-17:30"]
TOLD: dict[str, Any] = {"years": [2024, 2024], "holidays": "CN", "hours": {"mon-fri": OFFICE}}


def read(folder: Path, told: Any) -> tuple[WorkCalendar | None, list[tuple[str | None, str]]]:
    text = told if isinstance(told, str) else yaml.safe_dump(told, allow_unicode=True)
    (folder / "calendar.yaml").write_text(text, encoding="utf-8")
    faults = RegionFaults()
    calendar = read_calendar(folder, "Asia/Shanghai", {"parks"}, faults)
    return calendar, [(fault.column, fault.text.en or "") for fault in faults.found]


def whole(folder: Path, **told: Any) -> WorkCalendar:
    calendar, faults = read(folder, TOLD | told)
    assert faults == []
    assert calendar is not None
    return calendar


def test_without_the_file_there_is_no_calendar(tmp_path: Path) -> None:
    faults = RegionFaults()
    assert read_calendar(tmp_path, "Asia/Shanghai", (), faults) is None
    assert faults.found == []


def test_the_year_2024_as_it_was(tmp_path: Path) -> None:
    """251 working days, eight of them at weekends."""
    calendar = whole(tmp_path)
    assert [str(each.day) for each in calendar.make_up_days] == MADE_UP_2024
    off = {each.day for each in calendar.days_off}
    ordinary = [date.fromordinal(n) for n in range(date(2024, 1, 1).toordinal(), date(2025, 1, 1).toordinal())]
    assert sum(day.weekday() < 5 and day not in off for day in ordinary) + len(MADE_UP_2024) == 251
    spring = next(each for each in calendar.days_off if each.day == date(2024, 2, 12))
    assert (spring.name.zh, spring.name.en) == ("春节", "Chinese New Year (Spring Festival)")
    assert (calendar.first, calendar.last, calendar.unannounced) == (date(2024, 1, 1), date(2024, 12, 31), (2024,))


def test_the_hours_as_people_write_them(tmp_path: Path) -> None:
    """Ranges of weekdays in both languages; YAML takes 17:00 without quotes for a number."""
    text = """
    years: [2024, 2024]
    hours: {周一至周四: [08:30-12:00, 14:00 - 17:30], fri: ["09:00-12:00"]}
    cut_off: 17:00
    on_holidays: false
    organisations:
      parks: {hours: {mon-sun: [06:00-20:00]}, on_holidays: true}
    """
    calendar, faults = read(tmp_path, text)
    assert faults == []
    assert calendar is not None
    assert calendar.hours.cut_off == "17:00"
    assert [len(spans) for spans in calendar.hours.week] == [2, 2, 2, 2, 1, 0, 0]
    assert calendar.hours.week[3] == ("08:30-12:00", "14:00-17:30")
    assert calendar.of("parks").on_holidays
    assert calendar.days_off == ()


def test_the_region_knows_better_than_the_library(tmp_path: Path) -> None:
    """A library's holiday that is worked here, a make-up day that is not, and days nobody else has."""
    calendar = whole(
        tmp_path,
        days_off={date(2024, 2, 4): "停电", "2024-03-01": None},
        make_up_days={"2024-05-02": None, "2024-03-02": {"as": "fri", "note": "补 3 月 1 日"}, "2024-03-03": "防汛"},
    )
    off, made_up = {each.day: each for each in calendar.days_off}, {each.day: each for each in calendar.make_up_days}
    assert off[date(2024, 2, 4)].name.zh == "停电"
    assert off[date(2024, 3, 1)].name.en == "day off"
    assert date(2024, 5, 2) not in off
    assert date(2024, 2, 4) not in made_up
    assert made_up[date(2024, 5, 2)].as_weekday == 1
    saturday, sunday = made_up[date(2024, 3, 2)], made_up[date(2024, 3, 3)]
    assert (saturday.as_weekday, saturday.note and saturday.note.zh) == (5, "补 3 月 1 日")
    assert (sunday.as_weekday, sunday.note and sunday.note.zh) == (1, "防汛")


def test_a_year_is_complete_when_somebody_says_so(tmp_path: Path) -> None:
    """Not because the library lists some make-up days of it, nor because a single one was filled in."""
    assert whole(tmp_path, years=[2024, 2025]).unannounced == (2024, 2025)
    assert whole(tmp_path, years=[2024, 2031], complete=list(range(2024, 2031))).unannounced == (2031,)
    assert whole(tmp_path, years=[2031, 2031], make_up_days={"2031-02-02": None}).unannounced == (2031,)
    assert whole(tmp_path, holidays=None, make_up_days={"2024-02-04": None}).unannounced == (2024,)
    assert whole(tmp_path, years=[2024, 2031], holidays="US-NY").unannounced == ()


HALF_DAYS: list[tuple[Any, tuple[str, ...], str]] = [
    ("13:00-17:30", ("13:00-17:30",), "放假"),
    ("8:30~12:00,14:00 至 15:30", ("08:30-12:00", "14:00-15:30"), "放假"),
    (["13:00–17:30"], ("13:00-17:30",), "放假"),
    ({"hours": ["13:00-17:30"], "note": "提前下班"}, ("13:00-17:30",), "提前下班"),
    ({"hours": "13:00-17:30", "note": {"zh": "提前下班", "en": "early end"}}, ("13:00-17:30",), "提前下班"),
    ({"note": "台风"}, (), "台风"),
    ({"zh": "台风", "en": "typhoon"}, (), "台风"),
    ("补 3 月 1-2 日", (), "补 3 月 1-2 日"),
]


@pytest.mark.parametrize(("told", "hours", "name"), HALF_DAYS)
def test_half_a_day_off(tmp_path: Path, told: Any, hours: tuple[str, ...], name: str) -> None:
    (off,) = (each for each in whole(tmp_path, days_off={"2024-12-24": told}).days_off if each.day.month == 12)
    assert (off.hours, off.name.zh) == (hours, name)


@pytest.mark.parametrize(("told", "hours", "name"), HALF_DAYS)
def test_half_a_make_up_day(tmp_path: Path, told: Any, hours: tuple[str, ...], name: str) -> None:
    (made_up,) = (each for each in whole(tmp_path, make_up_days={"2024-12-07": told}).make_up_days
                  if each.day.month == 12)  # fmt: skip
    assert made_up.hours == hours
    assert made_up.note is None or made_up.note.zh == name
    (as_friday,) = (each for each in whole(tmp_path, make_up_days={"2024-12-07": {"as": "fri", "hours": list(hours)}})
                    .make_up_days if each.day.month == 12)  # fmt: skip
    assert (as_friday.as_weekday, as_friday.hours) == (5, hours)


def test_half_a_library_holiday_and_half_a_make_up_day_of_it(tmp_path: Path) -> None:
    """What the region says of some hours leaves the other hours as they are: worked."""
    calendar = whole(tmp_path, days_off={"2024-05-01": "13:00-17:30", "2024-05-11": "13:00-17:30"})
    assert [due_at(at(f"{day} 09:00"), "sd", calendar) for day in ("2024-05-01", "2024-05-11")] == [
        at("2024-05-01 12:00"), at("2024-05-11 12:00")
    ]  # fmt: skip


def test_how_a_region_counts(tmp_path: Path) -> None:
    """An organisation with hours of its own counts alike, unless it says otherwise; a cut-off is of its hours."""
    told = {"cut_off": "17:00", "after_cut_off": "08:30", "from_days_off": "same_time",
            "working_days_end": "same_time", "plain_days": "same_time"}  # fmt: skip
    parks = {"hours": {"mon-sun": ["06:00-20:00"]}, "working_days_end": "with_shift"}
    calendar = whole(tmp_path, **told, organisations={"parks": parks})
    own = calendar.of("parks")
    assert (own.from_days_off, own.working_days_end, own.cut_off) == ("same_time", "with_shift", None)
    assert calendar.plain_days == "same_time"
    assert due_at(at("2024-03-05 10:12"), "2wd", calendar) == at("2024-03-07 10:12")


def test_the_hours_of_a_sample_week(tmp_path: Path) -> None:
    calendar = whole(
        tmp_path,
        cut_off="17:00",
        organisations={"parks": {"hours": {"mon-fri": ["22:00-02:00", "3:00-6:00"]}, "on_holidays": True}},
        days_off={f"2024-12-{day}": "13:00-17:30" for day in (20, 23, 24, 26, 27)},
    )
    region = Region.model_validate(a_region().model_dump() | {"calendar": calendar.model_dump()})
    lines = sample_week(region, date(2024, 12, 21))
    assert [line.en for line in lines] == [
        "everybody: Mon-Fri 08:30-12:00, 14:00-17:30; Sat-Sun off; from 17:00 on it counts as the next working day",
        "parks: Mon-Fri 22:00-next day 02:00, next day 03:00-next day 06:00; Sat-Sun off; also on holidays",
        "2024-12-23 (Mon): 08:30-12:00",
        "2024-12-24 (Tue): 08:30-12:00",
        "2024-12-26 (Thu): 08:30-12:00",
        "and 1 more day of other hours",
    ]
    assert "周一至周五 22:00-次日02:00、次日03:00-次日06:00" in lines[1].zh
    assert sample_week(a_region(), date(2024, 12, 21)) == []


def test_a_sample_week_says_that_two_spans_are_one_shift() -> None:
    hours = {"week": [["00:00-06:00", "22:00-24:00"]] * 7}
    calendar = {"zone": "Asia/Shanghai", "first": "2024-01-01", "last": "2024-12-31", "hours": hours}
    region = Region.model_validate(a_region().model_dump() | {"calendar": calendar})
    (line,) = sample_week(region, date(2024, 12, 21))
    assert line.en.endswith("22:00-24:00; what meets at midnight is one shift, of the day on which it begins")


def warned(year: int, **calendar: Any) -> list[str]:
    content = {"zone": "Asia/Shanghai", "first": "2024-01-01", "last": "2027-12-31", "hours": {"week": [OFFICE] * 7}}
    region = Region.model_validate(a_region().model_dump() | {"calendar": content | calendar})
    return [problem.say(Language.EN) for problem in calendar_problems(region, year)]


def test_the_region_check_warns_in_time() -> None:
    """Of this year and the next; what lies further ahead nobody can know."""
    assert list(calendar_problems(a_region(), 2026)) == []
    assert warned(2026) == []
    assert ["workdays of 2027 are complete" in text for text in warned(2026, unannounced=[2027])] == [True]
    assert warned(2025, unannounced=[2027]) == []
    assert ["write 24:00" in text for text in warned(2026, hours={"week": [["08:00-23:59"]] * 7})] == [True]
    half = {"day": "2026-12-24", "name": {"zh": "半天"}, "hours": ["13:00-23:59"]}
    assert ["2026-12-24: hours end" in text for text in warned(2026, days_off=[half])] == [True]
    assert ["ends on 2026-12-31" in text for text in warned(2026, last="2026-12-31")] == [True]


def test_the_region_check_names_lines_that_change_nothing() -> None:
    """A make-up day by the shifts of a Saturday, on which nobody works; hours off in the evening."""
    hours: dict[str, Any] = {"hours": {"week": [OFFICE] * 5 + [[], []]}}
    saturday = {"day": "2026-06-13", "as_weekday": 6}
    (told,) = warned(2026, **hours, make_up_days=[saturday])
    assert told.startswith("calendar.yaml 2026-06-13: it is worked as Saturdays are, and Saturdays have no shifts")
    assert warned(2026, **hours, make_up_days=[saturday | {"hours": ["08:30-12:00"]}]) == []
    assert warned(2026, **hours, make_up_days=[saturday | {"as_weekday": 5}]) == []
    evening = {"day": "2026-06-11", "name": {"zh": "半天"}, "hours": ["18:00-22:00"]}
    (told,) = warned(2026, **hours, days_off=[evening])
    assert "2026-06-11: nobody would have worked in these hours anyway" in told
    assert warned(2026, **hours, days_off=[evening | {"hours": ["17:00-22:00"]}]) == []
    late = {"organisation": "parks", "week": [["12:00-20:00"]] * 7}
    assert warned(2026, **hours, days_off=[evening], organisations=[late]) == []


def test_an_organisation_keeps_its_hours_on_a_make_up_morning_or_says_others(tmp_path: Path) -> None:
    parks = {"hours": {"mon-fri": ["22:00-06:00"]}}
    told: dict[str, Any] = {"make_up_days": {"2024-12-07": {"as": "fri", "hours": ["08:30-12:00"]}}}
    calendar = whole(tmp_path, **told, organisations={"parks": parks})
    assert due_at(at("2024-12-07 08:00"), "sd", calendar, "parks") == at("2024-12-08 06:00")
    region = Region.model_validate(a_region().model_dump() | {"calendar": calendar.model_dump()})
    assert sample_week(region, date(2024, 12, 1))[-1].en == (
        "2024-12-07 (Sat): 08:30-12:00; parks 22:00-next day 06:00"
    )
    calendar = whole(tmp_path, **told, organisations={"parks": parks | {"days": {"2024-12-07": "08:00-12:00"}}})
    assert due_at(at("2024-12-07 08:00"), "sd", calendar, "parks") == at("2024-12-07 12:00")
    calendar = whole(tmp_path, **told, organisations={"parks": parks | {"days": {"2024-12-07": {"hours": []}}}})
    assert due_at(at("2024-12-07 08:00"), "sd", calendar, "parks") == at("2024-12-10 06:00")


@pytest.mark.parametrize(
    ("told", "column", "said"),
    [
        ({"organisations": {"parks": {"hours": {"mon": OFFICE}, "days": {"2024-12-24": "noon"}}}}, "days", "all hours"),
        ({"organisations": {"parks": {"hours": {"mon": OFFICE}, "days": ["2024-12-24"]}}}, "days", "key: value"),
        ({"days_off": {"2036-12-24": "x"}}, "years", "add 2036"),
        ({"make_up_days": {"2025-01-04": {"as": "fri"}}}, "years", "is after the last of the `years`"),
        ({"organisations": {"parks": {"hours": {"mon": OFFICE}, "days": {"2025-01-04": []}}}}, "years", "add 2025"),
        ({"days": {"2024-12-24": OFFICE}}, "days", "no such setting"),
        ({"colour": 1}, "colour", "no such setting"),
        ({"years": 2024}, "years", "[first year, last year]"),
        ({"years": [2027, 2024]}, "years", "[first year, last year]"),
        ({"holidays": "XX"}, "holidays", "no holidays are known for XX"),
        ({"holidays": "CN-ZZ"}, "holidays", "no holidays are known for CN-ZZ"),
        ({"hours": {"mo-fri": OFFICE}}, "hours", "mo-fri: name weekdays"),
        ({"hours": {"fri-mon": OFFICE}}, "hours", "fri-mon: name weekdays"),
        ({"hours": {"mon": "08:30-12:00"}}, "hours", "mon: name weekdays"),
        ({"hours": None}, "hours", "must say `hours:"),
        ({"hours": {"mon": ["12:00-08:30"]}}, "hours_week", "write 08:30-12:00"),
        ({"hours": {"mon": ["8-12"]}}, "hours", "mon: name weekdays"),
        ({"complete": 2026}, "complete", "list of years"),
        ({"from_days_off": "monday"}, "hours_from_days_off", "first_shift"),
        ({"plain_days": "monday"}, "plain_days", "24_hours"),
        ({"organisations": {"parks": {"hours": {"mon": OFFICE}, "cutoff": "17:00"}}}, "organisations parks", "cutoff"),
        ({"days_off": {"2024-12-24": "13:00-17"}}, "days_off", "write hours as 13:00-17:30"),
        ({"days_off": {"2024-12-24": {"hours": "afternoon"}}}, "days_off", "write hours as 13:00-17:30"),
        ({"days_off": {"2024-12-24": {"as": "fri"}}}, "days_off", "2024-12-24: no such setting: as"),
        ({"days_off": {"2024-12-24": 5}}, "days_off", "write hours as 13:00-17:30"),
        ({"days_off": {"2024-12-24": "下午放假"}}, "days_off", "for half a day write its hours"),
        ({"make_up_days": {"2024-12-07": {"as": "fri", "note": "half day"}}}, "make_up_days", "write its hours"),
        ({"make_up_days": {"2024-12-07": {"as": "fri", "shift": []}}}, "make_up_days", "no such setting: shift"),
        ({"cut_off": "08:00"}, "hours", "must come after the first shift"),
        ({"cut_off": "noon"}, "hours_cut_off", "a time of day, such as 17:00"),
        ({"organisations": {"ghost": {"hours": {"mon": OFFICE}}}}, "organisations", "no organisation ghost"),
        ({"organisations": {"parks": {"mon": OFFICE}}}, "organisations parks", "must say `hours:"),
        ({"organisations": ["parks"]}, "organisations", "key: value"),
        ({"days_off": {"2024-02-30": "x"}}, "days_off", "2024-02-30 is no date"),
        ({"make_up_days": {"2024-02-03": {"as": "someday"}}}, "make_up_days", "2024-02-03: `as` must be a weekday"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, told: dict[str, Any], column: str, said: str) -> None:
    calendar, faults = read(tmp_path, TOLD | told)
    assert calendar is None
    assert [found for found, _ in faults] == [column]
    assert said in faults[0][1]


def test_the_example_has_one() -> None:
    """Its cleaners work when its office is closed, and its office on the make-up Saturday before the festival."""
    calendar = load_region(data_folder("regions") / "example").calendar
    assert calendar is not None
    friday = at("2026-02-13 17:00")
    assert due_at(friday, "4wh", calendar) == at("2026-02-14 14:30")
    assert due_at(friday, "4wh", calendar, "sanitation") == at("2026-02-14 07:00")
    assert due_at(at("2026-06-12 10:00"), "sd", calendar) == at("2026-06-13 17:30")


def at(told: str) -> int:
    """`2026-02-13 17:00` on the wall of the street."""
    return int(datetime.fromisoformat(told).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
