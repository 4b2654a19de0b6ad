"""The working days of one organisation: the minutes in which somebody works.

Minutes count from the midnight at which a working day begins. A shift over midnight belongs to the day on which it
begins, even if it is written as two spans that meet there: a working day is a shift.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from schemas.calendar import MIDNIGHT, Hours, MakeUpDay, WorkCalendar, minutes_of_day

Minutes = list[tuple[int, int]]
_ONE_DAY = timedelta(days=1)


def workdays(calendar: WorkCalendar, hours: Hours) -> list[tuple[date, Minutes]]:
    """Each working day with its shifts, in order, without overlaps.

    Of the day before the calendar begins, only the part after midnight.
    """
    days = [(day, list(minutes)) for day, minutes in _as_written(calendar, hours)]
    for (day, minutes), (following, next_minutes) in pairwise(days):
        if following - day == _ONE_DAY:
            _join(minutes, next_minutes)
    before, minutes = days[0]
    days[0] = before, [(max(begin, MIDNIGHT), end) for begin, end in minutes if end > MIDNIGHT]
    return [(day, minutes) for day, minutes in days if minutes and day <= calendar.last]


def _join(today: Minutes, tomorrow: Minutes) -> None:
    """Join a shift that meets midnight from both sides; minutes in two days count once."""
    if _begins_after_midnight(today) and _ends_before_midnight(tomorrow):
        while tomorrow and tomorrow[0][0] + MIDNIGHT == today[-1][1]:
            begin, end = tomorrow.pop(0)
            today.append((begin + MIDNIGHT, end + MIDNIGHT))
    until = today[-1][1] - MIDNIGHT if today else 0
    tomorrow[:] = [(max(begin, until), end) for begin, end in tomorrow if end > until]


def _begins_after_midnight(minutes: Minutes) -> bool:
    """Whether the last shift ends at midnight and began after the midnight before."""
    if not minutes or minutes[-1][1] != MIDNIGHT:
        return False
    begin = MIDNIGHT
    for since, until in reversed(minutes):
        if until != begin:
            break
        begin = since
    return begin > 0


def _ends_before_midnight(minutes: Minutes) -> bool:
    """Whether the first shift begins at midnight and is over before the next one."""
    end = 0
    for since, until in minutes:
        if since != end:
            break
        end = until
    return 0 < end < MIDNIGHT


def _as_written(calendar: WorkCalendar, hours: Hours) -> Iterator[tuple[date, Minutes]]:
    """Every day from the one before the calendar begins to the one after it ends, as the calendar defines it."""
    week = [minutes_of_day(spans) for spans in hours.week]
    special = {} if hours.on_holidays else _special(calendar, hours, week)
    special |= {each.day: minutes_of_day(each.hours) for each in hours.days}
    day, last = calendar.first - _ONE_DAY, calendar.last + _ONE_DAY
    while day <= last:
        yield day, special.get(day, week[day.weekday()])
        day += _ONE_DAY


def _special(calendar: WorkCalendar, hours: Hours, week: list[Minutes]) -> dict[date, Minutes]:
    """Make-up days, and days off with their remaining shifts."""
    found = {each.day: _made_up(each, hours, week) for each in calendar.make_up_days}
    for off in calendar.days_off:
        worked = found.get(off.day, week[off.day.weekday()])
        found[off.day] = without(worked, minutes_of_day(off.hours)) if off.hours else []
    return found


def _made_up(day: MakeUpDay, hours: Hours, week: list[Minutes]) -> Minutes:
    meant = day.hours and (day.for_all or hours.organisation is None)
    return minutes_of_day(day.hours) if meant else week[day.as_weekday - 1]


def without(minutes: Minutes, off: Minutes) -> Minutes:
    """The shifts of a day minus these spans."""
    left = list(minutes)
    for begin, end in off:
        parts = [part for a, b in left for part in ((a, min(b, begin)), (max(a, end), b))]
        left = [(a, b) for a, b in parts if a < b]
    return left
