"""The hours of a calendar as people read them: a sample week of everybody and of each organisation, and odd days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from grid36.files.region.files import RegionFaults
from grid36.files.region.load import read_region
from rules.time.workdays import workdays
from schemas.calendar import MIDNIGHT, DayOff, DaysEnd, From, Hours, MakeUpDay, WorkCalendar, minutes_of_day
from schemas.names import Name
from schemas.region import Region

_DAYS: Final = tuple(zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
MOST_ODD_DAYS: Final = 3
MOST_OWN: Final = 4


def week_of(folder: Path) -> list[Name]:
    """The same of the region in `folder`, as of today there; nothing when it cannot be read."""
    region = read_region(folder, RegionFaults())
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
    return [*lines, *_odd_days(calendar, names, today)]


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


def _odd_days(calendar: WorkCalendar, names: Mapping[str, Name], today: date) -> Iterator[Name]:
    """The next days of other hours than usual: what everybody works then, and who has hours of their own."""
    days: tuple[DayOff | MakeUpDay, ...] = (*calendar.days_off, *calendar.make_up_days)
    own = [each for each in calendar.organisations if each.days or not each.on_holidays]
    odd = {each.day for each in days if each.hours} | {day.day for each in own for day in each.days}
    coming = sorted(day for day in odd if day >= today)
    worked = [(hours, dict(workdays(calendar, hours))) for hours in (calendar.hours, *own) if coming]
    for day in coming[:MOST_ODD_DAYS]:
        shown = [_of(hours, names, _shown(shifts.get(day, []))) for hours, shifts in worked]
        more = len(shown) - MOST_OWN
        shown[MOST_OWN:] = [Name(zh=f"另有 {more} 个单位", en=f"and {more} more")] if more > 0 else []
        zh, en = _DAYS[day.weekday()]
        both = Name(zh=";".join(each.zh for each in shown), en="; ".join(each.en or each.zh for each in shown))
        yield Name(zh=f"{day}(周{zh}):{both.zh}", en=f"{day} ({en}): {both.en}")
    more = len(coming) - MOST_ODD_DAYS
    if more > 0:
        yield Name(
            zh=f"另有 {more} 天时段与平日不同", en=f"and {more} more day{'' if more == 1 else 's'} of other hours"
        )


def _of(hours: Hours, names: Mapping[str, Name], shown: Name) -> Name:
    """The hours of a day with whose they are; those of everybody stand alone."""
    if hours.organisation is None:
        return shown
    name = names.get(hours.organisation, Name.same(hours.organisation))
    return Name(zh=f"{name.zh} {shown.zh}", en=f"{name.en or name.zh} {shown.en}")
