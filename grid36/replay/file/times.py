"""Parses times as files write them: an instant, or only the day. Pure.

A day without an hour is a day, however it is written. As an instant it stands for all of its day: an opening for its
beginning, anything later for its end, so that facts of one day keep their order. No duration is made of it.
"""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from grid36.replay.file.cells import joined
from grid36.replay.file.columns import COUNTED, TimeColumn
from grid36.replay.file.reasons import UnusableValue
from schemas.time_forms import is_of_days

LAST_YEAR: Final = 2199
_FIRST_YEAR: Final = 1900
_HOURS: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
"""How an hour in a column of its own is read where no format is named."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_MOST: Final = 40
_NUMBER: Final = re.compile(r"\d{1,16}(?:\.\d{1,16})?", re.ASCII)
_DIGITS: Final = re.compile(r"(?:19|20)\d{12}", re.ASCII)
_EXCEL: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - by the clocks of the file
_LAST_EXCEL: Final = 110_000  # days: the year 2201
_LAST_UNIX: Final = 8_000_000_000
_HALF: Final = "(上午|下午|am|pm)"
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"
    rf"(?:[\sT]*{_HALF}?\s*(\d{{1,2}})\s*[:：时点]\s*(\d{{1,2}})(?:[:：分]\s*(\d{{1,2}}))?[分秒]?\s*{_HALF}?)?",
    re.ASCII | re.IGNORECASE,
)
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


def time_reader(named: TimeColumn, *, days: bool = False, last_year: int = LAST_YEAR) -> TimeReader:
    """A function from cells to the moment, None where they are empty; raises `UnusableValue`, also after `last_year`.

    `days`: its hours mean nothing, as every time of the file is midnight.
    """
    zone = ZoneInfo(named.zone) if named.zone else None
    forms = [(form, form not in COUNTED and is_of_days(form)) for form in named.formats]
    if len(named.columns) > 1:
        forms += [(day, True) for form, of_days in forms if not of_days and (day := _day_of(form))]

    def read(cells: Cells[str, str]) -> Moment | None:
        text = joined(cells, named.columns)
        if not text:
            return None
        if not forms and len(named.columns) > 1:
            when, by_day = _in_parts(cells, named, text)
        else:
            when, by_day = _parsed(named, forms, text)
        if not _FIRST_YEAR <= when.year <= last_year:
            raise UnusableValue(named.column, "year", year=when.year)
        if when.tzinfo is None:
            if zone is None:
                raise UnusableValue(named.column, "no_offset", text=text[:_MOST])
            when = when.replace(tzinfo=zone)
        return _moment(when, text, by_day=by_day or days)

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
        if form in COUNTED:
            if (counted := _counted(form, text)) is not None:
                return counted
            continue
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
        if found := _year_first(text):
            return found
        if _NUMBER.fullmatch(text):
            raise UnusableValue(named.column, "number_time", text=text[:_MOST])
    raise _no_time(named, text)


def _counted(form: str, text: str) -> tuple[datetime, bool] | None:
    """A time that is a number; None where it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if form == "excel":
        when = _EXCEL + timedelta(seconds=round(number * 86_400)) if number < _LAST_EXCEL else None
        return None if when is None else (when, number.is_integer())
    seconds = number / 1000 if form == "unix_ms" else number
    return (_EPOCH + timedelta(milliseconds=round(seconds * 1000)), False) if seconds < _LAST_UNIX else None


def _year_first(text: str) -> tuple[datetime, bool] | None:
    """`2026年11月3日 下午2:30`, `2026/11/3 9:05`, `20261103090500`: a year in front is followed by the month."""
    if _DIGITS.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:]}"
    found = _YEAR_FIRST.fullmatch(text)
    if found is None:
        return None
    year, month, day, before, hour, minute, second, after = found.groups()
    half = (before or after or "").casefold()
    hours = int(hour or 0)
    if half in {"下午", "pm"} and hours < 12:
        hours += 12
    elif half in {"上午", "am"} and hours == 12:
        hours = 0
    try:
        day_of = date(int(year), int(month), int(day))
        when = datetime.combine(day_of, time(hours, int(minute or 0), int(second or 0)))
    except ValueError:
        return None
    return when, hour is None


def _in_parts(cells: Cells[str, str], named: TimeColumn, text: str) -> tuple[datetime, bool]:
    """A day in ISO form, or its midnight, and an hour in another column."""
    day, hour = _parsed(named, (), joined(cells, named.columns[:1])), joined(cells, named.columns[1:])
    if day[0].time() != time():
        raise _no_time(named, text)
    if not hour:
        return day[0], True
    for form in _HOURS:
        try:
            return datetime.combine(day[0], datetime.strptime(hour, form).time(), day[0].tzinfo), False  # noqa: DTZ007
        except ValueError:
            continue
    raise _no_time(named, text)


def _no_time(named: TimeColumn, text: str) -> UnusableValue:
    return UnusableValue(named.column, "no_time", text=text[:_MOST], form=" / ".join(named.formats) or "ISO 8601")


def _moment(when: datetime, text: str, *, by_day: bool) -> Moment:
    text = text[:_MOST]
    if not by_day:
        first = _ms(when)
        return Moment(first, first, _ms(when.replace(fold=1)), text)
    begin = datetime.combine(when.date(), time(), when.tzinfo)
    end = datetime.combine(when.date() + timedelta(days=1), time(), when.tzinfo)
    first, last = _ms(begin), _ms(end) - 1
    return Moment(first, last, last, text)


def _ms(when: datetime) -> int:
    return (when - _EPOCH) // _MS
