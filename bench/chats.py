"""What a chat costs before anything is said: knowing who writes, whom a job reaches, and what a person has to do."""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.table import Row, markdown
from connectors.accounts.store import Accounts
from connectors.chat.knowledge.insight import LedgerInsight
from connectors.contacts.book import ContactBook
from connectors.contacts.contact import Contact
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.fold import COLUMNS, columns
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.store import Store
from connectors.outbox.store import Outbox
from connectors.photos.store import PhotoStore
from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from schemas.names import Language
from schemas.region import Region
from tests.worlds.builders import START
from tests.worlds.doors import system
from tests.worlds.small_town import EXAMPLE

UTC = ZoneInfo("UTC")

SENDERS, ROUNDS, MINUTE_MS = 5_000, 15, 60_000
BUSY = {"supervisor-01": "a supervisor", "patroller-01": "a patroller", "officer-sanitation": "a department's desk"}
"""People with a share of everything: a tenth of the jobs, a twentieth of the reports, all jobs of a department."""


def cases(region: Region, count: int) -> Iterator[tuple[object, ...]]:
    """Rows of the ledger: one in fifty is open, the others were closed over the years."""
    draw, segments = Random(36), [each for each in region.segments if each.owner]
    for n in range(count):
        at, t, is_open = draw.choice(segments), START + n * MINUTE_MS, n % 50 == 0
        owner = "supervisor-01" if draw.random() < 0.1 else at.owner
        reporter = "patroller-01" if draw.random() < 0.05 else f"p-{draw.randrange(count // 4):016x}"
        place = {"grid": at.grid, "segment": at.id, "label": at.road.zh, "lon": at.line[0][0], "lat": at.line[0][1]}
        doc = {
            "v": 1, "number": f"{region.code}-{at.grid}-2609-{n:07}", "home": f"{region.code}-{at.grid}",
            "report": f"r-{n}", "state": "dispatched" if is_open else "closed", "reporter": reporter,
            "category": "greasy", "assignee": owner, "department": {"code": "sanitation", "name": "Sanitation"},
            "place": {**place, "by": "address"}, "submitted_ms": t, "dispatched_ms": t, "due_ms": t + 60 * MINUTE_MS,
            "deadlines": {"resolve": t + 60 * MINUTE_MS} if is_open else {}, "seq": 2, "acts": ["a", "b"],
        }  # fmt: skip
        yield columns(doc, n, UTC)


def ledger_with(region: Region, count: int, file: Path) -> Ledger:
    """A ledger of so many cases, without their events."""
    Store.create(file, "bench").close()
    db = sqlite3.connect(file)
    marks = ", ".join("?" * len(COLUMNS))
    db.executemany(f"INSERT INTO cases ({', '.join(COLUMNS)}) VALUES ({marks})", cases(region, count))  # noqa: S608
    db.commit()
    db.close()
    return Ledger(file)


async def strangers(book: ContactBook) -> float:
    """How many a second are known, durably, when all write at once."""
    began = perf_counter()
    await asyncio.gather(*(book.heard("chat", f"s{n}", t_ms=START, chat="x") for n in range(SENDERS)))
    return SENDERS / (perf_counter() - began)


async def reached_us(book: ContactBook) -> float:
    """Microseconds to find the door of somebody who has one."""
    invitation = await book.invite(person="supervisor-01", now_ms=START)
    await book.bind("chat", "s1", invitation.token, START)
    find = book.handlers({"chat"}, lambda _: Language.ZH)
    began = perf_counter()
    for _ in range(SENDERS):
        assert find("supervisor-01") is not None
    return (perf_counter() - began) / SENDERS * 1e6


async def known_ms(insight: LedgerInsight, person: str) -> float:
    """Milliseconds until everything is known that a message of this person may be about; the median."""
    contact, took = Contact("chat", "s", person, "p-0", (), "x"), list[float]()
    for _ in range(ROUNDS):
        began = perf_counter()
        await insight.about(contact, None, "")
        took.append((perf_counter() - began) * 1000)
    return median(took)


async def measure(count: int) -> list[Row]:
    """With a ledger of `count` cases."""
    region = load_region(EXAMPLE)
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
        folder = Path(name)
        book = ContactBook(folder / "contacts.sqlite")
        gateway = Gateway(
            outbox=Outbox(folder / "outbox.sqlite"), ledger=ledger_with(region, count, folder / "ledger.sqlite"),
            photos=PhotoStore(folder / "photos", ZoneInfo(region.zone)),
            recordings=RecordingStore(folder / "recordings"), contacts=book,
            accounts=Accounts(folder / "accounts.sqlite"), region=region,
            rulebook=load_rulebook(EXAMPLE), system=system(),
        )  # fmt: skip
        rows = [
            Row.at_least(f"strangers known a second, {SENDERS:,} at once", await strangers(book), 2_000, "/s"),
            Row.at_most("whose phone gets a job", await reached_us(book), 200, "µs"),
        ]
        insight = LedgerInsight(gateway)
        for person, who in BUSY.items():
            rows.append(Row.at_most(f"what {who} may mean, {count:,} cases", await known_ms(insight, person), 50, "ms"))
        await gateway.outbox.close()
        await gateway.accounts.close()
        await book.close()
    return rows


if __name__ == "__main__":
    print(markdown(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))))
