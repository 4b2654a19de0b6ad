"""Pauses after failures."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.standard_webhooks.pauses import pause_s

TRIES, DRAWN = st.integers(1, 10_000), st.floats(0, 1)


@given(TRIES, DRAWN, DRAWN)
def test_a_later_pause_is_never_below_half_of_an_earlier_one(tries: int, drawn: float, later: float) -> None:
    """Whatever is drawn; from the upper half of what doubles, up to the longest."""
    first, after = pause_s(tries, 5.0, 3600.0, drawn), pause_s(tries + 1, 5.0, 3600.0, later)
    assert 2.5 <= first <= 3600.0
    assert after >= first / 2


@given(TRIES, DRAWN, st.floats(0, 86_400))
def test_nobody_is_asked_again_before_they_want(tries: int, drawn: float, after_s: float) -> None:
    assert pause_s(tries, 5.0, 3600.0, drawn, after_s) >= after_s


def test_three_days_are_some_twenty_tries() -> None:
    """What docs/connect/subscriptions.md says."""
    passed_s, tries = 0.0, 0
    while passed_s <= 3 * 86_400:
        tries += 1
        passed_s += pause_s(tries, 5.0, 21_600.0, 0.5)
    assert 20 <= tries <= 30
