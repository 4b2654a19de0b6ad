"""How many submissions a second are accepted with full durability, beside SQLite alone writing the same rows.

SQLite alone is measured twice: with one sync for as many rows as the outbox may take, beside the outbox alone; and with
one sync a row, which is what a door without group commit would pay, beside all of accepting.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from bench.table import Row, markdown
from connectors.accounts.store import Accounts
from connectors.contacts.book import ContactBook
from connectors.intake.accept import accept
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.intake.submission import ReportSubmission
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.store import TABLES, Message, Outbox, OutboxFile, Stored
from connectors.photos.store import PhotoStore
from tests.worlds.doors import region, rulebook, system

ROUNDS = 3
SENDERS = 200
"""How many people send at the same time."""


def submission(n: int) -> ReportSubmission:
    """What somebody sends."""
    return ReportSubmission(
        id=f"bench-{n}", text="路面有油污，很滑，请尽快处理", address="湖滨南路12-8号", reporter=f"p-{n}"
    )


async def accepted(folder: Path, count: int) -> tuple[float, list[float], list[Stored]]:
    """Accept that many from `SENDERS` people: reports a second, seconds each waited, the rows written."""
    outbox, contacts = Outbox(folder / "outbox.sqlite"), ContactBook(folder / "contacts.sqlite")
    accounts = Accounts(folder / "accounts.sqlite")
    gateway = Gateway(
        outbox=outbox, ledger=Ledger(folder / "none.sqlite"), photos=PhotoStore(folder / "photos", ZoneInfo("UTC")),
        recordings=RecordingStore(folder / "recordings"),
        contacts=contacts, accounts=accounts, region=region(), rulebook=rulebook(), system=system(),
    )  # fmt: skip
    waited: list[float] = []

    async def sender(first: int) -> None:
        for n in range(first, count, SENDERS):
            began = perf_counter()
            await accept(gateway, ("bench",), submission(n))
            waited.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(sender(first) for first in range(SENDERS)))
    took = perf_counter() - began
    rows = await outbox.pending(0, count)
    await outbox.close()
    await contacts.close()
    await accounts.close()
    return count / took, waited, rows


async def stored(folder: Path, rows: Sequence[Stored]) -> float:
    """The outbox alone, given messages that were built before: messages a second."""
    outbox = Outbox(folder / "alone.sqlite")
    messages = [Message("gateway", each.row.key, "0" * 64, each.received_ms, (each.row,)) for each in rows]

    async def sender(first: int) -> None:
        for message in messages[first::SENDERS]:
            await outbox.put(message)

    began = perf_counter()
    await asyncio.gather(*(sender(first) for first in range(SENDERS)))
    took = perf_counter() - began
    await outbox.close()
    return len(rows) / took


def bare(folder: Path, rows: Sequence[Stored], at_once: int) -> float:
    """The same rows and ids by SQLite alone, `at_once` to a sync: rows a second."""
    OutboxFile(folder / f"bare-{at_once}.sqlite").close()
    db = sqlite3.connect(folder / f"bare-{at_once}.sqlite", isolation_level=None)
    db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {TABLES}")
    heads = [("gateway", row.row.key, "0" * 64, row.received_ms) for row in rows]
    bodies = [
        (row.topic, row.key, row.partition, row.value, to_json(row.headers).decode(), row.report, each.received_ms)
        for each in rows
        for row in [each.row]
    ]
    began = perf_counter()
    for at in range(0, len(rows), at_once):
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO messages VALUES (?, ?, ?, ?)", heads[at : at + at_once])
        db.executemany("INSERT INTO rows VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", bodies[at : at + at_once])
        db.execute("COMMIT")
    took = perf_counter() - began
    db.close()
    return len(rows) / took


async def measure(count: int) -> list[Row]:
    """All in turns."""
    found: dict[str, list[float]] = {"accept": [], "single": [], "outbox": [], "grouped": []}
    waits = list[float]()
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
            folder = Path(name)
            rate, waited, rows = await accepted(folder, count)
            waits += waited
            found["accept"].append(rate)
            found["single"].append(bare(folder, rows[: count // 4], 1))
            found["outbox"].append(await stored(folder, rows))
            found["grouped"].append(bare(folder, rows, SENDERS))
    accept_, single, outbox, grouped = (median(each) for each in found.values())
    return [
        Row.at_least("accepted a second: checked, built, synced", accept_, 2_000, "/s"),
        Row.plain("SQLite alone, one sync a row", single, "/s", 0),
        Row.at_least("ratio", accept_ / single, 0.8, "", 2),
        Row.plain("the outbox alone, messages built before", outbox, "/s", 0),
        Row.plain(f"SQLite alone, one sync for {SENDERS} rows", grouped, "/s", 0),
        Row.at_least("ratio", outbox / grouped, 0.8, "", 2),
        Row.at_most(f"p99 of the wait, {SENDERS} senders, Kafka away", quantiles(waits, n=100)[98] * 1000, 250, "ms"),
    ]


if __name__ == "__main__":
    print(markdown(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))))
