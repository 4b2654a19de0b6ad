"""How fast the ledger takes events from Kafka, beside SQLite alone writing the same rows in the same batches."""

import asyncio
import sqlite3
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from pydantic_core import from_json

from connectors.ledger import files
from connectors.ledger.fold import COLUMNS, Doc, columns, fold
from connectors.ledger.run import calm_collector, read_all
from connectors.ledger.schema import TABLES
from connectors.ledger.store import AGAIN, CASE, EVENT, Row
from connectors.tail import MOST_RECORDS
from grid36.broker import Broker
from grid36.kafka import create_topics
from schemas.event import Because, EventType
from tests.builders import HOUR, START, Built, LogBuilder, publish

ROUNDS = 3
Batch = tuple[list[Row], list[Row], list[Row]]

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
    """Cases opened, dispatched, acknowledged, resolved and closed, at most 1,000 open at a time, over 40 homes."""
    log, waiting = LogBuilder(partitions), list[str]()
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
    return log


def prepared(log: LogBuilder) -> list[Batch]:
    """The rows that the ledger writes for `log`, by transaction."""
    events = [(record, from_json(record.value or b"")) for record in log.records]
    docs: dict[str, Doc] = {}
    return [_batch(events[i : i + MOST_RECORDS], i, docs) for i in range(0, len(events), MOST_RECORDS)]


def _batch(part: list[tuple[Built, Doc]], first: int, docs: dict[str, Doc]) -> Batch:
    known, touched = set(docs), dict[str, int]()
    rows: list[Row] = []
    for seq, (record, event) in enumerate(part, first + 1):
        number = event["case"]
        rows.append((seq, record.partition, event["n"], number, event["t_ms"], record.value))
        docs[number] = fold(docs.get(number), event)
        touched[number] = seq
    cases = {number: columns(docs[number], seq) for number, seq in touched.items()}
    new = [row for number, row in cases.items() if number not in known]
    return rows, new, [row for number, row in cases.items() if number in known]


def bare(batches: list[Batch], file: Path) -> None:
    """SQLite alone, with the settings of the ledger."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000")
    connection.executescript(TABLES)
    marks = [f"({', '.join('?' * width)})" for width in (6, len(COLUMNS))]
    for events, new, old in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(EVENT + marks[0], events)
        connection.executemany(CASE + marks[1], new)
        connection.executemany(CASE + marks[1] + AGAIN, old)
        connection.execute("COMMIT")
    connection.close()


async def main(cases: int = 10_000) -> None:
    """Print rounds of both, one after the other, and their ratio."""
    log = build(cases)
    count, batches = len(log.records), prepared(log)
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
        home = Path(name)
        broker = Broker(home)
        try:
            servers = await broker.start()
            await create_topics(servers, log.partitions)
            await publish(servers, log.records, size=1000)
            print(f"ledger: {count} events of {cases} cases, {len(batches)} transactions of bare SQLite")
            for i in range(ROUNDS):
                begun = perf_counter()
                bare(batches, home / f"bare-{i}.sqlite")
                alone = count / (perf_counter() - begun)
                store = files.new(home / f"round{i}.sqlite")
                begun, cpu = perf_counter(), process_time()
                with calm_collector():
                    await read_all(store, servers, "")
                whole, cpu = count / (perf_counter() - begun), process_time() - cpu
                store.finish()
                print(
                    f"  bare SQLite {alone:9,.0f}/s   ledger {whole:9,.0f}/s   {whole / alone:4.0%}"
                    f"   CPU {cpu / count * 1e6:.0f} µs an event"
                )
        finally:
            await broker.kill()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
