from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.token_bucket import HOUR_MS, TokenBucket

TIMES = st.lists(st.integers(0, 3 * HOUR_MS), max_size=60)


@given(st.integers(1, 50), TIMES)
def test_nobody_gets_more_than_is_there(size: int, pauses: list[int]) -> None:
    """In any time: the size, and what came back meanwhile."""
    bucket, given_out, now = TokenBucket.full(size, 0), 0, 0
    for pause in pauses:
        now += pause
        bucket = bucket.at(now)
        given_out += not bucket.is_empty
        bucket = bucket.taken()
        assert given_out <= size + now * size / HOUR_MS + 1e-6
        assert 0 <= bucket.left <= size


@given(st.integers(1, 10_000), st.integers(0, 10**13))
def test_an_empty_one_says_when_there_is_more(size: int, now: int) -> None:
    bucket = TokenBucket(size, 0.0, now)
    assert bucket.is_empty
    assert not bucket.at(bucket.again_ms + 1).is_empty
    assert bucket.at(max(now, bucket.again_ms - 2)).is_empty


def test_a_clock_that_goes_back_gives_nothing() -> None:
    bucket = TokenBucket(10, 3.0, 1000)
    assert bucket.at(0) == bucket


def test_a_full_one_stays_full() -> None:
    assert TokenBucket.full(2, 0).at(HOUR_MS).left == 2
    assert TokenBucket(2, 0.0, 0).at(HOUR_MS, size=4).left == 4
