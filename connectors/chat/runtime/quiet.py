"""When news goes out: now, in the morning, or gathered once somebody had enough messages for one day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.chat.conversation.quiet_hours import QuietHours, waits_until


def begin_of_day_ms(now_ms: int, zone: ZoneInfo) -> int:
    """When the day of the region began."""
    return _ms(_local(now_ms, zone).replace(hour=0, minute=0, second=0, microsecond=0))


def news_waits_until_ms(now_ms: int, zone: ZoneInfo, sent_today: int, quiet: QuietHours) -> int | None:
    """Until when news for somebody waits, never into the night; None: it goes out now."""
    until = waits_until(_local(now_ms, zone), sent_today, quiet)
    if until is None:
        return None
    return _ms(waits_until(until, 0, quiet) or until)


def _local(t_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(t_ms / 1000, zone)


def _ms(time: datetime) -> int:
    return round(time.astimezone(UTC).timestamp() * 1000)
