"""Plays a day in real time: each case by itself, so many minutes of the day in a second, until stopped."""

import asyncio
from itertools import takewhile
from time import monotonic
from typing import Final

from grid36.demo_day.plan import DayMoment, DayPlan, Reported
from grid36.demo_day.player import DayPlayer

AT_ONCE: Final = 12
"""How many people send something at the same time at most."""


async def play_day(player: DayPlayer, plan: DayPlan, speed: float) -> None:
    """Play a plan: what the street knows before the first report first, then every chain at its own pace.

    `speed` is in minutes of the day per second. A system that is slower than the plan only makes it later.
    """
    opening = list(takewhile(lambda moment: not isinstance(moment.what, Reported), plan.moments))
    for moment in opening:
        await player.do(moment)
    started, room = monotonic(), asyncio.Semaphore(AT_ONCE)

    async def until(minute: float) -> None:
        await asyncio.sleep(max(0.0, started + (minute - plan.begins) / speed - monotonic()))

    async def follow(chain: list[DayMoment]) -> None:
        for moment in chain:
            await until(moment.minute)
            async with room:
                await player.do(moment)

    async with asyncio.TaskGroup() as group:
        for chain in plan.chains():
            group.create_task(follow([moment for moment in chain if moment not in opening]))
        group.create_task(until(plan.ends))
