"""Times as platforms write them, without guessing; pure."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from connectors.intake.refusal import bad
from schemas.time_forms import is_of_days

MOST_SHOWN: Final = 40
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
_DAY: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"
_WRITTEN: Final = re.compile(
    rf"{_DAY}(?:[\sT]*(\d{{1,2}})\s*[:：时点]\s*(\d{{1,2}})(?:[:：分]\s*(\d{{1,2}}))?[分秒]?)?", re.ASCII
)


def moment_ms(text: str, column: str, zone: tzinfo, forms: tuple[str, ...] = (), *, ends: bool = False) -> int:
    """Milliseconds UTC. A day without an hour stands for its beginning or, with `ends`, for its last millisecond.

    Times without an offset are in `zone`. Raises `Refused` for what is no time, a bare number among it.
    """
    when, by_day = _read(text, forms)
    if when is None:
        code = "platform_number_time" if text.replace(".", "", 1).isdecimal() else "platform_time"
        raise bad(code, column, given=text[:MOST_SHOWN])
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise bad("platform_time", column, given=text[:MOST_SHOWN])
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone)
    if by_day and ends:
        following = datetime.combine(when.date() + timedelta(days=1), time(), when.tzinfo)
        return round(following.timestamp() * 1000) - 1
    return round(when.timestamp() * 1000)


def _read(text: str, forms: tuple[str, ...]) -> tuple[datetime | None, bool]:
    for form in forms:
        try:
            return datetime.strptime(text, form), is_of_days(form)  # noqa: DTZ007 - its zone comes next
        except ValueError:
            continue
    if (found := _WRITTEN.fullmatch(text)) is not None:
        year, month, day, hour, minute, second = found.groups()
        try:
            on = date(int(year), int(month), int(day))
            return datetime.combine(on, time(int(hour or 0), int(minute or 0), int(second or 0))), hour is None
        except ValueError:
            return None, False
    try:
        return (datetime.fromisoformat(text), False) if "T" in text or ":" in text else (None, False)
    except ValueError:
        return None, False
