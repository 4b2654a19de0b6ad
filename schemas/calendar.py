"""A working calendar: the shifts of a region's organisations, its holidays and its make-up workdays 调休, all as data.

Times of day are local to `zone`. Nothing here depends on the release of a holiday library: the days are listed.
Minutes of a working day count from the midnight at which it begins; a shift over midnight goes on beyond 24 * 60.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Final, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from schemas.mistake import mistake, names_listed
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Name
from schemas.people import Code

MOST_YEARS: Final = 60
MIDNIGHT: Final = 24 * 60
LONGEST_NIGHT: Final = 16 * 60
"""Longest span over midnight in minutes; in a longer one somebody probably swapped the ends."""
_ONE_MINUTE: Final = timedelta(minutes=1)

TIME_PATTERN: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
TimeOfDay = Annotated[str, StringConstraints(pattern=TIME_PATTERN)]
"""`08:30`; `24:00` is the end of the day."""

SPAN_PATTERN: Final = r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"
Span = Annotated[str, StringConstraints(pattern=SPAN_PATTERN)]
"""`08:30-12:00`: from the first, until before the second. `22:00-06:00` ends on the next day."""

Week = tuple[
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
]
"""The shifts of each weekday, Monday first; what lies between two spans of a day is a break.

A shift over midnight belongs to the day on which it begins; the spans that follow it are of its second day.
"""


def minute_of(time: str) -> int:
    """Minutes since local midnight; raises `ValueError` when it is not a time of day."""
    hours, minutes = int(time[:2]), int(time[3:])
    if minutes > 59 or hours * 60 + minutes > MIDNIGHT:
        raise mistake("mistakes.no_time", time=time)
    return hours * 60 + minutes


def minutes_of(span: str) -> tuple[int, int]:
    """First minute of a span and the one it ends before, both of one day."""
    return minute_of(span[:5]), minute_of(span[6:])


def minutes_of_day(spans: Sequence[str]) -> list[tuple[int, int]]:
    """First minute of each span of a day and the one it ends before; raises `ValueError` when they overlap.

    A span that begins before the previous one has ended belongs to the next day, and is allowed only after midnight.
    """
    found: list[tuple[int, int]] = []
    for span in spans:
        begin, end = minutes_of(span)
        last = found[-1][1] if found else 0
        if begin < last and last >= MIDNIGHT:
            begin, end = begin + MIDNIGHT, end + MIDNIGHT
        if begin == end:
            raise mistake("mistakes.span_empty", span=span)
        end += MIDNIGHT if end < begin else 0
        if end - begin > LONGEST_NIGHT and end > MIDNIGHT:
            raise mistake("mistakes.span_overnight", span=span, end=span[6:], begin=span[:5])
        if begin < last or end > 2 * MIDNIGHT:
            raise mistake("mistakes.spans_overlap", spans=names_listed(spans))
        found.append((begin, end))
    return found


def moment_of(day: date, minute: int, zone: ZoneInfo) -> int:
    """When the clocks of a zone first show this minute of a day, ms UTC; where they skip it, the moment they jump."""
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001  # what the clock shows
    skipped = 0
    while (moment := local.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != local:
        local, skipped = local - _ONE_MINUTE, 1
    return int(moment.timestamp() + 60 * skipped) * 1000


class From(ChoiceEnum):
    """From when a limit counts that starts on a day off."""

    FIRST_SHIFT = "first_shift"  # of the next working day
    SAME_TIME = "same_time"  # as if it had come on the next working day at the same time


class DaysEnd(ChoiceEnum):
    """When the last one of some days is over."""

    WITH_SHIFT = "with_shift"
    SAME_TIME = "same_time"  # at the time of day at which they began


class PlainDays(ChoiceEnum):
    """How long a plain day is when clocks change."""

    HOURS = "24_hours"
    SAME_TIME = "same_time"


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    minutes_of_day(spans)
    return spans


Spans = Annotated[tuple[Span, ...], AfterValidator(_in_order)]
"""Hours of one day, in order."""


class Day(FileModel):
    """A day that differs from its weekday."""

    day: date


AnyDay = TypeVar("AnyDay", bound=Day)


class OwnDay(Day):
    """A day with hours of its own, whatever day it is; without hours it is a day off."""

    hours: Spans = ()


def _sorted(days: tuple[AnyDay, ...]) -> tuple[AnyDay, ...]:
    """By date; raises `ValueError` when a date appears twice."""
    ordered = sorted(days, key=lambda each: each.day)
    for a, b in pairwise(ordered):
        if a.day == b.day:
            raise mistake("mistakes.day_twice", day=a.day)
    return tuple(ordered)


class Hours(FileModel):
    """When people work: the region's own hours, or those of one of its organisations."""

    organisation: Code | None = None
    week: Week
    cut_off: TimeOfDay | None = None
    """Reports from this time on count from the next working day; None: from the end of the last shift."""
    after_cut_off: TimeOfDay | None = None
    """At which time of the next working day those after the cut-off begin to count; None: at its first shift."""
    from_days_off: From = From.FIRST_SHIFT
    working_days_end: DaysEnd = DaysEnd.WITH_SHIFT
    on_holidays: bool = False
    """Its week applies on holidays and make-up days too (street cleaning, water supply)."""
    days: Annotated[tuple[OwnDay, ...], AfterValidator(_sorted)] = ()
    """Single days with hours of their own."""

    @field_validator("week")
    @classmethod
    def _in_order(cls, week: Week) -> Week:
        for spans in week:
            minutes_of_day(spans)
        for today, tomorrow in zip(week, (*week[1:], week[0]), strict=True):
            if today and tomorrow and minutes_of_day(today)[-1][1] - MIDNIGHT > minutes_of_day(tomorrow)[0][0]:
                raise mistake("mistakes.shifts_overlap", shift=today[-1], next=tomorrow[0])
        if not any(week):
            raise mistake("mistakes.no_working_time")
        return week

    @model_validator(mode="after")
    def _cut_within(self) -> Self:
        if self.cut_off is not None and any(
            minutes and self.cut(minutes) <= minutes[0][0] for minutes in map(minutes_of_day, self.week)
        ):
            raise mistake("mistakes.cut_off_early", cut_off=self.cut_off)
        days = [minutes for minutes in map(minutes_of_day, self.week) if minutes]
        if self.after_cut_off is not None and any(minute_of(self.after_cut_off) >= self.cut(day) for day in days):
            raise mistake("mistakes.after_cut_off_late", after_cut_off=self.after_cut_off)
        return self

    def cut(self, minutes: Sequence[tuple[int, int]]) -> int:
        """Minute of the cut-off on a day with these shifts, no later than their end."""
        begin, end = minutes[0][0], minutes[-1][1]
        if self.cut_off is None:
            return end
        cut = minute_of(self.cut_off)
        return min(cut + (MIDNIGHT if cut <= begin and cut + MIDNIGHT <= end else 0), end)


class DayOff(Day):
    """A day on which only those who work on holidays work."""

    name: Name
    hours: Spans = ()
    """Off only in these hours; none: the whole day."""


class MakeUpDay(Day):
    """A day of a weekend that is worked 调休, by the shifts of a weekday (1 is Monday)."""

    as_weekday: Annotated[int, Field(ge=1, le=7)] = 1
    hours: Spans = ()
    """Worked only in these hours; none: the shifts of that weekday."""
    for_all: bool = True
    """Whether `hours` also apply to organisations with hours of their own; else these work as on that weekday."""
    note: Name | None = None


class DayKind(ChoiceEnum):
    """What a day is by the region's own hours, as tables ask for it (`day_kind`)."""

    WORKDAY = "workday"
    WEEKEND = "weekend"  # nobody works on this weekday
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # 调休


class ShiftKind(ChoiceEnum):
    """Whether the region's own hours have a shift at a moment, as tables ask for it (`shift`)."""

    ON = "on"
    OFF = "off"


class WorkCalendar(FileModel):
    """The working days of a region from `first` to `last`, both included."""

    zone: str = Field(min_length=1)
    """IANA time zone of all times of day."""
    first: date
    last: date
    days_off: Annotated[tuple[DayOff, ...], AfterValidator(_sorted)] = ()
    make_up_days: Annotated[tuple[MakeUpDay, ...], AfterValidator(_sorted)] = ()
    unannounced: tuple[int, ...] = ()
    """Years whose make-up workdays were not announced yet when this was made."""
    plain_days: PlainDays = PlainDays.HOURS
    hours: Hours
    """The hours of every organisation that `organisations` does not name."""
    organisations: tuple[Hours, ...] = ()

    def __hash__(self) -> int:
        """Cheap, because calendars are looked up by it a hundred thousand times a second."""
        return hash((self.zone, self.first, self.last, len(self.days_off)))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not timedelta(0) <= self.last - self.first <= timedelta(days=366 * MOST_YEARS):
            raise mistake("mistakes.calendar_length", most=MOST_YEARS)
        both = {each.day for each in self.days_off if not each.hours} & {each.day for each in self.make_up_days}
        if both:
            raise mistake("mistakes.both_off_and_worked", day=min(both))
        if self.hours.organisation is not None:
            raise mistake("mistakes.hours_of_all")
        codes = [each.organisation for each in self.organisations]
        if None in codes or len(set(codes)) < len(codes):
            raise mistake("mistakes.organisation_hours")
        return self

    def of(self, organisation: str | None) -> Hours:
        """The hours of an organisation; the region's own where it has none."""
        return next((each for each in self.organisations if each.organisation == organisation), self.hours)
