"""How fast the ledger takes events from Kafka, beside SQLite alone writing the same rows in the same batches.

`python -m bench.ledger [CASES] [postgresql://…]`: into that database, too.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from bench.table import Row, markdown
from connectors.ledger.address import LedgerAddress
from connectors.ledger.kept.sums import MOVED
from connectors.ledger.schema import TABLES
from connectors.ledger.write.batch import BatchRows, Known, batch_of
from connectors.ledger.write.file_tables import SETTINGS
from connectors.ledger.write.place import place_of
from connectors.ledger.write.run import at_full_speed, read_all
from connectors.ledger.write.store import RECALL, add_sums, note_sums
from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from schemas.event import Because, EventType
from streams.kafka.topic_reader import MOST_RECORDS
from tests.worlds.builders import HOUR, START, LogBuilder, logged, publish

UTC = ZoneInfo("UTC")
ROUNDS = 3

WHY = Because(
    code="row",
    zh="此路段由演示环卫所负责（清单第 12 行）。",
    en="The list gives this road segment to the demonstration cleaning office (row 12).",
    version="0" * 64,
    row="B-12",
    row_number=12,
    facts={"category": "greasy", "segment": "S-G001", "grid": "G001"},
)


def build(cases: int, partitions: int = 8) -> LogBuilder:
    """Cases from their opening to their end."""
    log = LogBuilder(partitions)
    for _ in lives(log, cases):
        pass
    return log


def lives(log: LogBuilder, cases: int) -> Iterator[None]:
    """Cases opened, dispatched, acknowledged, resolved and closed over 40 homes: stops after each 1,000 of them."""
    waiting = list[str]()
    for i in range(cases):
        t = START + i * 60_000
        number = log.open(f"demo-G{i % 40:03}", t)
        log.dispatch(number, t, because=WHY)
        log.add(
            EventType.ACKNOWLEDGED, number, t_ms=t, now={"state": "acknowledged", "acknowledged_ms": t, "acted_ms": t}
        )
        waiting.append(number)
        if len(waiting) == 1000:
            for done in waiting:
                log.resolve(done, t + HOUR)
                log.close(done, t + 2 * HOUR)
            waiting.clear()
            yield


def prepared(log: LogBuilder) -> list[BatchRows]:
    """The rows that the ledger writes for `log`, by transaction."""
    events, cases = logged(log.records), dict[str, Known]()
    batches = list[BatchRows]()
    for i in range(0, len(events), MOST_RECORDS):
        batches.append(
            batch_of(events[i : i + MOST_RECORDS], cases.get, first_seq=i + 1, first_id=len(cases) + 1, zone=UTC)
        )
        cases |= batches[-1].cases
    return batches


def bare(batches: list[BatchRows], file: Path) -> None:
    """SQLite alone, with the settings of the ledger."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(SETTINGS + MOVED + TABLES)
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        note_sums(connection, batch.resummed, times=-1)
        connection.executemany(RECALL, batch.recalled)
        for head, rows, tail in batch.writings():
            if rows:
                connection.executemany(f"{head} ({', '.join('?' * len(rows[0]))}) {tail}", rows)
        note_sums(connection, batch.summed(), times=1)
        add_sums(connection)
        connection.execute("COMMIT")
    connection.close()


async def measure(servers: str, home: Path, cases: int = 10_000, database: str = "") -> list[Row]:
    """Rounds of both, one after the other, on topics of their own; the middle one of each figure."""
    log = build(cases)
    count, batches, prefix = len(log.records), prepared(log), "bench-ledger."
    await create_topics(servers, log.partitions, prefix=prefix)
    await publish(servers, log.records, prefix=prefix, size=1000)
    alone, whole, cpu, there = list[float](), list[float](), list[float](), list[float]()
    for i in range(ROUNDS):
        begun = perf_counter()
        bare(batches, home / f"bare-{i}.sqlite")
        alone.append(count / (perf_counter() - begun))
        took_s, used_s = await _take_all(home / f"round{i}.sqlite", servers, prefix)
        whole.append(count / took_s)
        cpu.append(used_s / count * 1e6)
        if database:
            there.append(count / (await _take_all(database, servers, prefix))[0])
    in_database = [Row.at_least("ledger in PostgreSQL, events from Kafka", median(there), 5000, "/s")] if there else []
    return [
        *in_database,
        Row.at_least("ledger, events from Kafka", median(whole), 5000, "/s"),
        Row.plain("the same rows by SQLite alone", median(alone), "events/s", 0),
        Row.at_least("ledger ÷ SQLite alone", median(100 * a / b for a, b in zip(whole, alone, strict=True)), 60, "%"),
        Row.plain("ledger, CPU an event, SQLite's included", median(cpu), "µs", 0),
    ]


async def _take_all(address: LedgerAddress, servers: str, prefix: str) -> tuple[float, float]:
    """Seconds, and seconds of CPU of this process, for a new ledger."""
    place = place_of(address)
    with place.only_one("rebuild"):
        place.clean()
        store = place.new()
        begun, used = perf_counter(), process_time()
        with at_full_speed():
            await read_all(store, servers, prefix)
        took = perf_counter() - begun, process_time() - used
        store.close()
    return took


async def main(cases: int = 10_000, database: str = "") -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
        broker = Broker(Path(name))
        try:
            print(markdown(await measure(await broker.start(), Path(name), cases, database)))
        finally:
            await broker.kill()


if __name__ == "__main__":
    given = sys.argv[1:]
    asyncio.run(main(int(given[0]) if given else 10_000, *given[1:]))
