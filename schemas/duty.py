"""A duty 值守: one person at one place in a window of the week, done or not done (the school run of a lane patrol)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from schemas.calendar import Span, WorkCalendar, minutes_of, minutes_of_day, moment_of
from schemas.command import Act
from schemas.mistake import mistake
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Name
from schemas.people import Id

DOOR: Final = "duties"
"""The internal door of reports that make a duty due; people cannot send to it."""
PREFIX: Final = "duty/"
ACTS: Final = frozenset(
    {Act.ACKNOWLEDGE, Act.CONTACT, Act.RESOLVE, Act.HAND_ON, Act.ASSIGN, Act.ASK, Act.ANSWER, Act.URGE, Act.ERASE}
)
"""The acts that a duty allows."""
_ONE_DAY: Final = timedelta(days=1)


class Weekday(ChoiceEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_WEEK: Final = tuple(Weekday)


class Occurrence(NamedTuple):
    """One occurrence of a duty: its window in ms UTC."""

    duty: str
    day: date
    begin_ms: int
    end_ms: int

    @property
    def report(self) -> str:
        """The id of the report that makes it due: always the same."""
        return f"{PREFIX}{self.duty}/{self.day}"


class Duty(FileModel):
    """Who is where in which hours of which weekdays, local to the region."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    name: Name
    place: Annotated[str, Field(min_length=1, max_length=60)]
    """Code of a segment, a unit or a grid."""
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = _WEEK[:5]
    window: Span
    """`07:20-08:10`, within one day."""
    person: Id
    category: str | None = None
    """Its category; the default one when not named."""
    workdays_only: bool = False
    """Skipped on holidays; on make-up workdays as on the weekday they replace."""

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        begin, end = minutes_of(self.window)
        if begin >= end:
            raise mistake("mistakes.duty_window", window=self.window)
        return self

    def falls_on(self, day: date, calendar: WorkCalendar | None) -> bool:
        """Whether it is due on a day; without a calendar, by the weekday alone.

        On a half day off it is due unless its whole window is off; on a make-up day with hours, only within them.
        """
        weekday = day.isoweekday()
        if self.workdays_only and calendar is not None:
            off = next((each for each in calendar.days_off if each.day == day), None)
            if off is not None and (not off.hours or self._within(off.hours)):
                return False
            made_up = next((each for each in calendar.make_up_days if each.day == day), None)
            if made_up is not None:
                if made_up.hours and not self._within(made_up.hours):
                    return False
                weekday = made_up.as_weekday
        return _WEEK[weekday - 1] in self.weekdays

    def _within(self, hours: Sequence[str]) -> bool:
        begin, end = minutes_of(self.window)
        return any(since <= begin and end <= until for since, until in minutes_of_day(hours))

    def on(self, day: date, zone: ZoneInfo) -> Occurrence:
        """Its window on a day. Where the clocks skip an hour, it begins or ends when they jump."""
        begin, end = minutes_of(self.window)
        return Occurrence(self.id, day, moment_of(day, begin, zone), moment_of(day, end, zone))

    def begun(
        self, after_ms: int, until_ms: int, zone: ZoneInfo, calendar: WorkCalendar | None
    ) -> Iterator[Occurrence]:
        """Every occurrence that began after `after_ms` and not after `until_ms`, in order."""
        day = _local(after_ms, zone)
        while day <= _local(until_ms, zone):
            if self.falls_on(day, calendar):
                due = self.on(day, zone)
                if after_ms < due.begin_ms <= until_ms and due.begin_ms < due.end_ms:
                    yield due
            day += _ONE_DAY


def _local(at_ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at_ms / 1000, zone).date()
