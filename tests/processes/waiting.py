"""Waiting for what others do: look again and again up to a deadline, and name what did not come."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from time import monotonic, sleep
from typing import TypeVar, cast, overload

T = TypeVar("T")

LOOK_S = 0.05


@overload
async def wait_until(
    condition: Callable[[], Awaitable[T | None]], what: str, seconds: float = 30.0, look_s: float = LOOK_S
) -> T: ...


@overload
async def wait_until(
    condition: Callable[[], T | None], what: str, seconds: float = 30.0, look_s: float = LOOK_S
) -> T: ...


async def wait_until(
    condition: Callable[[], T | Awaitable[T | None] | None], what: str, seconds: float = 30.0, look_s: float = LOOK_S
) -> T:
    """The first true answer of `condition`, which may be a coroutine function.

    Raises `AssertionError` with `what` when there is none within `seconds`.
    """
    end = monotonic() + seconds
    while True:
        answer = condition()
        found = cast("T", await answer if inspect.isawaitable(answer) else answer)
        if found:
            return found
        assert monotonic() < end, f"{what}: not within {seconds:g} s"
        await asyncio.sleep(look_s)


def block_until(condition: Callable[[], T], what: str, seconds: float = 30.0, look_s: float = LOOK_S) -> T:
    """The same for tests without a loop."""
    end = monotonic() + seconds
    while not (found := condition()):
        assert monotonic() < end, f"{what}: not within {seconds:g} s"
        sleep(look_s)
    return found
