"""What people see in a cell of a workbook that stores another value: dates, percentages, leading zeros."""

import re
from datetime import date, datetime, time
from typing import Any, Final

_TOKEN: Final = re.compile(
    r'"(?P<text>[^"]*)"|\\(?P<sign>.)|\[[^\]]*\]|(?P<part>y+|m+|d+|h+|s+|am/pm|上午/下午)|(?P<other>.)', re.IGNORECASE
)
_PARTS: Final = {
    "yyyy": "{0:%Y}", "yy": "{0:%y}", "mmmm": "{0:%B}", "mmm": "{0:%b}", "mm": "{0:%m}", "m": "{0.month}",
    "dddd": "{0:%A}", "ddd": "{0:%a}", "dd": "{0:%d}", "d": "{0.day}", "hh": "{0:%H}", "h": "{0.hour}",
    "ss": "{0:%S}", "s": "{0.second}",
}  # fmt: skip


def seen(value: Any, number_format: str) -> str | None:
    """The text that is shown; None where it is the value itself, or its format is beyond us."""
    plain = number_format.split(";", maxsplit=1)[0]
    if isinstance(value, datetime | date) and plain.lower() not in {"", "general", "@"}:
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        return _moment(moment, plain)
    if isinstance(value, int | float) and not isinstance(value, bool) and re.fullmatch(r"0(\.0+)?%", plain):
        return f"{value * 100:.{max(0, len(plain) - 3)}f}%"
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("00+", plain):
        return f"{value:0{len(plain)}}"
    return None


def _moment(moment: datetime, plain: str) -> str:
    shown, after_hour = "", False
    for found in _TOKEN.finditer(plain):
        part = (found["part"] or "").lower()
        if part in {"m", "mm"} and after_hour:
            shown += f"{moment.minute:0{len(part)}}"
        elif part in _PARTS:
            shown += _PARTS[part].format(moment)
        else:
            shown += found["text"] or found["sign"] or found["other"] or ""
        after_hour = part.startswith("h") or (after_hour and not part)
    return shown.strip()
