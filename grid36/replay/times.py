"""Times as files write them: an instant, or only the day. Pure.

A day without an hour is a day, however it is written. As an instant it stands for all of its day: an opening for its
beginning, anything later for its end, so that facts of one day keep their order. No duration is made of it.
"""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from grid36.replay.cells import joined
from grid36.replay.columns import TimeColumn, is_of_days
from grid36.replay.reasons import Unusable

_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_MOST: Final = 40
_DIRECTIVES_OF_HOURS: Final = ("%H", "%I", "%M", "%S", "%p", "%f", "%X", "%z", "%Z", "%T", "%R", "%r")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: milliseconds since the epoch, from `first_ms` to `last_ms`; equal unless it is a day.

    `again_ms` is the second instant that clocks show so, at the end of summer time.
    """

    first_ms: int
    last_ms: int
    again_ms: int
    text: str

    @property
    def by_day(self) -> bool:
        """Only the day is known."""
        return self.first_ms != self.last_ms


TimeReader = Callable[[Cells[str, str]], Moment | None]


def time_reader(named: TimeColumn, *, days: bool = False) -> TimeReader:
    """A function from cells to the moment, None where they are empty; raises `Unusable`.

    `days`: its hours mean nothing, as every time of the file is midnight.
    """
    zone = ZoneInfo(named.zone) if named.zone else None
    forms = [(form, is_of_days(form)) for form in named.formats]
    if len(named.columns) > 1:
        forms += [(day, True) for form, of_days in forms if not of_days and (day := _day_of(form))]

    def read(cells: Cells[str, str]) -> Moment | None:
        text = joined(cells, named.columns)
        if not text:
            return None
        when, by_day = _parsed(named, forms, text)
        if when.tzinfo is None:
            if zone is None:
                raise Unusable(named.column, "no_offset", text=text[:_MOST])
            when = when.replace(tzinfo=zone)
        return _moment(named.column, when, text, by_day=by_day or days)

    return read


def _day_of(form: str) -> str:
    """The part of a format that says the day, for a row whose hour is missing; empty where it is not in front."""
    cut = min((at for name in _DIRECTIVES_OF_HOURS if (at := form.find(name)) >= 0), default=len(form))
    day = form[:cut].rstrip(" ,-:Tt")
    return (
        day if all(any(name in day for name in names) for names in (("%Y", "%y"), ("%m", "%b", "%B"), ("%d",))) else ""
    )


def _parsed(named: TimeColumn, forms: Sequence[tuple[str, bool]], text: str) -> tuple[datetime, bool]:
    for form, of_days in forms:
        try:
            return datetime.strptime(text, form), of_days  # noqa: DTZ007 - the zone comes next
        except ValueError:
            continue
    if not forms:
        try:
            return datetime.combine(date.fromisoformat(text), time()), True
        except ValueError:
            pass
        try:
            return datetime.fromisoformat(text), False
        except ValueError:
            pass
    raise Unusable(named.column, "no_time", text=text[:_MOST], form=" / ".join(named.formats) or "ISO 8601")


def _moment(column: str, when: datetime, text: str, *, by_day: bool) -> Moment:
    text = text[:_MOST]
    if not by_day:
        first = _ms(column, when)
        return Moment(first, first, _ms(column, when.replace(fold=1)), text)
    begin = datetime.combine(when.date(), time(), when.tzinfo)
    end = datetime.combine(when.date() + timedelta(days=1), time(), when.tzinfo)
    first, last = _ms(column, begin), _ms(column, end) - 1
    return Moment(first, last, last, text)


def _ms(column: str, when: datetime) -> int:
    if not _EARLIEST <= when < _LATEST:
        raise Unusable(column, "year", year=when.year)
    return (when - _EPOCH) // _MS
