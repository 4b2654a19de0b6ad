"""What the outbox owes Kafka: everything that was confirmed arrives, in order, through every crash."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Iterable, Sized
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import aiohttp
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from connectors.outbox.relay import Relay
from connectors.outbox.rows import command_rows, report_rows
from connectors.outbox.store import Message, Outbox, waiting
from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from schemas.codec import cloud_event
from schemas.topics import COMMANDS, EVERYWHERE, REPORTS, partition_of
from tests.processes.waiting import wait_until
from tests.worlds.doors import CASE, PARTITIONS, doors

pytestmark = pytest.mark.kafka


def report(key: str, n: int) -> Message:
    """The message `n` of a reporter: a report, then supplements, all under one key."""
    headers = cloud_event(event_id=f"{key}.{n}", source="/doors/web", kind="report", t_ms=n)
    return Message("web", f"{key}.{n}", "d", n, report_rows(key, f"{n}".encode(), headers, PARTITIONS, counted=n == 0))


async def records(servers: str, topic: str) -> list[ConsumerRecord]:
    """Everything in a topic now, in the order of its partitions."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, isolation_level="read_committed")
    await consumer.start()
    try:
        wanted = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        consumer.assign(wanted)
        await consumer.seek_to_beginning(*wanted)
        ends = await consumer.end_offsets(wanted)
        found: list[ConsumerRecord] = []
        for tp in wanted:
            while await consumer.position(tp) < ends[tp]:
                found += (await consumer.getmany(tp, timeout_ms=500)).get(tp, [])
        return found
    finally:
        await consumer.stop()


@asynccontextmanager
async def relaying(outbox: Outbox, servers: str, prefix: str = "") -> AsyncIterator[Relay]:
    relay = Relay(outbox, servers, prefix=prefix)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.wait([task])


async def emptied(file: Path, limit_s: float = 60) -> None:
    """Wait until Kafka has everything."""
    await wait_until(lambda: not waiting(file).rows, "an empty outbox", limit_s)


async def state(relay: Relay, wanted: str) -> None:
    await wait_until(lambda: relay.state == wanted, f"a relay that is {wanted}")


async def more_of(confirmed: Collection[Sized], number: int) -> None:
    """Wait until so many more messages are confirmed."""
    goal = number + sum(map(len, confirmed))
    await wait_until(lambda: sum(map(len, confirmed)) >= goal, f"{number} more messages", 60)


def values_by_key(found: Iterable[ConsumerRecord]) -> dict[str, list[int]]:
    """What a receiver has that knows each message by its id: first occurrences, in order."""
    seen: set[bytes] = set()
    kept: dict[str, list[int]] = {}
    for record in found:
        message_id = dict(record.headers)["ce_id"]
        if message_id not in seen:
            seen.add(message_id)
            kept.setdefault(record.key.decode(), []).append(int(record.value))
    return kept


async def test_rows_arrive_where_they_belong(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Each report reaches the partition of its key, and an absence reaches all of them."""
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    outbox = Outbox(tmp_path / "o.sqlite")
    cover = Message("web", "c", "d", 1, command_rows(EVERYWHERE, b"cover", (), PARTITIONS))
    await asyncio.gather(*(outbox.put(report(f"r{i}", 0)) for i in range(300)), outbox.put(cover))
    async with relaying(outbox, kafka, prefix) as relay:
        await emptied(outbox.path)
        await state(relay, "connected")
    await outbox.close()
    reports = await records(kafka, prefix + REPORTS)
    assert len(reports) == 300
    assert all(record.partition == partition_of(record.key.decode(), PARTITIONS) for record in reports)
    assert dict(reports[0].headers)["ce_specversion"] == b"1.0"
    assert [(r.partition, r.value) for r in await records(kafka, prefix + COMMANDS)] == [
        (partition, b"cover") for partition in range(PARTITIONS)
    ]


async def test_rows_larger_than_a_batch_keep_their_order(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Reports too large for one batch arrive in order."""
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    outbox = Outbox(tmp_path / "o.sqlite")
    for n in range(40):
        head = cloud_event(event_id=f"{n}", source="/x", kind="x", t_ms=n)
        rows = report_rows("same", f"{n}".ljust(60_000).encode(), head, PARTITIONS, counted=True)
        await outbox.put(Message("web", f"{n}", "d", n, rows))
    async with relaying(outbox, kafka, prefix):
        await emptied(outbox.path)
    await outbox.close()
    assert values_by_key(await records(kafka, prefix + REPORTS)) == {"same": list(range(40))}


async def test_a_topic_that_is_not_there_yet_is_waited_for(kafka: str, prefix: str, tmp_path: Path) -> None:
    """A report waits in the outbox until its topic exists."""
    outbox = Outbox(tmp_path / "o.sqlite")
    await outbox.put(report("r", 0))
    async with relaying(outbox, kafka, prefix) as relay:
        await state(relay, "waiting")
        assert waiting(outbox.path).reports == 1
        await create_topics(kafka, PARTITIONS, prefix=prefix)
        await emptied(outbox.path)
        await state(relay, "connected")
    await outbox.close()
    assert values_by_key(await records(kafka, prefix + REPORTS)) == {"r": [0]}


@pytest.mark.slow
async def test_what_was_accepted_while_kafka_died_arrives_once_in_order(
    broker: Broker, prefix: str, tmp_path: Path
) -> None:
    """Every message confirmed while the broker died twice arrives once, each key in its order."""
    await create_topics(broker.servers, PARTITIONS, prefix=prefix)
    outbox = Outbox(tmp_path / "o.sqlite")
    confirmed: dict[str, list[int]] = {f"k{i}": [] for i in range(12)}
    over = asyncio.Event()

    async def accept(key: str) -> None:
        n = 0
        while not over.is_set():
            assert await outbox.put(report(key, n))
            confirmed[key].append(n)
            n += 1
            await asyncio.sleep(0.005)

    async with relaying(outbox, broker.servers, prefix) as relay:
        people = [asyncio.create_task(accept(key)) for key in confirmed]
        for _ in range(2):
            await more_of(confirmed.values(), 500)
            await state(relay, "connected")
            await broker.kill()
            await state(relay, "waiting")
            await more_of(confirmed.values(), 500)
            await broker.start()
        await more_of(confirmed.values(), 200)
        over.set()
        await asyncio.gather(*people)
        await emptied(outbox.path)
    await outbox.close()
    assert values_by_key(await records(broker.servers, prefix + REPORTS)) == confirmed


@pytest.mark.slow
async def test_an_idle_relay_notices_that_kafka_is_away(broker: Broker, prefix: str, tmp_path: Path) -> None:
    """Status shows that Kafka is away even if nobody sends anything."""
    outbox = Outbox(tmp_path / "o.sqlite")
    async with relaying(outbox, broker.servers, prefix) as relay:
        await state(relay, "connected")
        await broker.kill()
        await state(relay, "waiting")
        await broker.start()
        await state(relay, "connected")
    await outbox.close()


@pytest.mark.slow
async def test_a_gateway_that_is_killed_loses_nothing_it_confirmed(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Whatever a gateway answered with 202 before it was killed under load reaches Kafka.

    What was sent and not yet noted as sent comes again, under the same id.
    """
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    confirmed, chance = set[str](), Random(36)
    for round_ in range(3):
        child, url = await start_gateway(tmp_path, kafka, prefix)
        posting = asyncio.create_task(post_until_it_dies(url, round_, confirmed))
        await more_of([confirmed], chance.randrange(20, 300))
        os.kill(child.pid, signal.SIGKILL)
        await posting
        await asyncio.to_thread(child.wait)
    outbox = Outbox(tmp_path / "outbox.sqlite")
    async with relaying(outbox, kafka, prefix):
        await emptied(outbox.path)
    await outbox.close()
    arrived = [json.loads(record.value)["id"] for record in await records(kafka, prefix + REPORTS)]
    assert len(confirmed) > 50
    assert confirmed <= set(arrived)
    # sent and not yet noted as sent: at least once; the receivers know them by their ids
    assert len(arrived) - len(set(arrived)) < 3 * 1000


async def test_reports_over_http_reach_kafka(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Reports and acts sent over HTTP reach their topics under their keys."""
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    async with doors(tmp_path, servers=kafka, prefix=prefix) as door:
        async with door.client.post("/api/reports", json={"id": "r1", "text": "x"}) as response:
            assert response.status == 202
        async with door.client.post(f"/api/cases/{CASE}/acts", json={"act": "urge", "by": "boss"}) as response:
            assert response.status == 202
        await emptied(tmp_path / "outbox.sqlite", 10)
        async with door.client.get("/health") as response:
            assert (await response.json())["kafka"] == "connected"
    assert [record.key for record in await records(kafka, prefix + REPORTS)] == [b"r1"]
    assert [record.key for record in await records(kafka, prefix + COMMANDS)] == [b"T-G01"]


async def start_gateway(home: Path, servers: str, prefix: str) -> tuple[subprocess.Popen[str], str]:
    """A gateway in a process of its own; its address is its first line."""

    def start() -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "tests.processes.gateway_process", str(home), servers, prefix]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        with child.stdout:
            return child, child.stdout.readline().strip()

    return await asyncio.to_thread(start)


async def post_until_it_dies(url: str, round_: int, confirmed: set[str]) -> None:
    """Eight people post as fast as they can."""

    async def person(who: int, session: aiohttp.ClientSession) -> None:
        for n in range(100_000):
            report_id = f"{round_}-{who}-{n}"
            try:
                async with session.post(f"{url}/api/reports", json={"id": report_id, "text": "x"}) as response:
                    assert response.status == 202
            except (aiohttp.ClientError, ConnectionError):
                return
            confirmed.add(report_id)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(person(who, session) for who in range(8)))
