"""Two trees measured in turns: a process each, which waits while the other one works."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.against.ratios import Figure, Figures, Ratio, Round

PROBE = Path(__file__).with_name("probe.py")


@dataclass(frozen=True, slots=True)
class Measure:
    """A probe, by its name in `probe.py`, what it finds, and how often it is asked about how many cases."""

    probe: str
    figures: tuple[Figure, ...]
    rounds: int = 5
    cases: int = 1_500

    def quick(self) -> "Measure":
        """Less of it, for a first look."""
        return replace(self, rounds=3, cases=self.cases // 4)


MEASURES = (
    Measure("steps", (Figure("steps_us", "steps without Kafka, CPU a command", "µs"),), cases=1_000),
    Measure(
        "burst",
        (
            Figure("whole_ms", "whole worker in a burst, CPU per 1,000 commands", "ms", must=0.75, aim=0.6),
            Figure("bytes", "on the log for one command, in a burst", "bytes", must=0.75),
            Figure("records", "in so many records", ""),
        ),
    ),
    Measure(
        "decide",
        (Figure("decide_ms", "decide in a burst", "ms"), Figure("engine_ms", "engine in a burst", "ms")),
        rounds=3,
    ),
)


class Side:
    """One tree's probe."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def turn(self) -> Figures:
        """Measure once. Raises `RuntimeError` when the probe has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"go\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the probe ended with {await self._process.wait()}")
        figures: Figures = json.loads(line)
        return figures


@asynccontextmanager
async def side(root: Path, probe: str, servers: str, cases: int) -> AsyncIterator[Side]:
    """A probe in a process of that tree: its code, its environment."""
    process = await asyncio.create_subprocess_exec(
        *(root / ".venv" / "bin" / "python", "-P", PROBE, probe, servers, str(cases)),
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    try:
        yield Side(process)
    finally:
        process.stdin.close()
        await process.wait()


async def compare(measure: Measure, this: Path, other: Path, servers: str) -> list[Ratio]:
    """Ratios of all its figures; the first round warms both up and is thrown away, and each tree begins in turn."""
    rounds: list[Round] = []
    async with AsyncExitStack() as stack:
        started = (side(root, measure.probe, servers, measure.cases) for root in (this, other))
        sides = [await stack.enter_async_context(each) for each in started]
        for number in range(measure.rounds + 1):
            found = await _both(sides, first=number % 2)
            if number:
                rounds.append(found)
    return [Ratio.of(figure, rounds) for figure in measure.figures]


async def _both(sides: Sequence[Side], first: int) -> Round:
    found = {index: await sides[index].turn() for index in (first, 1 - first)}
    return found[0], found[1]
