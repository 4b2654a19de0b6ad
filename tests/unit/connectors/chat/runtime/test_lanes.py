import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest

from connectors.chat.runtime.lanes import AGAIN, Lanes
from schemas.errors import Stop
from tests.processes.waiting import wait_until


async def run_for(lanes: Lanes, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(lanes.run(), seconds)


async def run_until(lanes: Lanes, done: Callable[[], bool]) -> None:
    running = asyncio.create_task(lanes.run())
    try:
        await wait_until(done, "the lanes", look_s=0.005)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_one_key_is_never_at_work_twice_and_many_are_at_once() -> None:
    left, at_work, most = dict.fromkeys("abcdef", 5), Counter[str](), 0

    async def step(key: str) -> float | None:
        nonlocal most
        at_work[key] += 1
        most = max(most, at_work.total())
        assert at_work[key] == 1
        await asyncio.sleep(0.005)
        at_work[key] -= 1
        left[key] -= 1
        return AGAIN if left[key] else None

    lanes = Lanes(step, 3)
    for key in "abcdefabc":
        lanes.wake(key)
    await run_for(lanes, 0.5)
    assert (set(left.values()), most) == ({0}, 3)


async def test_whoever_is_woken_at_work_is_looked_at_again() -> None:
    """What came while a step found nothing is not forgotten."""
    steps = 0

    async def step(key: str) -> float | None:
        nonlocal steps
        steps += 1
        if steps == 1:
            lanes.wake(key)
        await asyncio.sleep(0)
        return None

    lanes = Lanes(step, 2)
    lanes.wake("a")
    await run_for(lanes, 0.1)
    assert steps == 2


async def test_a_pause_is_kept_and_others_go_on() -> None:
    done: list[str] = []
    pause_s = 3600.0

    async def step(key: str) -> float | None:
        done.append(key)
        return pause_s if key == "late" and done.count("late") == 1 else None

    lanes = Lanes(step, 1)
    lanes.wake("late")
    lanes.wake("late")
    lanes.wake("other")
    await run_until(lanes, lambda: len(done) >= 2)
    assert done == ["late", "other"]
    lanes, pause_s = Lanes(step, 1), 0.01
    done.clear()
    lanes.wake("late")
    await run_until(lanes, lambda: len(done) >= 2)
    assert done == ["late", "late"]


async def test_a_step_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """And what it said is not in the log: it may hold somebody's words."""
    tries = 0

    async def step(_: str) -> float | None:
        nonlocal tries
        tries += 1
        raise ValueError("somebody's words")

    lanes = Lanes(step, 1)
    lanes.wake("a")
    await run_for(lanes, 1.0)
    assert 2 <= tries <= 3
    assert "ValueError at test_lanes.py" in caplog.text
    assert "words" not in caplog.text


async def test_what_is_fatal_ends_it() -> None:
    async def step(_: str) -> float | None:
        raise Stop("token refused")

    lanes = Lanes(step, 2, fatal=Stop)
    lanes.wake("a")
    with pytest.raises(Stop, match="token refused"):
        await asyncio.wait_for(lanes.run(), 1)
