"""A moment as people say it: "today 11:21"."""

from datetime import datetime, timedelta, tzinfo

from schemas.names import Language
from texts.catalogue import say


def day_words(t_ms: int, now_ms: int, zone: tzinfo, language: Language) -> str:
    """Day and minute in the region's zone; the year only when it is another one."""
    at, now = datetime.fromtimestamp(t_ms / 1000, zone), datetime.fromtimestamp(now_ms / 1000, zone)
    names = {
        now.date(): "today",
        now.date() + timedelta(days=1): "tomorrow",
        now.date() - timedelta(days=1): "yesterday",
    }
    key = names.get(at.date(), "day" if at.year == now.year else "year")
    return say(language, f"chat.when.{key}", time=at.strftime("%H:%M"), year=at.year, month=at.month, day=at.day)
