"""A bucket for each caller: bursts pass, the rest waits, and nobody waits for another."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.http.request_pace import RequestPace

STEPS = st.lists(st.integers(0, 5000), max_size=60)


@given(steps=STEPS)
def test_no_more_pass_than_the_bucket_holds(steps: list[int]) -> None:
    """In no stretch of time more than the burst and what came in meanwhile; whoever waits as told is let in."""
    pace, now, passed = RequestPace(3, 2), 0, list[int]()
    for step in steps:
        now += step
        wait_s = pace.wait_s("one", now)
        if wait_s == 0:
            passed.append(now)
        else:
            assert pace.wait_s("one", now + wait_s * 1000) == 0
            now += wait_s * 1000
            passed.append(now)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= 3 + (passed[last] - passed[first]) / 1000 * 2 + 1e-6


def test_nobody_waits_for_another() -> None:
    pace = RequestPace(1, 1)
    assert [pace.wait_s(who, 0) for who in ("a", "b", "a", "b")] == [0, 0, 1, 1]


def test_it_remembers_so_many() -> None:
    pace = RequestPace(1, 1, most=2)
    for who in ("a", "b", "c"):
        pace.wait_s(who, 0)
    assert pace.wait_s("a", 0) == 0
