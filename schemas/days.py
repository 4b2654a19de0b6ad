"""Counts days of the calendar, for times of which only the day is known."""

from datetime import datetime, tzinfo


def days_between(from_ms: int, to_ms: int, zone: tzinfo) -> int:
    """Whole days between two times (ms UTC) as the calendar of `zone` counts them: 0 on the same day."""
    first, last = (datetime.fromtimestamp(ms / 1000, zone).date() for ms in (from_ms, to_ms))
    return (last - first).days
