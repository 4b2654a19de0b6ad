"""Weeks without a report, on a broker whose weeks are seconds: it forgets producers, deletes, compacts, hangs up."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from connectors.departments.client import Delivery, Orders, orders
from grid36.kafka.topics import DEPARTMENT, KEPT
from grid36.machine.broker import Broker
from tests.processes.brokers import running_broker
from tests.processes.kafka_lab import lag
from tests.processes.system import System
from tests.processes.waiting import block_until, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

SHORT = """
transactional.id.expiration.ms=3000
transaction.remove.expired.transaction.cleanup.interval.ms=500
producer.id.expiration.ms=3000
producer.id.expiration.check.interval.ms=500
connections.max.idle.ms=3000
offsets.retention.minutes=1
offsets.retention.check.interval.ms=500
log.retention.check.interval.ms=500
log.initial.task.delay.ms=500
log.cleaner.backoff.ms=500
"""
COMPACTED = {"min.cleanable.dirty.ratio": "0.01", "delete.retention.ms": "1000", "max.compaction.lag.ms": "1000"}
PARTITIONS = 2


class HastyBroker(Broker):
    """An embedded broker for which days are seconds."""

    def properties(self) -> str:
        """With the limits that usually are days."""
        return super().properties() + SHORT


@asynccontextmanager
async def admin_of(servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def hurry(servers: str) -> None:
    """Let topics roll, compact and delete within seconds."""
    async with admin_of(servers) as admin:
        wanted = {}
        for name in [name for name in await admin.list_topics() if not name.startswith("__")]:
            kept = dict(KEPT.get(name, DEPARTMENT)) | {"segment.ms": "2000"}
            kept |= COMPACTED if "compact" in kept.get("cleanup.policy", "") else {}
            kept |= {"retention.ms": "6000"} if kept.get("retention.ms", "-1") != "-1" else {}
            wanted[name] = kept
        topics = [ConfigResource(ConfigResourceType.TOPIC, name, kept) for name, kept in wanted.items()]
        assert not [
            refused for answer in await admin.alter_configs(topics) for refused in answer.resources if refused[0]
        ]


async def emptied(servers: str, *topics: str) -> None:
    """Wait until retention has deleted all there is: by then the broker has forgotten every producer, too."""
    parts = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()

    async def empty() -> bool:
        return bool(await consumer.beginning_offsets(parts) == await consumer.end_offsets(parts))

    try:
        await wait_until(empty, "retention", 60)
    finally:
        await consumer.stop()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[str]:
    with running_broker(HastyBroker(tmp_path / "hasty")) as broker:
        yield broker.servers


def test_quiet_weeks(servers: str, tmp_path: Path) -> None:
    """After weeks without a report the next one has its case, the balance is exact, and nobody is alarmed."""
    system = System(tmp_path / "home", partitions=PARTITIONS)
    system.environment["GRID36_KAFKA"] = servers
    with system:
        asyncio.run(hurry(servers))
        asyncio.run(weeks(system, servers))
        again = system.run("down"), system.run("up", "--workers", "1", "--detach")
        assert all(again)
        case = system.answer("report", "--text", "路灯不亮", "--address", "晨光街3号")["case"]
        assert case
        block_until(lambda: system.ask("balance", "--deep").get("balanced"), "the balance")
        assert system.ask("lost") == {"count": 0, "accepted": False, "lost": []}
    told = system.logged()
    assert [line for line in told if line["level"] in ("error", "critical") or "exception" in line] == []
    assert [line for line in told if "does not answer" in line["event"] or "does not accept" in line["event"]] == []
    assert [line["level"] for line in told if "the producer had expired after" in line["event"]]


async def weeks(system: System, servers: str) -> None:
    """Three times: a report, its order at the department, and then nothing until all of it is deleted."""
    async with orders(servers, "sanitation") as stream:
        got: list[Delivery] = []
        reading = asyncio.create_task(read(stream, got))
        for number in (1, 2, 3):
            words = "report", "--text", "路面有油污", "--address", f"晨光街{number}号", "--as", f"passer-by-{number}"
            report = await asyncio.to_thread(system.answer, *words)
            case = report.get("master", report["case"])
            await wait_until(partial(came, case, got), "an order")
            await emptied(servers, "reports", "commands")
            assert stream.waiting is None
        reading.cancel()
    assert not any(each.again for each in got)
    assert await lag(servers, "department.sanitation") == 0


async def came(case: str, got: list[Delivery]) -> bool:
    return any(each.case == case for each in got)


async def read(stream: Orders, got: list[Delivery]) -> None:
    """As a department's program does, also in the quiet."""
    async for delivery in stream:
        got.append(delivery)
