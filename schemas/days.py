"""The days of a zone's calendar: in which a moment lies, when one begins and ends, how many lie between two times."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from schemas.calendar import moment_of


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
