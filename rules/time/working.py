"""Working time: when a limit is due within the shifts, and how much working time is between two moments.

Times are milliseconds UTC. Days, shifts and cut-off hours are those of the calendar's zone, also where its clocks
change: a shift lasts as long as it really lasted. A working day is a shift; one over midnight is of the day on which it
begins.

From when a limit counts: from its start, or the begin of the shift when that lies ahead; and from the first shift of
the next working day when it starts at the cut-off hour or later, or on a day that is not worked. The Nth working day
is the Nth one *after* the day it counts from, as laws count days; the same day is that day itself. Both end with the
last shift of their day. A calendar can say otherwise: `Hours.after_cut_off`, `from_days_off` and `working_days_end`.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.time.workdays import Minutes, workdays
from schemas.calendar import MIDNIGHT, DayKind, DaysEnd, From, PlainDays, WorkCalendar, minute_of, moment_of
from schemas.errors import Parked
from schemas.limit import MINUTE_MS, LimitUnit, parsed

_BLOCK = 5  # years by which a calendar is extended at once


class CalendarEndsError(Parked):
    """The working calendar does not reach so far. Add the years to `calendar.yaml` and activate the region again."""


class Working:
    """The working time of one organisation, from the first day of its calendar to the last. Pure functions.

    Every method raises `CalendarEndsError` for a moment that the calendar does not reach.
    """

    def __init__(self, calendar: WorkCalendar, organisation: str | None = None) -> None:
        self._zone = ZoneInfo(calendar.zone)
        self._hours = hours = calendar.of(organisation)
        self._with_shift = hours.working_days_end is DaysEnd.WITH_SHIFT
        self._first_shift = hours.after_cut_off is None and hours.from_days_off is From.FIRST_SHIFT
        self._from_ms = moment_of(calendar.first, 0, self._zone)
        self._begins: list[int] = []  # of spans
        self._ends: list[int] = []
        self._sums: list[int] = [0]  # working time before each span
        self._dates: list[date] = []  # of working days
        self._opens: list[int] = []
        self._cuts: list[int] = []
        self._closes: list[int] = []
        for day, minutes in workdays(calendar, hours):
            self._add(day, minutes)
        self._until_ms = max(moment_of(calendar.last, MIDNIGHT, self._zone), *self._ends[-1:])

    def _add(self, day: date, minutes: Minutes) -> None:
        moments = ((moment_of(day, a, self._zone), moment_of(day, b, self._zone)) for a, b in minutes)
        worked = [(a, b) for a, b in moments if a < b]
        if not worked:
            return
        for begin, end in worked:
            self._begins.append(begin)
            self._ends.append(end)
            self._sums.append(self._sums[-1] + end - begin)
        self._dates.append(day)
        self._opens.append(worked[0][0])
        self._cuts.append(min(moment_of(day, self._hours.cut(minutes), self._zone), worked[-1][1]))
        self._closes.append(worked[-1][1])

    def due_at(self, start_ms: int, limit: str) -> int:
        """When a limit that starts at `start_ms` is due; plain and urgent ones run at any hour."""
        amount, unit, _, ms = parsed(limit)
        if unit is LimitUnit.WORKING_HOURS:
            return self.moved(self.counts_from(start_ms), ms)
        if unit is LimitUnit.WORKING_DAYS or unit is LimitUnit.SAME_DAY:
            first, from_ms = self._counted(start_ms)
            day = first + int(amount)
            if day >= len(self._closes):
                raise CalendarEndsError
            if self._with_shift or unit is LimitUnit.SAME_DAY:
                return self._closes[day]
            same_ms = self._at(day, from_ms, self._dates[first])
            return min(max(same_ms, self._opens[day]), self._closes[day])
        return start_ms + ms

    def counts_from(self, start_ms: int) -> int:
        """From when a working limit counts that starts then: never after the cut-off of a day, never before a shift."""
        return self._counted(start_ms)[1]

    def _counted(self, start_ms: int) -> tuple[int, int]:
        """Index of the working day of a start, and the moment on it from which the start counts."""
        day = self._day(start_ms)
        opens = self._opens[day]
        if start_ms >= opens:
            return day, start_ms
        if self._first_shift:
            return day, opens
        hours = self._hours
        today = datetime.fromtimestamp(start_ms / 1000, self._zone).date()
        if day > 0 and (today == self._dates[day - 1] or start_ms < self._closes[day - 1]):
            return day, self._after_cut_off(day)
        if today == self._dates[day] or hours.from_days_off is From.FIRST_SHIFT:
            return day, opens
        return self._as_made_on(day, self._at(day, start_ms, today))

    def _as_made_on(self, day: int, at_ms: int) -> tuple[int, int]:
        """The same for a start moved to this working day at that moment, perhaps after its cut-off."""
        if at_ms < self._cuts[day]:
            return day, max(at_ms, self._opens[day])
        if day + 1 == len(self._opens):
            raise CalendarEndsError
        return day + 1, self._after_cut_off(day + 1)

    def _after_cut_off(self, day: int) -> int:
        """From when a start after the cut-off of the previous day counts."""
        if self._hours.after_cut_off is None:
            return self._opens[day]
        return max(moment_of(self._dates[day], minute_of(self._hours.after_cut_off), self._zone), self._opens[day])

    def _at(self, day: int, from_ms: int, its_day: date) -> int:
        """The moment of a working day with the same local time as the given moment on `its_day`."""
        return same_time(from_ms, self._dates[day] - its_day, self._zone)

    def _day(self, start_ms: int) -> int:
        """Index of the working day that a start belongs to."""
        day = bisect_right(self._cuts, start_ms)
        if start_ms < self._from_ms or day == len(self._cuts):
            raise CalendarEndsError
        return day

    def worked_ms(self, from_ms: int, to_ms: int) -> int:
        """Working time between two moments; negative when `to_ms` is the earlier one."""
        return self._worked(to_ms) - self._worked(from_ms)

    def _worked(self, at_ms: int) -> int:
        """Working time from the calendar's first moment."""
        if not self._from_ms <= at_ms <= self._until_ms:
            raise CalendarEndsError
        span = bisect_right(self._begins, at_ms) - 1
        return 0 if span < 0 else self._sums[span] + min(at_ms, self._ends[span]) - self._begins[span]

    def moved(self, at_ms: int, by_ms: int) -> int:
        """The earliest moment with `by_ms` worked since `at_ms` (negative: before it): the inverse of `worked_ms`."""
        worked = self._worked(at_ms) + by_ms
        span = bisect_left(self._sums, worked) - 1
        if by_ms == 0:
            return at_ms
        if span >= len(self._ends) or worked <= 0:
            raise CalendarEndsError
        return self._begins[span] + worked - self._sums[span]

    def in_shift(self, at_ms: int) -> int:
        """`at_ms` when it is in a shift, else the beginning of the next one."""
        span = bisect_right(self._begins, at_ms) - 1
        if at_ms < self._from_ms or (span + 1 == len(self._begins) and at_ms >= self._ends[span]):
            raise CalendarEndsError
        return at_ms if span >= 0 and at_ms < self._ends[span] else self._begins[span + 1]


@lru_cache(256)
def working(calendar: WorkCalendar, organisation: str | None = None) -> Working:
    """The working time of an organisation, cached; the region's own if it has no hours of its own."""
    if organisation is not None and calendar.of(organisation) is calendar.hours:
        return working(calendar)
    return Working(calendar, organisation)


def due_at(start_ms: int, limit: str, calendar: WorkCalendar | None, organisation: str | None = None) -> int:
    """When a limit is due (ms UTC). Without a calendar everybody works round the clock.

    Beyond the end of the calendar this and the following use its week alone, so that no report is lost; the
    region check warns in time.
    """
    length = parsed(limit)
    if calendar is None or not length.working:
        if length.unit is LimitUnit.DAYS and calendar is not None and calendar.plain_days is PlainDays.SAME_TIME:
            return same_time(start_ms, timedelta(days=length.amount), ZoneInfo(calendar.zone))
        return start_ms + length.ms
    try:
        return working(calendar, organisation).due_at(start_ms, limit)
    except CalendarEndsError:
        return working(_extended(calendar, start_ms), organisation).due_at(start_ms, limit)


def worked_ms(from_ms: int, to_ms: int, calendar: WorkCalendar | None, organisation: str | None = None) -> int:
    """Working time between two moments, negative when `to_ms` is the earlier one; all of it without a calendar."""
    if calendar is None:
        return to_ms - from_ms
    try:
        return working(calendar, organisation).worked_ms(from_ms, to_ms)
    except CalendarEndsError:
        return working(_extended(calendar, from_ms, to_ms), organisation).worked_ms(from_ms, to_ms)


def moved(at_ms: int, by_ms: int, calendar: WorkCalendar | None, organisation: str | None = None) -> int:
    """The earliest moment with this much work since `at_ms`; plain time without a calendar."""
    if calendar is None:
        return at_ms + by_ms
    try:
        return working(calendar, organisation).moved(at_ms, by_ms)
    except CalendarEndsError:
        return working(_extended(calendar, at_ms), organisation).moved(at_ms, by_ms)


def in_shift(at_ms: int, calendar: WorkCalendar | None, organisation: str | None = None) -> int:
    """`at_ms`, or the beginning of the next shift when nobody works then."""
    if calendar is None:
        return at_ms
    try:
        return working(calendar, organisation).in_shift(at_ms)
    except CalendarEndsError:
        return working(_extended(calendar, at_ms), organisation).in_shift(at_ms)


def day_kind(day: date, calendar: WorkCalendar | None) -> DayKind:
    """The kind of a day in the region's zone, by its own hours; without a calendar every day is a working day."""
    if calendar is None:
        return DayKind.WORKDAY
    named = _named_days(calendar).get(day)
    if named is not None:
        return named
    return DayKind.WORKDAY if calendar.hours.week[day.weekday()] else DayKind.WEEKEND


@lru_cache(64)
def _named_days(calendar: WorkCalendar) -> dict[date, DayKind]:
    off = {each.day: DayKind.HOLIDAY for each in calendar.days_off if not each.hours}
    return off | {each.day: DayKind.MAKE_UP for each in calendar.make_up_days}


def _extended(calendar: WorkCalendar, *moments: int) -> WorkCalendar:
    """The calendar extended by its weeks, without holidays, to moments that it does not reach."""
    years = [datetime.fromtimestamp(moment / 1000, UTC).year // _BLOCK * _BLOCK for moment in moments]
    return _reaching(calendar, min(years), max(years))


@lru_cache(64)
def _reaching(calendar: WorkCalendar, first_year: int, last_year: int) -> WorkCalendar:
    first, last = date(first_year - _BLOCK, 1, 1), date(last_year + 3 * _BLOCK, 12, 31)
    reach = {"first": min(first, calendar.first), "last": max(last, calendar.last)}
    return calendar.model_copy(update=reach)


def same_time(at_ms: int, days: timedelta, zone: ZoneInfo) -> int:
    """This many days later at the same local time, to the millisecond; if clocks skip it, the moment they jump."""
    local = datetime.fromtimestamp(at_ms / 1000, zone).replace(tzinfo=None)
    midnight = datetime.combine(local.date(), time.min)
    return moment_of(local.date() + days, int((local - midnight) / timedelta(minutes=1)), zone) + at_ms % MINUTE_MS
