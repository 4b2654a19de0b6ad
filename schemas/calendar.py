"""A working calendar: the shifts of a region's organisations, its holidays and its make-up workdays 调休, all as data.

Times of day are local to `zone`. Nothing here depends on the release of a holiday library: the days are listed.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.names import Name
from schemas.people import Code
from schemas.value import Choice, Sheet

MOST_YEARS: Final = 60
_ONE_MINUTE: Final = timedelta(minutes=1)

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""`08:30`; `24:00` is the end of the day."""

Span = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$")]
"""`08:30-12:00`: from the first, until before the second. A shift over midnight is two spans of two days."""

Week = tuple[
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
    tuple[Span, ...],
]
"""The shifts of each weekday, Monday first; what lies between two spans of a day is a break."""


def minute_of(time: str) -> int:
    """Minutes since local midnight; raises `ValueError` for what is no time of day."""
    hours, minutes = int(time[:2]), int(time[3:])
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(f"{time!r} is no time of day")
    return hours * 60 + minutes


def minutes_of(span: str) -> tuple[int, int]:
    """First minute of a span and the one it ends before."""
    return minute_of(span[:5]), minute_of(span[6:])


def moment_of(day: date, minute: int, zone: ZoneInfo) -> int:
    """When the clocks of a zone first show this minute of a day, ms UTC; where they skip it, the moment they jump."""
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001  # what the clock shows
    skipped = 0
    while (moment := local.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != local:
        local, skipped = local - _ONE_MINUTE, 1
    return int(moment.timestamp() + 60 * skipped) * 1000


class Hours(Sheet):
    """When people work: the region's own hours, or those of one of its organisations."""

    organisation: Code | None = None
    week: Week
    cut_off: TimeOfDay | None = None
    """What comes in at this time or later counts from the next working day; None: the end of the last shift."""
    on_holidays: bool = False
    """Works by its week alone, whatever day off or make-up day it is (street cleaning, water supply)."""

    @field_validator("week")
    @classmethod
    def _in_order(cls, week: Week) -> Week:
        for spans in week:
            minutes = [minute for span in spans for minute in minutes_of(span)]
            if any(a >= b for a, b in zip(minutes[::2], minutes[1::2], strict=True)) or minutes != sorted(minutes):
                raise ValueError(f"the spans {', '.join(spans)} must follow each other within one day")
        if not any(week):
            raise ValueError("nobody would ever work: name the shifts of at least one weekday")
        return week

    @model_validator(mode="after")
    def _cut_within(self) -> Self:
        if self.cut_off is not None:
            cut = minute_of(self.cut_off)
            if any(spans and cut <= minutes_of(spans[0])[0] for spans in self.week):
                raise ValueError(f"the cut-off {self.cut_off} must come after the first shift of each day begins")
        return self


class Day(Sheet):
    """A day that is not as its weekday is."""

    day: date


class DayOff(Day):
    """A day on which only those work who work on holidays."""

    name: Name


class MakeUpDay(Day):
    """A day of a weekend that is worked 调休, by the shifts of a weekday (1 is Monday)."""

    as_weekday: Annotated[int, Field(ge=1, le=7)] = 1
    note: Name | None = None


class DayKind(Choice):
    """What a day is by the region's own hours, as tables ask for it (`day_kind`)."""

    WORKDAY = "workday"
    WEEKEND = "weekend"  # nobody works on this weekday
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # 调休


class ShiftKind(Choice):
    """Whether the region's own hours have a shift at a moment, as tables ask for it (`shift`)."""

    ON = "on"
    OFF = "off"


class WorkCalendar(Sheet):
    """The working days of a region from `first` to `last`, both included."""

    zone: str = Field(min_length=1)
    """IANA time zone of all times of day."""
    first: date
    last: date
    days_off: tuple[DayOff, ...] = ()
    make_up_days: tuple[MakeUpDay, ...] = ()
    unannounced: tuple[int, ...] = ()
    """Years whose make-up workdays were not announced yet when this was made."""
    hours: Hours
    """Of every organisation that is not named among `organisations`."""
    organisations: tuple[Hours, ...] = ()

    def __hash__(self) -> int:
        """Cheap, because calendars are looked up by it a hundred thousand times a second."""
        return hash((self.zone, self.first, self.last, len(self.days_off)))

    @field_validator("days_off", "make_up_days")
    @classmethod
    def _sorted(cls, days: tuple[Day, ...]) -> tuple[Day, ...]:
        ordered = sorted(days, key=lambda each: each.day)
        for a, b in pairwise(ordered):
            if a.day == b.day:
                raise ValueError(f"{a.day} stands twice; keep one")
        return tuple(ordered)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not timedelta(0) <= self.last - self.first <= timedelta(days=366 * MOST_YEARS):
            raise ValueError(f"the calendar must end after it begins, and hold at most {MOST_YEARS} years")
        both = {each.day for each in self.days_off} & {each.day for each in self.make_up_days}
        if both:
            raise ValueError(f"{min(both)} is both a day off and a make-up day; keep one")
        if self.hours.organisation is not None:
            raise ValueError("`hours` are everybody's; hours of one organisation go among `organisations`")
        codes = [each.organisation for each in self.organisations]
        if None in codes or len(set(codes)) < len(codes):
            raise ValueError("each of `organisations` names its organisation, and none stands twice")
        return self

    def of(self, organisation: str | None) -> Hours:
        """The hours of an organisation; the region's own where it has none."""
        return next((each for each in self.organisations if each.organisation == organisation), self.hours)
