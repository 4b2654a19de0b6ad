"""The hours of a calendar as people read them: a sample week of everybody and of each organisation, and odd days."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from grid36.region_files import Faults
from grid36.region_load import read_region
from rules.workdays import workdays
from schemas.calendar import MIDNIGHT, DayOff, DaysEnd, From, Hours, MakeUpDay, WorkCalendar, minutes_of_day
from schemas.names import Name
from schemas.region import Region

_DAYS: Final = tuple(zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
MOST_ODD_DAYS: Final = 3


def week_of(folder: Path) -> list[Name]:
    """The same of the region in `folder`, as of today there; nothing when it cannot be read."""
    region = read_region(folder, Faults())
    return [] if region is None else sample_week(region, datetime.now(ZoneInfo(region.zone)).date())


def sample_week(region: Region, today: date) -> list[Name]:
    """One line for everybody and for each organisation with hours of its own, then the next days of other hours."""
    calendar = region.calendar
    if calendar is None:
        return []
    names = {each.code: each.name for each in region.organisations}
    lines = [_line(Name(zh="全体", en="everybody"), calendar.hours)]
    for each in calendar.organisations:
        code = each.organisation or ""
        lines.append(_line(names.get(code, Name.same(code)), each))
    return [*lines, *_odd_days(calendar, today)]


def _line(name: Name, hours: Hours) -> Name:
    zh, en = [], []
    for spans, numbered in groupby(enumerate(hours.week), key=lambda pair: pair[1]):
        numbers = [number for number, _ in numbered]
        first, last = _DAYS[numbers[0]], _DAYS[numbers[-1]]
        shown = _shown(minutes_of_day(spans))
        zh.append(f"周{first[0]}{'' if first == last else f'至周{last[0]}'} {shown.zh}")
        en.append(f"{first[1]}{'' if first == last else f'-{last[1]}'} {shown.en}")
    nights = zip(hours.week, (*hours.week[1:], hours.week[0]), strict=True)
    if any(a and b and len(b) > 1 and a[-1].endswith("24:00") and b[0].startswith("00:00") for a, b in nights):
        zh.append("零点相接的为同一班次")
        en.append("what meets at midnight is one shift, of the day on which it begins")
    if hours.cut_off is not None:
        at = hours.after_cut_off
        zh.append(f"{hours.cut_off} 起算次日" + (f" {at}" if at else ""))
        en.append(f"from {hours.cut_off} on it counts as the next working day" + (f" at {at}" if at else ""))
    if hours.from_days_off is From.SAME_TIME:
        zh.append("休息日上报按下一工作日同一时刻起算")
        en.append("reports of days off count from the same time of the next working day")
    if hours.working_days_end is DaysEnd.SAME_TIME:
        zh.append("工作日期限在同一时刻届满")
        en.append("working days end at the same time of day")
    if hours.on_holidays:
        zh.append("节假日照常")
        en.append("also on holidays")
    return Name(zh=f"{name.zh}:{';'.join(zh)}", en=f"{name.en or name.zh}: {'; '.join(en)}")


def _shown(minutes: Sequence[tuple[int, int]]) -> Name:
    """Times of day; what is past midnight is said so."""
    if not minutes:
        return Name(zh="休息", en="off")
    return Name(
        zh="、".join(f"{_clock(a, '次日')}-{_clock(b, '次日')}" for a, b in minutes),
        en=", ".join(f"{_clock(a, 'next day ')}-{_clock(b, 'next day ')}" for a, b in minutes),
    )


def _clock(minute: int, next_day: str) -> str:
    beyond = minute > MIDNIGHT
    return f"{next_day if beyond else ''}{(minute - beyond * MIDNIGHT) // 60:02}:{minute % 60:02}"


def _odd_days(calendar: WorkCalendar, today: date) -> Iterator[Name]:
    """The next days of which only some hours are worked or off, with what everybody works then."""
    days: tuple[DayOff | MakeUpDay, ...] = (*calendar.days_off, *calendar.make_up_days)
    odd = {each.day for each in days if each.hours and each.day >= today}
    if not odd:
        return
    worked = dict(workdays(calendar, calendar.hours))
    for day in sorted(odd)[:MOST_ODD_DAYS]:
        shown, (zh, en) = _shown(worked.get(day, [])), _DAYS[day.weekday()]
        yield Name(zh=f"{day}(周{zh}):{shown.zh}", en=f"{day} ({en}): {shown.en}")
    more = len(odd) - MOST_ODD_DAYS
    if more > 0:
        yield Name(zh=f"另有 {more} 个半天", en=f"and {more} more day{'' if more == 1 else 's'} of other hours")
