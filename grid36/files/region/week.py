"""Shows a calendar to people: a sample week of the region and of each organisation, and special days."""

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
    lines = [_line(Name.of("files.week.everybody"), calendar.hours)]
    for each in calendar.organisations:
        code = each.organisation or ""
        lines.append(_line(names.get(code, Name.same(code)), each))
    return [*lines, *_odd_days(calendar, names, today)]


def _line(name: Name, hours: Hours) -> Name:
    parts = [_of_days(numbers, shown) for numbers, shown in _alike(hours)]
    nights = zip(hours.week, (*hours.week[1:], hours.week[0]), strict=True)
    if any(a and b and len(b) > 1 and a[-1].endswith("24:00") and b[0].startswith("00:00") for a, b in nights):
        parts.append(Name.of("files.week.meets_at_midnight"))
    if hours.cut_off is not None:
        at = hours.after_cut_off
        parts.append(
            Name.of("files.week.cut_off_at", cut_off=hours.cut_off, at=at)
            if at
            else Name.of("files.week.cut_off", cut_off=hours.cut_off)
        )
    if hours.from_days_off is From.SAME_TIME:
        parts.append(Name.of("files.week.days_off_same_time"))
    if hours.working_days_end is DaysEnd.SAME_TIME:
        parts.append(Name.of("files.week.working_days_same_time"))
    if hours.on_holidays:
        parts.append(Name.of("files.week.on_holidays"))
    return Name.of("files.week.line", name=name, hours=Name.joined(";", "; ", parts))


def _alike(hours: Hours) -> Iterator[tuple[list[int], Name]]:
    """Days that follow each other with the same hours, each from 1 for Monday, and those hours."""
    for spans, numbered in groupby(enumerate(hours.week, 1), key=lambda pair: pair[1]):
        yield [number for number, _ in numbered], _shown(minutes_of_day(spans))


def _of_days(numbers: Sequence[int], hours: Name) -> Name:
    first, last = _day(numbers[0]), _day(numbers[-1])
    if len(numbers) == 1:
        return Name.of("files.week.one_day", day=first, hours=hours)
    return Name.of("files.week.days", first=first, last=last, hours=hours)


def _day(number: int) -> Name:
    return Name.of(f"files.week.day.{number}")


def _shown(minutes: Sequence[tuple[int, int]]) -> Name:
    """Times of day; what is past midnight is said so."""
    if not minutes:
        return Name.of("files.week.off")
    spans = (Name.of("files.week.span", begin=_clock(begin), end=_clock(end)) for begin, end in minutes)
    return Name.joined("、", ", ", spans)


def _clock(minute: int) -> Name:
    beyond = minute > MIDNIGHT
    time = f"{(minute - beyond * MIDNIGHT) // 60:02}:{minute % 60:02}"
    return Name.of("files.week.next_day", time=time) if beyond else Name.same(time)


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
        shown[MOST_OWN:] = [Name.of("files.week.more_organisations", more=more)] if more > 0 else []
        hours = Name.joined(";", "; ", shown)
        yield Name.of("files.week.odd_day", day=day, weekday=_day(day.isoweekday()), hours=hours)
    more = len(coming) - MOST_ODD_DAYS
    if more > 0:
        yield Name.of("files.week.more_odd_days", n=more)


def _of(hours: Hours, names: Mapping[str, Name], shown: Name) -> Name:
    """The hours of a day with whose they are; those of everybody stand alone."""
    if hours.organisation is None:
        return shown
    name = names.get(hours.organisation, Name.same(hours.organisation))
    return Name.of("files.week.of", name=name, hours=shown)
