"""Times in words, in the region's zone."""

from datetime import datetime, tzinfo


def when(t_ms: int, zone: tzinfo, now_ms: int) -> str:
    """A time as text: day and minute, with the year only if it is not the current one."""
    at, now = datetime.fromtimestamp(t_ms / 1000, zone), datetime.fromtimestamp(now_ms / 1000, zone)
    return at.strftime(
        "%H:%M" if at.date() == now.date() else "%m-%d %H:%M" if at.year == now.year else "%Y-%m-%d %H:%M"
    )
