"""The days of a zone's calendar: how one is written, in which a moment lies, when one begins and ends."""

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from schemas.calendar import moment_of

YEARS: Final = range(1900, 2200)
"""Of all days and times that anybody names, as in `schemas.moments.TimeMs`."""
DAY_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: object) -> date:
    """The day that is written as `2026-11-30`, in no other form of ISO 8601 and with no other digits.

    Days to come and days before there was a system are days, too. Raises `ValueError` for what is no day of `YEARS`.
    """
    if not isinstance(text, str) or DAY_FORM.fullmatch(text) is None:
        raise ValueError("not written as 2026-11-30")
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError("not a year from 1900 to 2199")
    return day


def day_of(t_ms: int, zone: tzinfo) -> date:
    """The day of a zone in which a moment lies."""
    return datetime.fromtimestamp(t_ms / 1000, zone).date()


def begin_ms(day: date, zone: ZoneInfo) -> int:
    """When a day begins in a zone, ms UTC; it ends when the next one begins."""
    return moment_of(day, 0, zone)


def end_ms(day: date, zone: ZoneInfo) -> int:
    """When a day ends in a zone, ms UTC."""
    return begin_ms(day + timedelta(days=1), zone)


def days_between(from_ms: int, to_ms: int, zone: tzinfo) -> int:
    """Whole days between two times (ms UTC) as the calendar of `zone` counts them: 0 on the same day."""
    return (day_of(to_ms, zone) - day_of(from_ms, zone)).days
