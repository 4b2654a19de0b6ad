"""One run: a stage, people who play on it, faults while they do, then the verdict."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.chaos import Chaos
from tests.faults.player import Player
from tests.faults.rules import Faulty
from tests.faults.stage import Stage, running
from tests.faults.stories import Crowd
from tests.faults.verdict import Verdict, judge
from tests.oracles.plain_run import example_book


@dataclass(frozen=True)
class Run:
    """What happened, by kind, and the verdict."""

    outside: Counter[str]
    inside: dict[str, int]
    sent: int
    again: int
    unfinished: int
    verdict: Verdict


async def broken_stage(
    folder: Path,
    *,
    faults: int,
    reports: int,
    over_s: float,
    seed: int,
    flags: str = "",
    kinds: Iterable[str] = (),
    limit_s: float = 240.0,
    patience_s: float = 90.0,
    say: Callable[[str], None] = lambda _: None,
) -> Run:
    """Play `reports` over so many seconds under so many faults, and judge.

    `limit_s` seconds after the last fault all must be over, and within `patience_s` more everything must have settled.
    """
    stage = Stage(folder, seed, flags=flags)
    player = Player(stage, Crowd(seed).lives(reports), over_s, seed)
    chaos = Chaos(stage, seed, say)
    async with running(stage):
        playing = asyncio.create_task(player.run())
        breaking = asyncio.create_task(chaos.run(faults, kinds=kinds))
        try:
            await breaking
            say("no more faults")
            await asyncio.wait({playing}, timeout=limit_s)
            if playing.done():
                playing.result()
        finally:
            for task in (breaking, playing):
                task.cancel()
            await asyncio.wait({breaking, playing})
        say("judging")
        verdict = await judge(stage, player.lives, player.garbage, example_book(), Faulty(), patience_s)
        inside = stage.harmed_itself()
    verdict.add("every story came to its end", len(player.lives), [f"{life.report.id}" for life in player.left])
    return Run(chaos.counts, inside, player.sent, player.again, len(player.left), verdict)
