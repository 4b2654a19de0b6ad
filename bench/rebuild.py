"""A ledger of very many cases is made anew from the log: how long, beside the promise.

`python -m bench.rebuild [CASES]` writes the log of 1,000,000 cases with five events each, some 4 GB, before it begins.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from bench.lab import machine
from bench.ledger import lives
from bench.table import Row, markdown
from connectors.ledger.write.run import rebuild
from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from tests.worlds.builders import LogBuilder, publish

PARTITIONS = 8
AT_ONCE = 100_000
"""Events that are built before they are written."""
LIMIT_S = 900.0


async def write(servers: str, cases: int) -> int:
    """Write the log of so many cases; the number of events."""
    log, count = LogBuilder(PARTITIONS), 0
    await create_topics(servers, PARTITIONS)
    for _ in lives(log, cases):
        if len(log.records) >= AT_ONCE:
            count += await _written(servers, log)
    return count + await _written(servers, log)


async def _written(servers: str, log: LogBuilder) -> int:
    count = len(log.records)
    await publish(servers, log.records, size=1000)
    log.records.clear()
    return count


async def measure(servers: str, home: Path, cases: int) -> list[Row]:
    """The rebuild of one ledger, read back by its number of events."""
    written = await write(servers, cases)
    begun, used = perf_counter(), process_time()
    told = list[int]()
    count = await rebuild(servers, home / "ledger.sqlite", zone="Asia/Shanghai", progress=told.append)
    took_s, cpu_s = perf_counter() - begun, process_time() - used
    assert count == written == told[-1]
    what = f"ledger rebuilt from {written:,} events of {cases:,} cases, {len(told):,} times told how far"
    return [
        Row(what, f"{took_s / 60:.1f} min", f"≤ {LIMIT_S / 60:.0f} min for 1,000,000", took_s <= LIMIT_S),
        Row.plain("of these a second", count / took_s, "events/s", 0),
        Row.plain("CPU an event", cpu_s / count * 1e6, "µs", 0),
    ]


async def main(cases: int = 1_000_000) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
        broker = Broker(Path(name))
        try:
            rows = await measure(await broker.start(), Path(name), cases)
        finally:
            await broker.kill()
        print(f"Machine: {machine()}.\n")
        print(markdown(rows))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
