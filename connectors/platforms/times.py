"""Times as platforms write them, without guessing; pure."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from connectors.platforms.refusals import bad_cell
from schemas.moments import FROM_MS, TO_MS
from schemas.time_forms import is_of_days

MOST_SHOWN: Final = 40
_DAY: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"
_WRITTEN: Final = re.compile(
    rf"{_DAY}(?:[\sT]*(\d{{1,2}})\s*[:：时点]\s*(\d{{1,2}})(?:[:：分]\s*(\d{{1,2}}))?[分秒]?)?", re.ASCII
)


def moment_ms(text: str, column: str, zone: tzinfo, forms: tuple[str, ...] = (), *, ends: bool = False) -> int:
    """`TimeMs`. A day without an hour stands for its beginning or, with `ends`, for its last millisecond.

    Times without an offset are in `zone`. Raises `Refused` for what is no time, a bare number among it, and for what
    is before 1900 or from 2200 on in UTC, whatever it is in its zone.
    """
    when, by_day = _read(text, forms)
    if when is None:
        code = "platform_number_time" if text.replace(".", "", 1).isdecimal() else "platform_time"
        raise bad_cell(code, column, given=text[:MOST_SHOWN])
    try:
        moment = _moment_ms(when if when.tzinfo else when.replace(tzinfo=zone), last=by_day and ends)
    except (OverflowError, ValueError):  # the first and the last day that there are
        moment = TO_MS
    if not FROM_MS <= moment < TO_MS:
        raise bad_cell("platform_time_bounds", column, given=text[:MOST_SHOWN])
    return moment


def _moment_ms(when: datetime, *, last: bool) -> int:
    if last:
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
