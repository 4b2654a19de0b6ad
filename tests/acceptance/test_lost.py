"""A record deleted before it was applied: nothing comes up, the reason names the way out, and that is honest."""

import asyncio
from pathlib import Path
from signal import SIGKILL

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from grid36.machine.broker import Broker
from tests.accept.running import CommandFailed
from tests.processes.system import EXAMPLE, System
from tests.processes.waiting import block_until

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

LOST = {"topic": "reports", "partition": 0, "first": 0, "last": 0, "at": 1, "applied": False}


async def lose(home: Path) -> None:
    """While nobody works, a report comes and is deleted again."""
    broker = Broker(home)
    servers = await broker.start()
    producer, admin = AIOKafkaProducer(bootstrap_servers=servers), AIOKafkaAdminClient(bootstrap_servers=servers)
    try:
        await producer.start()
        await producer.send_and_wait("reports", b"a report", partition=0)
        await admin.start()
        await admin.delete_records({TopicPartition("reports", 0): RecordsToDelete(before_offset=-1)})
    finally:
        await producer.stop()
        await admin.close()
        await broker.stop()


async def cut(servers: str, topic: str) -> None:
    """Delete all records of its partition 0, as retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=-1)})
    finally:
        await admin.close()


async def delete(servers: str, *topics: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.delete_topics(list(topics))
    finally:
        await admin.close()


def test_topics_that_somebody_deleted(tmp_path: Path, kafka: str) -> None:
    """After topics were deleted and made anew, `status` gives the reason, and `lost --accept` leads out."""
    system = System(tmp_path / "home", kafka=kafka, partitions=1)
    deleted = [system.prefix + name for name in ("commands", "reports")]
    report = "report", "--text", "路面有油污", "--address"
    with system:
        assert system.answer(*report, "晨光街1号")["case"]
        asyncio.run(delete(system.servers, *deleted))
        block_until(lambda: any(", ".join(deleted) in each for each in system.status()["problems"]), "their names")
        assert system.signal("gateway", SIGKILL)  # whoever starts it again has them made anew
        block_until(
            lambda: any("grid36 lost --accept" in each for each in system.status()["problems"]), "the way out", 60
        )
        accepted = system.answer("lost", "--accept")
        assert [(one["topic"], one["at"], one["applied"]) for one in accepted["lost"]] == [
            ("reports", 0, True),
            ("commands", 0, True),
        ]
        block_until(lambda: not system.status()["problems"], "the worker", 60)
        assert system.answer(*report, "晨光街3号", "--as", "somebody")["case"]
        told = system.settled_balance()
        assert (told["accepted"], told["lost"], told["balanced"]) == (2, 0, True)


def test_a_loss_is_named_accepted_and_told(tmp_path: Path) -> None:
    """A lost report is named, accepted by a person, and counted as lost in the balance from then on."""
    system = System(tmp_path / "home", partitions=1)
    with system:
        assert system.ask("lost") == {"count": 0, "accepted": False, "lost": []}
    asyncio.run(lose(system.home))
    with pytest.raises(CommandFailed, match="grid36 lost --accept"):
        system.run("up", "--region", str(EXAMPLE), "--detach")
    assert system.ask("lost") == {"count": 1, "accepted": False, "lost": [LOST]}
    assert system.answer("lost", "--accept") == {"count": 1, "accepted": True, "lost": [LOST]}
    with system:
        assert system.answer("report", "--text", "路面有油污", "--address", "晨光街1号")["case"]
        told = system.settled_balance()
        assert (told["accepted"], told["lost"], told["routed"], told["balanced"]) == (2, 1, 1, True)
        (aside,) = system.answer("parked")["parked"]
        assert (aside["topic"], aside["offset"], aside["error"]) == ("reports", 0, "DeletedBeforeApplied")
        asyncio.run(cut(system.servers, "events"))
        told = system.ask("balance", "--deep")
        assert (told["balanced"], told["differences"]) == (True, [])
        assert [(one["topic"], one["partition"], one["first"]) for one in told["unproved"]] == [("events", 0, 0)]
        assert system.answer("report", "--text", "路灯不亮", "--address", "晨光街3号")["case"]
    alarms = [line["event"] for line in system.logged("gateway", "ledger") if line["level"] != "info"]
    assert [each for each in alarms if "does not answer" in each or "does not accept" in each or "waits:" in each] == []
