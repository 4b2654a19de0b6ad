"""Quiet hours by role: where they come from, and when they end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.people import Role
from schemas.quiet import LONGEST_MIN, MessageRule, ends_ms, is_within, rule_for

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [SHANGHAI, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")]


def at(hour: int, minute: int = 0, day: int = 30) -> int:
    return round(datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).timestamp() * 1000)


@pytest.mark.parametrize(
    ("span", "now", "until"),
    [
        ("22:00-07:00", at(23, 30, 29), at(7)),
        ("22:00-07:00", at(3), at(7)),
        ("22:00-07:00", at(6, 59), at(7)),
        ("22:00-07:00", at(7), None),
        ("22:00-07:00", at(21, 59), None),
        ("12:30-14:00", at(13), at(14)),
        ("20:00-24:00", at(20, 0, 29), at(0)),
        (None, at(3), None),
    ],
)
def test_quiet_hours_end(span: str | None, now: int, until: int | None) -> None:
    assert ends_ms(span, now, SHANGHAI) == until


def test_the_first_rule_that_names_a_role_counts_then_the_defaults() -> None:
    ours = (MessageRule(roles=(Role.EXECUTOR,), quiet=None), MessageRule(roles=(Role.STEWARD,), budget=3))
    assert rule_for({Role.EXECUTOR, Role.STEWARD}, ours).quiet is None
    assert rule_for({Role.STEWARD}, ours).budget == 3
    assert rule_for({Role.STREET_OFFICE}, ours).quiet == "20:00-08:00"
    assert rule_for((), ours) == MessageRule()
    assert rule_for({Role.EXECUTOR}).quiet == "21:00-06:00"


@pytest.mark.parametrize("span", ["08:00-08:00", "00:00-24:00", "07:00-06:00", "25:00-07:00", "22-7"])
def test_hours_that_nobody_can_mean_are_refused(span: str) -> None:
    with pytest.raises(ValidationError):
        MessageRule(quiet=span)


spans = st.builds(
    lambda begin, length: (
        f"{begin // 60:02}:{begin % 60:02}-{(begin + length) % 1440 // 60:02}:{(begin + length) % 60:02}"
    ),
    st.integers(0, 1439),
    st.integers(1, LONGEST_MIN),
)
moments = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: round((datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).timestamp() * 1000)
)


@given(spans, moments, st.sampled_from(ZONES))
def test_they_end_soon_and_are_over_then(span: str, now: int, zone: ZoneInfo) -> None:
    """Also where the clocks change: never later than a day and an hour, never before now."""
    until = ends_ms(span, now, zone)
    if until is None:
        return
    assert is_within(span, now, zone)
    assert 0 < until - now <= (LONGEST_MIN + 60) * 60_000
    assert not is_within(span, until, zone)
