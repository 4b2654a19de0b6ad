import time

import pytest

from streams.partition.ticker import Ticker


def in_ms(delay_ms: int) -> int:
    return int(time.time() * 1000) + delay_ms


def test_no_deadline_no_tick() -> None:
    assert Ticker(1.0).delay_s(None, 0, 0) is None


def test_a_tick_is_owed_when_the_deadline_is_over() -> None:
    ticker = Ticker(1.0)

    assert ticker.delay_s(in_ms(500), 0, 0) == pytest.approx(0.505, abs=0.1)
    assert ticker.delay_s(in_ms(-500), 0, 0) == 0.0


def test_one_tick_is_unread_at_most() -> None:
    ticker = Ticker(1.0)
    ticker.sent(offset=10, fired=0)

    assert ticker.delay_s(in_ms(-500), 10, 0) is None
    assert ticker.delay_s(in_ms(-500), 11, 1) == 0.0


@pytest.mark.parametrize("offset", [10, None])
def test_a_tick_that_fired_nothing_or_failed_is_followed_by_a_pause(offset: int | None) -> None:
    ticker = Ticker(1.0)
    ticker.sent(offset, fired=7)

    assert ticker.delay_s(in_ms(-500), 11, 7) == pytest.approx(1.0, abs=0.2)


def test_a_step_that_does_not_tick_is_not_asked_again() -> None:
    ticker = Ticker(1.0)
    ticker.never()

    assert ticker.delay_s(in_ms(-500), 0, 0) is None
