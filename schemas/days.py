"""Days of the calendar, for what is known without an hour."""

from datetime import datetime, tzinfo


def days_between(from_ms: int, to_ms: int, zone: tzinfo) -> int:
    """Whole days between two times (ms UTC) as the calendar of `zone` counts them: 0 on the same day."""
    first, last = (datetime.fromtimestamp(ms / 1000, zone).date() for ms in (from_ms, to_ms))
    return (last - first).days
