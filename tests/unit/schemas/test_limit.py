"""Limits as stewards write them, and what they come to."""

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.limit import Limit, LimitUnit, PlainLimit, is_working, limit_ms, parsed

LIMIT: TypeAdapter[str] = TypeAdapter(Limit)
PLAIN: TypeAdapter[str] = TypeAdapter(PlainLimit)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("30m", "30m"),
        ("30分钟", "30m"),
        ("4小时", "4h"),
        ("3天", "3d"),
        ("3紧急工作时", "3uh"),
        ("2 个紧急工作日", "2ud"),
        ("4工作时", "4wh"),
        (" 5 个工作日 ", "5wd"),
        ("当日", "sd"),
        ("当天", "sd"),
        ("sd", "sd"),
        ("1.5wh", "1.5wh"),
        ("0.25wh", "0.25wh"),
        ("1.50 工作时", "1.5wh"),
        ("2.0个工作时", "2wh"),
    ],
)
def test_both_spellings(told: str, kept: str) -> None:
    assert LIMIT.validate_python(told) == kept


@pytest.mark.parametrize(
    "told", ["0wh", "4", "4 wh", "1.3wh", "1.5wd", "1.5h", "0.0wh", "uh", "1sd", "工作日", "4工作周", "1000wd", "4mh"]
)
def test_what_is_no_limit(told: str) -> None:
    with pytest.raises(ValidationError):
        LIMIT.validate_python(told)


@pytest.mark.parametrize("told", ["4wh", "3uh", "sd", "5工作日"])
def test_some_limits_are_plain_only(told: str) -> None:
    with pytest.raises(ValidationError):
        PLAIN.validate_python(told)


@pytest.mark.parametrize(
    ("limit", "ms"),
    [("30m", 1_800_000), ("3uh", 10_800_000), ("2ud", 172_800_000), ("4wh", 14_400_000), ("5wd", 432_000_000),
     ("sd", 86_400_000), ("1.5wh", 5_400_000), ("0.25wh", 900_000)],
)  # fmt: skip
def test_round_the_clock(limit: str, ms: int) -> None:
    """Where nobody keeps shifts a working hour is an hour, and a working day or the same day one of 24 hours."""
    assert limit_ms(limit) == ms


def test_what_runs_only_within_the_shifts() -> None:
    assert [unit for unit in LimitUnit if is_working("sd" if unit is LimitUnit.SAME_DAY else f"3{unit.value}")] == [
        LimitUnit.WORKING_HOURS,
        LimitUnit.WORKING_DAYS,
        LimitUnit.SAME_DAY,
    ]
    assert not is_working(None)


def test_nonsense_is_named() -> None:
    with pytest.raises(ValueError, match="'4 wh' is no limit"):
        parsed("4 wh")
