"""Whether readers have caught up, and sending over a broker that dies: on a real Kafka."""

import asyncio
import json
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from grid36.replay.caught_up import CaughtUp, Standstill, wait_caught_up
from grid36.replay.sending import ReplayMessage, Sender
from schemas.topics import CASES, COMMANDS, EVENTS, MEASURES, REPORTS
from tests.accept.running import read_values
from tests.processes.waiting import wait_until

pytestmark = pytest.mark.kafka


async def write(servers: str, topic: str, partition: int, values: list[bytes], key: bytes = b"k") -> int:
    """Write in one transaction, whose marker takes an offset too; the offset behind the last record."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"w-{topic}-{partition}")
    await producer.start()
    try:
        async with producer.transaction():
            sent = [await producer.send_and_wait(topic, value, key, partition=partition) for value in values]
        last: int = sent[-1].offset
        return last + 1
    finally:
        await producer.stop()


async def keep(servers: str, topic: str, partition: int, next_offset: int) -> None:
    await write(servers, topic, partition, [json.dumps({"next": next_offset}).encode()], b"__partition")


async def test_caught_up_means_that_no_record_is_left_behind_any_marker(
    kafka: str, prefix: str, tmp_path: Path
) -> None:
    """Readers count as caught up only when no record is left, wherever markers stand."""
    await create_topics(kafka, 2, prefix=prefix)
    async with CaughtUp(kafka, 2, tmp_path / "none.sqlite", prefix) as readers:
        assert not any((await readers.behind()).values())
        behind_last = await write(kafka, prefix + COMMANDS, 1, [b"a", b"b", b"c"])
        assert (await readers.behind())["cases"] > 0
        await keep(kafka, prefix + CASES, 1, behind_last - 1)
        assert (await readers.behind())["cases"] > 0
        await keep(kafka, prefix + CASES, 1, behind_last)
        assert (await readers.behind())["cases"] == 0
        events = await write(kafka, prefix + EVENTS, 0, [b"e"])
        left = await readers.behind()
        assert left["measure"] > 0
        assert left["ledger"] > 0
        await keep(kafka, prefix + MEASURES, 0, events)
        assert (await readers.behind())["measure"] == 0


async def test_waiting_for_readers_that_stand_still_ends(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Waiting for readers that stand still ends and names them."""
    await create_topics(kafka, 1, prefix=prefix)
    await write(kafka, prefix + COMMANDS, 0, [b"a"])
    seen: list[dict[str, int]] = []
    with pytest.raises(Standstill, match="cases"):
        await wait_caught_up(kafka, 1, tmp_path / "none.sqlite", seen.append, prefix=prefix, patience_s=1.0)
    assert seen[-1]["cases"] > 0


@pytest.mark.slow
async def test_a_sender_outlives_its_broker(broker: Broker, prefix: str) -> None:
    """A replay whose broker dies sends everything, at least once and in order."""
    await create_topics(broker.servers, 1, prefix=prefix)
    waits = 0

    def waiting() -> None:
        nonlocal waits
        waits += 1

    async with Sender(broker.servers, prefix, waiting, try_s=1.5) as sender:
        await sender.send([ReplayMessage(REPORTS, 0, "k", b"%d" % n) for n in range(100)])
        await broker.kill()
        sending = asyncio.create_task(sender.send([ReplayMessage(REPORTS, 0, "k", b"%d" % n) for n in range(100, 200)]))
        await wait_until(lambda: waits, "the sender notices", 60)
        await broker.start()
        await asyncio.wait_for(sending, 90)
    assert waits
    (values,) = await read_values(broker.servers, prefix + REPORTS)
    assert list(dict.fromkeys(int(value) for value in values)) == list(range(200))
