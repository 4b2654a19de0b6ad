"""What does not grow with the past: throughput and memory with a million cases behind, takeover with many open.

`python -m bench.long [OPEN_CASES]`.
"""

import argparse
import asyncio
import signal
import time

from bench.behind import load, state
from bench.lab import PARTITIONS, kafka, system, until
from bench.mix import Mix, street
from bench.product import child
from bench.table import Row, markdown
from bench.worker import Cost, in_a_burst, kept_out_of_the_way
from streams.kafka.settings import EngineSettings
from streams.rulebooks.topic import create

ALL = 3 * PARTITIONS
MB = 1_000_000
BASE_MB, CASE_BYTES, ID_BYTES = 150, 2_000, 150
TAKEOVER_S = EngineSettings("", "", 1).session_timeout_s + 3
STOP_S = 2.0
SETTLE_S = 2.0


async def flat(servers: str, cases: int, open_cases: int, behind: int) -> list[Row]:
    """Commands per second of CPU with nothing behind, and with much."""
    empty = await _burst(servers, cases, 0, 0)
    much = await _burst(servers, cases, open_cases, behind)
    share = 100 * empty.whole_ms / much.whole_ms
    return [Row.at_least(f"throughput with {behind:,} cases behind, {open_cases:,} open / empty", share, 90, "%")]


async def _burst(servers: str, cases: int, open_cases: int, behind: int) -> Cost:
    prefix = await system(servers, street()[0])
    states, made = state(PARTITIONS, open_cases, behind) if open_cases else ([], 0)
    mix = Mix(PARTITIONS, prefix=prefix, first=made)
    if states:
        await load(servers, prefix, states)
        mix.go_on(states)
    sent = list(mix.lives(cases))
    del states, mix
    with kept_out_of_the_way():
        return await in_a_burst(servers, prefix, sent)


async def memory(servers: str, open_cases: int, ids: int) -> list[Row]:
    """Resident memory of a worker that has taken all of it over."""
    prefix = await _product(servers, open_cases, ids)
    async with child(servers, prefix) as worker:
        await until(lambda: worker.ready == ALL)
        await asyncio.sleep(SETTLE_S)
        own, matcher = worker.memory()
    limit = BASE_MB + (open_cases * CASE_BYTES + ids * ID_BYTES) / MB
    return [
        Row.at_most(f"memory of a worker with {open_cases:,} open cases, {ids:,} ids", own / MB, limit, "MB", 0),
        Row.plain("and of its matcher's process", matcher / MB, "MB", 0),
    ]


async def takeover(servers: str, open_cases: int) -> list[Row]:
    """One of two workers is killed; the other one, alone, is asked to stop."""
    prefix = await _product(servers, open_cases, 0)
    async with child(servers, prefix) as one, child(servers, prefix) as other:
        await until(lambda: one.ready + other.ready == ALL and min(one.ready, other.ready) > 0)
        await asyncio.sleep(SETTLE_S)
        killed_s = time.monotonic()
        await one.end(signal.SIGKILL)
        await until(lambda: other.ready == ALL)
        took_s = other.at_s - killed_s
        stopped_s = await other.end(signal.SIGTERM)
    return [
        Row.at_most(f"takeover after SIGKILL at {open_cases:,} open cases", took_s, TAKEOVER_S, "s"),
        Row.at_most("clean stop", stopped_s, STOP_S, "s"),
    ]


async def _product(servers: str, open_cases: int, ids: int) -> str:
    region, rulebook = street()
    prefix = await system(servers, region)
    await create(servers, region, rulebook, PARTITIONS, prefix=prefix)
    states, _ = state(PARTITIONS, open_cases, 20 * open_cases)
    await load(servers, prefix, states, ids)
    return prefix


async def main(open_cases: int) -> None:
    """Print the table."""
    async with kafka() as (servers, _):
        rows = await takeover(servers, 2 * open_cases)
        rows += await memory(servers, open_cases, 20 * open_cases)
        rows += await flat(servers, 2_000, open_cases, 20 * open_cases)
        print(markdown(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("open_cases", nargs="?", type=int, default=50_000)
    asyncio.run(main(parser.parse_args().open_cases))
