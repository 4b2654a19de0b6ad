"""Two trees measured in turns: a process each, which waits while the other one works."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.against.ratios import Figure, Figures, Ratio, Round

WORKER, SYSTEM = "probe.py", "system_probe.py"
"""Where probes are, beside this file."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A probe, by its name in `file`, what it finds, and how often it is asked about how many cases.

    `warm`: the first round is thrown away.
    """

    probe: str
    figures: tuple[Figure, ...]
    rounds: int = 5
    cases: int = 1_500
    file: str = WORKER
    warm: bool = True

    def quick(self) -> "Measure":
        """Less of it, for a first look."""
        return replace(self, rounds=(self.rounds + 1) // 2, cases=self.cases // 4)


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
    Measure(
        "busy",
        (
            Figure("cpu_ms", "100 commands a second: worker and broker, CPU per 1,000", "ms", must=0.5, aim=0.35),
            Figure("worker_ms", "of it the worker", "ms"),
            Figure("broker_ms", "of it the broker", "ms"),
            Figure("order_p50_ms", "100 reports a second: report to order, p50 (60 ms is promised)", "ms"),
            Figure("order_p99_ms", "report to order, p99", "ms", must=1.0),
        ),
        rounds=2,
        cases=800,
        file=SYSTEM,
    ),
    Measure(
        "visible",
        (
            Figure("p50_ms", "50 reports a second, whole system: report to visible, p50", "ms", must=0.4),
            Figure("p99_ms", "report to visible, p99", "ms", must=0.4),
            Figure("idle_p99_ms", "one report at a time: report to visible, p99 (150 ms is promised)", "ms"),
        ),
        rounds=2,
        cases=1_600,
        file=SYSTEM,
    ),
    Measure(
        "replay",
        (
            Figure("case_ms", "replay of a history: a further case", "ms", must=0.4, aim=0.25),
            Figure("fixed_s", "replay of a hundred rows (4 s is promised)", "s"),
        ),
        rounds=2,
        cases=8_000,
        file=SYSTEM,
        warm=False,
    ),
    Measure(
        "idle",
        (
            Figure("cpu_s", "a system that nobody uses: CPU of all processes, a minute", "s", must=0.4, aim=0.25),
            Figure("pss_mb", "its memory (PSS)", "MB", must=0.9),
        ),
        rounds=2,
        file=SYSTEM,
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
async def side(root: Path, probe: str, servers: str, cases: int, file: str = WORKER) -> AsyncIterator[Side]:
    """A probe in a process of that tree: its code, its environment."""
    process = await asyncio.create_subprocess_exec(
        *(root / ".venv" / "bin" / "python", "-P", Path(__file__).with_name(file), probe, servers, str(cases)),
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
    """Ratios of all its figures; the first round warms both up, and each tree begins in turn."""
    rounds: list[Round] = []
    async with AsyncExitStack() as stack:
        started = (side(root, measure.probe, servers, measure.cases, measure.file) for root in (this, other))
        sides = [await stack.enter_async_context(each) for each in started]
        for number in range(measure.rounds + measure.warm):
            found = await _both(sides, first=number % 2)
            if number >= measure.warm:
                rounds.append(found)
    return [Ratio.of(figure, rounds) for figure in measure.figures]


async def _both(sides: Sequence[Side], first: int) -> Round:
    found = {index: await sides[index].turn() for index in (first, 1 - first)}
    return found[0], found[1]
