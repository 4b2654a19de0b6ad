"""The client's receipts: each confirmed order once, and a day's statement by them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from aiokafka.structs import ConsumerRecord

from connectors.departments.acting import DepartmentDesk, StatementRefusedError
from connectors.departments.client import Orders
from connectors.departments.program import DepartmentJobs
from connectors.departments.receipts import Receipt, Receipts, receipt_of
from schemas.proof import Entry, ProofVerdict
from tests.worlds.proved_town import DAY, WATER, ZONE, close, listed, proved_town, two_burst_pipes

NIGHT_MS = 1_795_017_600_000
"""When DAY begins in Shanghai."""


def record(*headers: tuple[str, bytes]) -> ConsumerRecord:
    return ConsumerRecord("t", 0, 0, 0, 0, b"k", b"v", None, 1, 1, headers)


def test_a_record_has_its_receipt_in_its_headers() -> None:
    time = ("ce_time", b"2026-11-18T16:00:00.000Z")
    assert receipt_of(record(("ce_id", b"water/G-1/7"), time)) == Receipt("water/G-1/7", "G-1", 14, NIGHT_MS)
    end = receipt_of(record(("ce_id", b"water/G-1/7/finished"), time))
    assert end is not None
    assert (end.case, end.rank) == ("G-1", 15)


@pytest.mark.parametrize(
    "headers", [(), (("ce_id", b"x"), ("ce_time", b"2026-11-18T16:00:00Z")), (("ce_id", b"a/b/1"),)]
)
def test_what_is_no_order_has_none(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert receipt_of(record(*headers)) is None


def test_of_each_case_the_last_one_of_the_day_counts(tmp_path: Path) -> None:
    """However often it came, and in whatever order."""
    receipts = Receipts(tmp_path / "some" / "receipts")
    before, first, last = (Receipt(f"w/c/{n}", "c", 2 * n, NIGHT_MS - 1 + n) for n in range(3))
    receipts.add([last, first, before, last])
    receipts.add([first])
    assert receipts.taken(DAY, ZONE) == [Entry("w/c/2", "c")]
    assert receipts.taken(date(2026, 11, 18), ZONE) == [Entry("w/c/0", "c")]


async def test_a_day_is_stated_by_its_receipts(tmp_path: Path) -> None:
    """An order without a receipt is named, and with it the day is equal."""
    async with proved_town(tmp_path) as (town, proofs):
        two_burst_pipes(town)
        _, key = await town.gateway.accounts.ask(lambda rows: rows.department_keys.new(WATER, 0))
        orders = Orders("127.0.0.1:1", "t", "g", receipts=tmp_path / "receipts")
        async with DepartmentJobs(orders, DepartmentDesk(town.url, key)) as jobs:
            assert (await jobs.statement(DAY)).verdict is ProofVerdict.OPEN
            close(proofs)
            lost, *kept = listed(proofs)
            orders.receipts.add(Receipt(id, case, 1, NIGHT_MS) for id, case in kept)
            found = await jobs.statement(DAY)
            assert (found.verdict, found.differences["missing_there"]) == (ProofVerdict.DIFFERS, [lost._asdict()])
            orders.receipts.add([Receipt(lost.id, lost.case, 1, NIGHT_MS)])
            assert (await jobs.statement(DAY)).verdict is ProofVerdict.EQUAL


async def test_a_day_that_is_refused_says_why_and_a_list_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    async with proved_town(tmp_path) as (town, proofs):
        two_burst_pipes(town)
        close(proofs)
        _, key = await town.gateway.accounts.ask(lambda rows: rows.department_keys.new(WATER, 0))
        desk = DepartmentDesk(town.url, key, language="en")
        try:
            with pytest.raises(StatementRefusedError, match="9999-12-31"):
                await desk.state(date(9999, 12, 31), lambda zone: [])
            long = [Entry("x" * 2000 + str(n), "c") for n in range(1000)]
            found = await desk.state(DAY, lambda zone: long)
            assert (found.verdict, found.differences) == (ProofVerdict.DIFFERS, {})
        finally:
            await desk.close()


async def test_what_is_confirmed_while_receipts_are_stored_is_stored_the_next_time(tmp_path: Path) -> None:
    """A statement is made while orders go on being read."""
    early, late = Receipt("w/a/1", "a", 2, NIGHT_MS), Receipt("w/b/1", "b", 2, NIGHT_MS)

    class Meanwhile(Receipts):
        def add(self, receipts: Iterable[Receipt]) -> None:
            super().add(receipts)
            if late not in orders._received:
                orders._received.append(late)

    orders = Orders("127.0.0.1:1", "t", "g")
    orders.receipts = Meanwhile(tmp_path / "receipts")
    orders._received.append(early)
    await orders.keep_receipts()
    assert orders.receipts.taken(DAY, ZONE) == [Entry("w/a/1", "a")]
    await orders.keep_receipts()
    assert orders.receipts.taken(DAY, ZONE) == [Entry("w/a/1", "a"), Entry("w/b/1", "b")]
