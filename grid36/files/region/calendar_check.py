"""Finds doubtful parts of a working calendar: incomplete years, and lines without the intended effect."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from grid36.files.region.staff import Found
from rules.time.workdays import Minutes, workdays
from schemas.calendar import DayOff, Hours, MakeUpDay, WorkCalendar
from schemas.names import Name


def doubted(calendar: WorkCalendar, year: int) -> Iterator[Found]:
    """What the calendar lacks for this year and the next, and lines of it that change nothing."""
    if calendar.last.year <= year:
        text = Name.of("files.calendar.ends", last=calendar.last)
        remedy = Name.of("files.calendar.ends.remedy", year=year + 1)
        yield "calendar_ends", "calendar.yaml", text, remedy
    yield from (_unannounced(calendar, each) for each in calendar.unannounced if each in {year, year + 1})
    yield from _before_midnight(calendar)
    yield from _not_worked(calendar)
    yield from _off_anyway(calendar)


def _unannounced(calendar: WorkCalendar, year: int) -> Found:
    known = sum(each.day.year == year for each in calendar.make_up_days)
    text = Name.of("files.calendar.make_up_days_doubted", year=year, known=known)
    remedy = Name.of("files.calendar.make_up_days_doubted.remedy", year=year)
    return "make_up_days_unannounced", "calendar.yaml", text, remedy


def _before_midnight(calendar: WorkCalendar) -> Iterator[Found]:
    """Hours that end at 23:59: whoever wrote this meant midnight."""
    days: list[DayOff | MakeUpDay] = [*calendar.days_off, *calendar.make_up_days]
    weekly: list[tuple[str, Iterable[str]]] = [
        (each.organisation or "hours", chain.from_iterable((*each.week, *(own.hours for own in each.days))))
        for each in (calendar.hours, *calendar.organisations)
    ]
    for where, spans in [*weekly, *((str(each.day), each.hours) for each in days)]:
        if any(span.endswith("-23:59") for span in spans):
            text = Name.of("files.calendar.ends_before_midnight")
            remedy = Name.of("files.calendar.ends_before_midnight.remedy")
            yield "ends_before_midnight", f"calendar.yaml {where}", text, remedy


def _not_worked(calendar: WorkCalendar) -> Iterator[Found]:
    """Make-up days by the shifts of a weekday on which hardly anybody has any, as Saturdays are."""
    for made_up in calendar.make_up_days:
        if made_up.hours or calendar.hours.week[made_up.as_weekday - 1]:
            continue
        weekday = Name.of(f"files.calendar.weekdays.{made_up.as_weekday}")
        text = Name.of("files.calendar.made_up_as_day_off", weekday=weekday)
        remedy = Name.of("files.calendar.made_up_as_day_off.remedy")
        yield "make_up_day_not_worked", f"calendar.yaml {made_up.day}", text, remedy


def _off_anyway(calendar: WorkCalendar) -> Iterator[Found]:
    """Hours off in which nobody would have worked."""
    parts = {each.day for each in calendar.days_off if each.hours}
    if not parts:
        return
    whole = calendar.model_copy(update={"days_off": tuple(each for each in calendar.days_off if not each.hours)})
    everybody = (calendar.hours, *calendar.organisations)
    before, after = ([_worked(each, hours) for hours in everybody] for each in (whole, calendar))
    for day in sorted(parts):
        if all(a.get(day) == b.get(day) for a, b in zip(before, after, strict=True)):
            text = Name.of("files.calendar.hours_off_anyway")
            remedy = Name.of("files.calendar.hours_off_anyway.remedy")
            yield "hours_off_anyway", f"calendar.yaml {day}", text, remedy


def _worked(calendar: WorkCalendar, hours: Hours) -> dict[date, Minutes]:
    return dict(workdays(calendar, hours))
