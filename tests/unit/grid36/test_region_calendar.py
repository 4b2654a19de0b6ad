"""`calendar.yaml`: what is written there, what the holiday library adds, and every mistake with its place."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from grid36.region_calendar import read_calendar
from grid36.region_check import calendar_problems
from grid36.region_files import Faults
from grid36.region_load import load_region
from grid36.settings import data_folder
from rules.working import due_at
from schemas.calendar import WorkCalendar
from schemas.names import Language
from schemas.region import Region
from tests.calendars import MADE_UP_2024
from tests.street import a_region

OFFICE = ["08:30-12:00", "14:00-17:30"]
TOLD: dict[str, Any] = {"years": [2024, 2024], "holidays": "CN", "hours": {"mon-fri": OFFICE}}


def read(folder: Path, told: Any) -> tuple[WorkCalendar | None, list[tuple[str | None, str]]]:
    text = told if isinstance(told, str) else yaml.safe_dump(told, allow_unicode=True)
    (folder / "calendar.yaml").write_text(text, encoding="utf-8")
    faults = Faults()
    calendar = read_calendar(folder, "Asia/Shanghai", {"parks"}, faults)
    return calendar, [(fault.column, fault.text.en or "") for fault in faults.found]


def whole(folder: Path, **told: Any) -> WorkCalendar:
    calendar, faults = read(folder, TOLD | told)
    assert faults == []
    assert calendar is not None
    return calendar


def test_without_the_file_there_is_no_calendar(tmp_path: Path) -> None:
    faults = Faults()
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
    assert (calendar.first, calendar.last, calendar.unannounced) == (date(2024, 1, 1), date(2024, 12, 31), ())


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


def test_years_without_official_make_up_days_are_known(tmp_path: Path) -> None:
    """China's make-up days are announced in the autumn before; a country that has none lacks none."""
    assert whole(tmp_path, years=[2024, 2031]).unannounced[-1] == 2031
    assert 2031 not in whole(tmp_path, years=[2024, 2031], make_up_days={"2031-02-02": None}).unannounced
    assert whole(tmp_path, years=[2024, 2031], holidays="US-NY").unannounced == ()


def warned(year: int, **calendar: Any) -> list[str]:
    content = {"zone": "Asia/Shanghai", "first": "2024-01-01", "last": "2027-12-31", "hours": {"week": [OFFICE] * 7}}
    region = Region.model_validate(a_region().model_dump() | {"calendar": content | calendar})
    return [problem.say(Language.EN) for problem in calendar_problems(region, year)]


def test_the_region_check_warns_in_time() -> None:
    """Of this year and the next; what lies further ahead nobody can know."""
    assert list(calendar_problems(a_region(), 2026)) == []
    assert warned(2026) == []
    assert ["2027 has no official make-up" in text for text in warned(2026, unannounced=[2027])] == [True]
    assert warned(2025, unannounced=[2027]) == []
    assert ["ends on 2026-12-31" in text for text in warned(2026, last="2026-12-31")] == [True]


@pytest.mark.parametrize(
    ("told", "column", "said"),
    [
        ({"colour": 1}, "colour", "no such setting"),
        ({"years": 2024}, "years", "[first year, last year]"),
        ({"years": [2027, 2024]}, "years", "[first year, last year]"),
        ({"holidays": "XX"}, "holidays", "no holidays are known for XX"),
        ({"holidays": "CN-ZZ"}, "holidays", "no holidays are known for CN-ZZ"),
        ({"hours": {"mo-fri": OFFICE}}, "hours", "mo-fri: name weekdays"),
        ({"hours": {"fri-mon": OFFICE}}, "hours", "fri-mon: name weekdays"),
        ({"hours": {"mon": "08:30-12:00"}}, "hours", "mon: name weekdays"),
        ({"hours": None}, "hours", "must say `hours:"),
        ({"hours": {"mon": ["12:00-08:30"]}}, "hours_week", "must follow each other"),
        ({"cut_off": "08:00"}, "hours", "must come after the first shift"),
        ({"cut_off": "noon"}, "hours_cut_off", "pattern"),
        ({"organisations": {"ghost": {"hours": {"mon": OFFICE}}}}, "organisations", "no organisation ghost"),
        ({"organisations": {"parks": {"mon": OFFICE}}}, "organisations parks", "must say `hours:"),
        ({"organisations": ["parks"]}, "organisations", "key: value"),
        ({"days_off": {"2024-02-30": "x"}}, "days_off", "2024-02-30 is no date"),
        ({"make_up_days": {"2024-02-03": {"as": "someday"}}}, "make_up_days_as_weekday", "greater than"),
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
