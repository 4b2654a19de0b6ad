"""What a department is promised of its topic, on a real Kafka."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from connectors.departments.bookmark import Bookmark
from connectors.departments.client import Delivery, Orders, orders
from connectors.departments.receipts import Receipts
from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from schemas.case import State
from schemas.codec import encode
from schemas.event import EventType
from schemas.order import Order
from schemas.proof import Entry
from schemas.report import Department, ReportKind
from schemas.topics import department_topic, home_of, partition_of
from tests.processes.kafka_lab import empty, lag
from tests.processes.waiting import wait_until
from tests.worlds.doors import PARTITIONS, T0

pytestmark = pytest.mark.kafka

CASES = [f"T-G0{i}-2511-0000{i}" for i in range(1, 7)]
Record = tuple[str, bytes | None]


def order(case: str, seq: int) -> Record:
    return case, encode(
        Order(
            case=case, seq=seq, changed=(EventType.DISPATCHED,), state=State.DISPATCHED, kind=ReportKind.PROBLEM,
            category="litter", department=Department(code="police", name="P"), assignee="p1", submitted_ms=T0,
            dispatched_ms=T0,
        )
    )  # fmt: skip


@asynccontextmanager
async def writing(servers: str, prefix: str = "") -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"{prefix}w", request_timeout_ms=8000)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def write(
    producer: AIOKafkaProducer, records: Iterable[Record], prefix: str = "", *, abort: bool = False
) -> None:
    """One transaction, as the step that writes orders does it; or one that fails at its end."""
    topic = prefix + department_topic("police")
    await producer.begin_transaction()
    for case, value in records:
        await producer.send_and_wait(topic, value, case.encode(), partition_of(home_of(case), PARTITIONS))
    await (producer.abort_transaction() if abort else producer.commit_transaction())


async def take(stream: Orders, count: int) -> list[Delivery]:
    async with asyncio.timeout(30):
        return [await anext(stream) for _ in range(count)]


async def nothing_more(stream: Orders) -> bool:
    try:
        async with asyncio.timeout(1.5):
            await anext(stream)
    except TimeoutError:
        return True
    return False


async def topic(servers: str, prefix: str = "") -> None:
    await create_topics(servers, PARTITIONS, ["police"], prefix=prefix)


async def test_orders_come_once_in_the_order_of_each_case(kafka: str, prefix: str) -> None:
    """A department gets each order once and in the order of its case, and none of a failed transaction."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer:
        await write(producer, [order(case, seq) for seq in (1, 2, 5) for case in CASES], prefix)
        await write(producer, [order(CASES[0], 6)], prefix, abort=True)
        await write(producer, [(CASES[0], None)], prefix)
        async with orders(kafka, "police", prefix=prefix) as stream:
            got = await take(stream, 19)
            assert await nothing_more(stream)
    for case in CASES:
        seqs = [delivery.order.seq if delivery.order else None for delivery in got if delivery.case == case]
        assert seqs == ([1, 2, 5, None] if case == CASES[0] else [1, 2, 5])
    assert [delivery.case for delivery in got if delivery.finished] == [CASES[0]]
    assert not any(delivery.again for delivery in got)


async def test_what_was_not_done_comes_again(kafka: str, prefix: str) -> None:
    """An order that a department's program did not finish comes again; a finished one does not."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer:
        await write(producer, [order(CASES[0], seq) for seq in range(1, 6)], prefix)

    async def fails_at_the_third() -> None:
        async with orders(kafka, "police", prefix=prefix) as stream:
            assert [d.order.seq for d in await take(stream, 3) if d.order] == [1, 2, 3]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails_at_the_third()
    async with orders(kafka, "police", prefix=prefix) as stream:
        assert [d.order.seq for d in await take(stream, 2) if d.order] == [3, 4]
    async with orders(kafka, "police", prefix=prefix) as stream:
        assert [d.order.seq for d in await take(stream, 1) if d.order] == [5]
    async with orders(kafka, "police", prefix=prefix) as stream:
        assert await nothing_more(stream)


async def test_a_receipt_is_kept_of_each_confirmed_order(kafka: str, prefix: str, tmp_path: Path) -> None:
    """An order that was not confirmed has no receipt, and each other one has one before its offset is committed."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer, producer.transaction():
        for seq in (1, 2, 3):
            headers = [("ce_id", f"police/{CASES[0]}/{seq}".encode()), ("ce_time", b"2026-11-19T01:00:00.000Z")]
            name, (case, value) = prefix + department_topic("police"), order(CASES[0], seq)
            await producer.send_and_wait(name, value, case.encode(), 0, headers=headers)
    zone, day = ZoneInfo("Asia/Shanghai"), date(2026, 11, 19)

    async def fails_at_the_third() -> None:
        async with orders(kafka, "police", prefix=prefix, receipts=tmp_path / "receipts") as stream:
            await take(stream, 3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails_at_the_third()
    assert Receipts(tmp_path / "receipts").taken(day, zone) == [Entry(f"police/{CASES[0]}/2", CASES[0])]
    async with orders(kafka, "police", prefix=prefix, receipts=tmp_path / "receipts") as stream:
        assert [d.order.seq for d in await take(stream, 1) if d.order] == [3]
    assert Receipts(tmp_path / "receipts").taken(day, zone) == [Entry(f"police/{CASES[0]}/3", CASES[0])]


async def test_the_lag_of_a_group_reaches_zero(kafka: str, prefix: str) -> None:
    """Kafka's own tools show a lag of zero for a department that has read everything."""
    await topic(kafka, prefix)
    name = prefix + department_topic("police")
    async with writing(kafka, prefix) as producer, orders(kafka, "police", prefix=prefix) as stream:
        await write(producer, [order(case, 1) for case in CASES], prefix)
        await take(stream, len(CASES))
        await write(producer, [order(CASES[0], 2)], prefix, abort=True)
        assert await nothing_more(stream)
        assert await lag(kafka, name) == 0
        await write(producer, [order(CASES[0], 3), order(CASES[0], 4)], prefix)
        await take(stream, 1)
    async with orders(kafka, "police", prefix=prefix) as stream:
        assert [d.order.seq for d in await take(stream, 1) if d.order] == [4]
    assert await lag(kafka, name) == 0


async def test_after_a_long_absence_what_was_done_comes_marked(kafka: str, prefix: str, tmp_path: Path) -> None:
    """A department that Kafka has forgotten reads from the start, and the bookmark tells new orders from old."""
    await topic(kafka, prefix)
    file = tmp_path / "police.json"
    async with writing(kafka, prefix) as producer:
        await write(producer, [order(case, 1) for case in CASES], prefix)
        async with orders(kafka, "police", prefix=prefix, bookmark=file) as stream:
            assert not any(delivery.again for delivery in await take(stream, len(CASES)))
        await write(producer, [order(CASES[0], 2)], prefix)
    async with orders(kafka, "police", group="forgotten", prefix=prefix, bookmark=file) as stream:
        got = await take(stream, len(CASES) + 1)
    assert [d.order.seq for d in got if d.order and not d.again] == [2]


async def test_a_bookmark_of_another_topic_marks_nothing(kafka: str, prefix: str, tmp_path: Path) -> None:
    """A bookmark of another, longer or unreadable topic marks no order as repeated."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer:
        await write(producer, [order(CASES[0], 1)], prefix)
    own = Bookmark(tmp_path / "longer.json", prefix + department_topic("police"))
    own.write(dict.fromkeys(range(PARTITIONS), 1000))
    other = Bookmark(tmp_path / "other.json", "department.water")
    other.write(dict.fromkeys(range(PARTITIONS), 1))
    (tmp_path / "broken.json").write_text("{")
    for name in ("longer", "other", "broken"):
        file = tmp_path / f"{name}.json"
        async with orders(kafka, "police", group=name, prefix=prefix, bookmark=file) as stream:
            (delivery,) = await take(stream, 1)
        assert not delivery.again, name


async def test_a_topic_that_is_emptied_by_retention(kafka: str, prefix: str) -> None:
    """After retention has emptied the topic the next order comes once, and unmarked."""
    await topic(kafka, prefix)
    name = prefix + department_topic("police")
    async with writing(kafka, prefix) as producer:
        async with orders(kafka, "police", prefix=prefix) as stream:
            for seq in (1, 2):
                await write(producer, [order(CASES[0], seq)], prefix)
                (got,) = await take(stream, 1)
                assert (got.order and got.order.seq, got.again) == (seq, False)
                await empty(kafka, name, PARTITIONS)
        await write(producer, [order(CASES[0], 3)], prefix, abort=True)
        await empty(kafka, name, PARTITIONS)
        async with orders(kafka, "police", prefix=prefix) as stream:
            assert await nothing_more(stream)
            await write(producer, [order(CASES[0], 4)], prefix)
            (got,) = await take(stream, 1)
            assert (got.order and got.order.seq, got.again, stream.waiting) == (4, False, None)


async def test_groups_do_not_take_orders_from_each_other(kafka: str, prefix: str) -> None:
    """Two programs of one department with groups of their own each get every order."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer:
        await write(producer, [order(CASES[0], 1)], prefix)
    for group in ("screen", "printer"):
        async with orders(kafka, "police", group=group, prefix=prefix) as stream:
            assert len(await take(stream, 1)) == 1


async def test_a_sequence_that_does_not_grow_is_marked(kafka: str, prefix: str) -> None:
    """A repeated or overtaken order comes with a mark; it is never left out."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer:
        await write(producer, [order(CASES[0], seq) for seq in (1, 3, 3, 2, 4)], prefix)
    async with orders(kafka, "police", prefix=prefix) as stream:
        got = await take(stream, 5)
    assert [(d.order.seq, d.again) for d in got if d.order] == [
        (1, False),
        (3, False),
        (3, True),
        (2, True),
        (4, False),
    ]


async def test_an_unreadable_record_is_handed_over_and_does_not_stop_the_rest(kafka: str, prefix: str) -> None:
    """A record that cannot be read is handed over with its fault, and the next order follows."""
    await topic(kafka, prefix)
    async with writing(kafka, prefix) as producer:
        await write(producer, [(CASES[0], b"\xff{"), order(CASES[0], 2)], prefix)
    async with orders(kafka, "police", prefix=prefix) as stream:
        bad, good = await take(stream, 2)
    assert (bad.case, bad.order, bad.finished, bool(bad.fault)) == (CASES[0], None, False, True)
    assert (good.again, good.fault) == (False, None)


async def test_a_topic_that_is_not_there_yet_is_waited_for(kafka: str, prefix: str) -> None:
    """A department's program may start before its topic exists."""
    async with orders(kafka, "police", prefix=prefix) as stream:
        assert await nothing_more(stream)
        assert stream.waiting
        await topic(kafka, prefix)
        async with writing(kafka, prefix) as producer:
            await write(producer, [order(CASES[0], 1)], prefix)
        assert len(await take(stream, 1)) == 1
        assert stream.waiting is None


@pytest.mark.slow
async def test_a_reader_survives_a_broker_that_dies(broker: Broker, prefix: str) -> None:
    """A department misses no order when the broker dies, and repeated orders are marked."""
    await topic(broker.servers, prefix)
    got: list[Delivery] = []
    async with orders(broker.servers, "police", prefix=prefix) as stream:
        for round_ in range(2):
            async with writing(broker.servers, prefix) as producer:
                await write(producer, [order(case, 10 * round_ + n) for n in range(1, 6) for case in CASES], prefix)
            got += await take(stream, 15)
            await broker.kill()
            reading = asyncio.create_task(read_until(stream, got, 30 * (round_ + 1)))
            await wait_until(partial(noticed, stream, reading), "the reader notices")
            await broker.start()
            await wait_until(partial(transactions_work, broker.servers), "transactions after a start", 60)
            await asyncio.wait_for(reading, 60)
    firsts = [d for d in got if not d.again]
    for case in CASES:
        assert [d.order.seq for d in firsts if d.order and d.case == case] == [1, 2, 3, 4, 5, 11, 12, 13, 14, 15]
    assert len({(d.partition, d.offset) for d in firsts}) == len(firsts)


async def read_until(stream: Orders, got: list[Delivery], number: int) -> None:
    """Read until there are so many different orders."""
    while len({(d.case, d.order.seq) for d in got if d.order}) < number:
        got.append(await anext(stream))


def noticed(stream: Orders, reading: asyncio.Task[None]) -> bool:
    """Whether the reader waits for its broker; what it had fetched before may be all that it needs."""
    return stream.waiting is not None or reading.done()


async def transactions_work(servers: str) -> bool:
    try:
        async with writing(servers, "probe"):
            return True
    except KafkaError:
        return False
