"""Limits: how long an act may take, in plain time, in urgent time (any hour) or in working time."""

import re
from enum import Enum
from functools import lru_cache
from typing import Annotated, Final, NamedTuple

from pydantic import BeforeValidator, StringConstraints

from schemas.mistake import mistake

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000


class LimitUnit(Enum):
    """What a limit is counted in."""

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"  # of 24 hours
    URGENT_HOURS = "uh"  # 紧急工作时: hours of the clock
    URGENT_DAYS = "ud"  # 紧急工作日: days of 24 hours
    WORKING_HOURS = "wh"  # 工作时: hours within the shifts
    WORKING_DAYS = "wd"  # 工作日: the end of the shift of the Nth working day after the one it counts from
    SAME_DAY = "sd"  # 当日: the end of the shift of the day it counts from


_MS: Final = {
    LimitUnit.MINUTES: MINUTE_MS,
    LimitUnit.HOURS: HOUR_MS,
    LimitUnit.DAYS: DAY_MS,
    LimitUnit.URGENT_HOURS: HOUR_MS,
    LimitUnit.URGENT_DAYS: DAY_MS,
    LimitUnit.WORKING_HOURS: HOUR_MS,
    LimitUnit.WORKING_DAYS: DAY_MS,
    LimitUnit.SAME_DAY: DAY_MS,
}
_WORKING: Final = frozenset({LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS, LimitUnit.SAME_DAY})
_SPELLINGS: Final = (  # the longest first: 紧急工作时 ends in 工作时
    ("紧急工作日", "ud"),
    ("紧急工作时", "uh"),
    ("工作日", "wd"),
    ("工作时", "wh"),
    ("小时", "h"),
    ("分钟", "m"),
    ("天", "d"),
)
_SAME_DAY: Final = frozenset({"sd", "当日", "当天"})


def spelled(given: object) -> object:
    """The stored short form of a limit as a person wrote it, such as `3紧急工作时`, `5 个工作日` or `当日`."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    if text in _SAME_DAY:
        return "sd"
    for word, unit in _SPELLINGS:
        if text.endswith(word):
            return _in_quarters(text.removesuffix(word).rstrip().removesuffix("个").rstrip() + unit)
    return _in_quarters(given)


def _in_quarters(short: str) -> str:
    """`1.50wh` and `2.0wh` as `1.5wh` and `2wh`."""
    found = re.fullmatch(r"([0-9]+\.[0-9]+)wh", short)
    return f"{float(found[1]):g}wh" if found else short


LIMIT_PATTERN: Final = (
    r"^([1-9][0-9]{0,4}([mhd]|u[hd])|[1-9][0-9]{0,2}w[hd]|sd"
    r"|(0|[1-9][0-9]{0,2})\.(25|5|75)wh)$"
)

Limit = Annotated[str, BeforeValidator(spelled), StringConstraints(pattern=LIMIT_PATTERN)]
"""`30m`, `4h`, `3d`: plain time. `3uh`, `2ud`: urgent, at any hour. `4wh`, `5wd`, `sd`: within the shifts.

Working hours can be in quarters: `1.5wh`, `0.25wh`.
"""

PLAIN_LIMIT_PATTERN: Final = r"^[1-9][0-9]{0,4}[mhd]$"
PlainLimit = Annotated[str, BeforeValidator(spelled), StringConstraints(pattern=PLAIN_LIMIT_PATTERN)]
"""`30m`, `4h`, `3d` only."""


class Parsed(NamedTuple):
    """The parts of a limit; the same day has the count 0."""

    amount: float
    """Whole, or working hours in quarters: exact as a float."""
    unit: LimitUnit
    working: bool
    """Whether it runs only within the shifts."""
    ms: int
    """As plain time, for those who work round the clock; the same day is 24 hours then."""


@lru_cache(1024)
def parsed(limit: str) -> Parsed:
    """Parse a limit in its short form; raises `ValueError` for anything else."""
    found = re.fullmatch(r"([0-9.]*)([a-z]+)", limit)
    if found is None:
        raise mistake("mistakes.no_limit", limit=limit)
    amount, unit = float(found[1]) if "." in found[1] else int(found[1] or 0), LimitUnit(found[2])
    return Parsed(amount, unit, unit in _WORKING, int((amount or 1) * _MS[unit]))


def is_limit(given: object) -> bool:
    """Whether somebody wrote a limit, in its short or in its Chinese form."""
    short = spelled(given)
    return isinstance(short, str) and re.fullmatch(LIMIT_PATTERN, short) is not None


def limit_ms(limit: str) -> int:
    """Milliseconds of a limit as plain time, as for those who work round the clock."""
    return parsed(limit).ms


def is_working(limit: str | None) -> bool:
    """Whether a limit runs only within the shifts."""
    return limit is not None and parsed(limit).working


def longer(a: str, b: str) -> bool:
    """Whether `a` is longer under every calendar."""
    one, other = parsed(a), parsed(b)
    if one.working == other.working:
        return one.ms > other.ms
    return one.working and one.ms > other.ms  # working time takes at least as long as plain time
