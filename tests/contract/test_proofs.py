"""The proof for partners on a real Kafka: days close by the log alone, and each statement is written once."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.run import run as run_ledger
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from connectors.proofs.closing import Closing
from connectors.proofs.statements import Statements
from grid36.kafka.topics import ensure_proofs
from schemas.codec import decode
from schemas.place import PlaceGiven
from schemas.proof import Entry, ProofStatement, ProofVerdict, ProofWay, account_of
from schemas.report import Report, Reporter
from schemas.topics import PROOFS, REPORTS
from streams.drivers.aiokafka import PlainDriver
from tests.contract.test_worker import N, World
from tests.processes.live_log import everything
from tests.processes.waiting import wait_until
from tests.worlds.commanded_street import START_MS

pytestmark = pytest.mark.kafka

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 19)


@asynccontextmanager
async def ledger_of(world: World, folder: Path) -> AsyncIterator[Ledger]:
    """The ledger process as a task."""
    stop, file = asyncio.Event(), folder / "ledger.sqlite"
    running = asyncio.create_task(run_ledger(world.servers, file, stop, prefix=world.prefix))
    try:
        yield Ledger(file)
    finally:
        stop.set()
        await running


async def test_a_quiet_partition_is_closed_by_a_tick(kafka: str, prefix: str, tmp_path: Path) -> None:
    """No event comes after it, and what the department's topic has is what counts."""
    world = await World(kafka, prefix, tmp_path).made()
    closing = Closing(kafka, N, prefix=prefix)
    async with world.worker(PlainDriver()), ledger_of(world, tmp_path) as ledger:
        report = Report(
            id="r1", text="dirty", place=PlaceGiven(address="S1"), reporter=Reporter(id="walker"), door="page",
            received_ms=START_MS,
        )  # fmt: skip
        await world.send(REPORTS, report.id, report)
        (order,) = await world.orders(1)
        now_ms = order.dispatched_ms + 1
        assert await closing.through_ms(ledger) < now_ms, "two partitions never did anything"
        await closing.tick(now_ms)

        async def complete() -> bool:
            try:
                return await closing.through_ms(ledger) >= now_ms
            except LedgerAway:
                return False

        await wait_until(complete, "all partitions behind the tick")
        proofs = Proofs(ProofBook(tmp_path / "proofs.sqlite", ZONE), ledger)
        proofs.follow()
        day = min(first for _, first in proofs.book.partners())
        (record,) = proofs.records("waste", ProofWay.TO_PARTNER, day)
    assert record.entry == Entry(f"waste/{order.case}/{order.seq}", order.case)


def filled(folder: Path) -> Proofs:
    """Two days with records of one partner, closed, without a ledger."""
    book = ProofBook(folder / "proofs.sqlite", ZONE)
    proofs = Proofs(book, Ledger(folder / "none.sqlite"))
    for n in range(30):
        book.state("water", DAY + timedelta(days=n), ProofWay.TO_PARTNER, account_of([Entry(f"{n}", "c")]), None, n)
    book.complete(1_830_000_000_000)
    return proofs


def statements_of(proofs: Proofs, servers: str, prefix: str) -> Statements:
    return Statements(proofs, ZONE, servers, partial(ensure_proofs, servers, prefix=prefix), prefix=prefix)


async def topic_of(servers: str, prefix: str) -> list[tuple[str, ProofStatement]]:
    (records,) = await everything(servers, prefix + PROOFS, 1)
    return [(record.key.decode(), decode(ProofStatement, record.value)) for record in records]


async def test_each_statement_is_written_once_whoever_is_killed(kafka: str, prefix: str, tmp_path: Path) -> None:
    """By kill -9 between the records and the commit, and between the commit and the note that it is written."""
    filled(tmp_path)
    for when in ("before", "after"):
        command = [sys.executable, "-m", "tests.processes.proofs_process", str(tmp_path), kafka, prefix, when]
        killed = await asyncio.create_subprocess_exec(*command)
        assert await asyncio.wait_for(killed.wait(), 60) == -9
    proofs = Proofs(ProofBook(tmp_path / "proofs.sqlite", ZONE), Ledger(tmp_path / "none.sqlite"))
    assert len(proofs.book.due(100)) == 30, "nobody came to note it"
    writer = statements_of(proofs, kafka, prefix)
    assert await writer.write() == 0, "all of it is there"
    written = await topic_of(kafka, prefix)
    assert [key for key, _ in written] == [f"water|{DAY + timedelta(days=n)}" for n in range(30)]
    proofs.book.state("water", DAY, ProofWay.FROM_PARTNER, account_of([]), None, 0)
    assert await writer.write() == 1
    (*_, (key, news)) = await topic_of(kafka, prefix)
    assert (key, news.theirs.from_partner, news.zone) == (f"water|{DAY}", account_of([]), "Asia/Shanghai")
    assert news.theirs.to_partner == account_of([Entry("0", "c")])


async def test_what_a_partner_said_to_another_gateway_stays(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Each gateway knows what was stated to it, and the topic has both."""
    one, other = tmp_path / "one", tmp_path / "other"
    first, second = (Proofs(ProofBook(home / "proofs.sqlite", ZONE), Ledger(home / "none")) for home in (one, other))
    said = account_of([Entry("1", "c")])
    first.book.state("water", DAY, ProofWay.TO_PARTNER, said, None, 0)
    second.book.state("water", DAY, ProofWay.FROM_PARTNER, said, None, 0)
    for proofs in (first, second):
        proofs.book.complete(1_830_000_000_000)
        assert await statements_of(proofs, kafka, prefix).write() == 1
    (*_, (_, both)) = await topic_of(kafka, prefix)
    assert (both.theirs.to_partner, both.theirs.from_partner) == (said, said)
    assert first.day("water", DAY).verdict is ProofVerdict.DIFFERS
