import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from grid36.kafka.topics import create_topics, wait_for_kafka
from grid36.machine.broker import (
    AlreadyRunsError,
    Broker,
    BrokerFailedError,
    JarsMissingError,
    JavaMissingError,
    PortTakenError,
)
from grid36.settings import CHECKOUT
from schemas.errors import ServiceAway
from tests.processes.waiting import wait_until


async def write(servers: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        await producer.send_and_wait("events", value, partition=0)


async def read(servers: str) -> list[bytes]:
    async with AIOKafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest") as consumer:
        place = TopicPartition("events", 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        return [bytes((await consumer.getone()).value) for _ in range(end)]


@pytest.mark.kafka
async def test_what_was_acknowledged_outlives_a_stop_and_a_crash(broker: Broker) -> None:
    """Stopped or killed, it comes back on the same port with every acknowledged record."""
    servers = broker.servers
    await create_topics(servers, 1)
    await write(servers, b"first")
    assert await broker.restart() == servers
    await write(servers, b"second")
    await broker.kill()
    assert broker.pid() is None
    assert await broker.start() == servers
    assert await read(servers) == [b"first", b"second"]


@pytest.mark.kafka
async def test_another_object_for_the_same_home_finds_it(broker: Broker) -> None:
    """Start is idempotent, also from another process; becoming the broker beside it is refused."""
    other = Broker(broker.folder.parent)
    pid = broker.pid()
    assert await other.start() == broker.servers
    assert other.pid() == pid
    with pytest.raises(AlreadyRunsError):
        other.run()
    await other.stop()
    assert broker.pid() is None


@pytest.mark.kafka
async def test_a_frozen_broker_is_ended_by_force(broker: Broker) -> None:
    """SIGTERM cannot reach a stopped process, so the limit decides."""
    pid = broker.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ServiceAway):
        await wait_for_kafka(broker.servers, 0.5)
    await broker.stop(limit_s=0.5)
    assert broker.pid() is None


@pytest.mark.kafka
async def test_in_the_foreground_the_process_becomes_kafka(tmp_path: Path) -> None:
    """A supervisor that starts it sees and signals Kafka itself, under the pid it started."""
    code = f"from pathlib import Path; from grid36.machine.broker import Broker; Broker(Path({str(tmp_path)!r})).run()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=CHECKOUT, stderr=asyncio.subprocess.DEVNULL
    )
    broker = Broker(tmp_path)
    await wait_until((tmp_path / "kafka" / "pid").exists, "its pid")
    await wait_for_kafka(broker.servers, 60)
    assert broker.pid() == process.pid
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 20) == 143
    assert broker.pid() is None


def test_ports_are_chosen_once_and_a_wish_is_heard(tmp_path: Path) -> None:
    assert Broker(tmp_path).servers == Broker(tmp_path).servers
    assert Broker(tmp_path, 12345).servers == "127.0.0.1:12345"
    assert Broker(tmp_path).servers == "127.0.0.1:12345"


def test_without_java_the_message_names_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(JavaMissingError, match="make setup"):
        Broker(tmp_path, java=str(tmp_path / "no-java")).prepare()


def test_a_java_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    old.chmod(0o755)
    with pytest.raises(JavaMissingError, match=r"11\.0\.2"):
        Broker(tmp_path, java=str(old)).prepare()


def test_without_jars_the_message_names_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(JarsMissingError, match="make setup"):
        Broker(tmp_path, jars=tmp_path).prepare()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTakenError):
        Broker(tmp_path, taken.getsockname()[1]).prepare()


async def test_a_broker_that_dies_at_once_shows_its_log(tmp_path: Path) -> None:
    """The jars folder is there but holds no Kafka that works."""
    (tmp_path / "kafka_0.jar").write_bytes(b"")
    with pytest.raises(BrokerFailedError, match="storage of Kafka"):
        await Broker(tmp_path, jars=tmp_path).start()


async def test_a_stale_pid_of_another_program_is_not_taken_for_the_broker(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    (tmp_path / "kafka").mkdir()
    (tmp_path / "kafka" / "pid").write_text(str(os.getpid()))
    assert broker.pid() is None
    await broker.stop()
