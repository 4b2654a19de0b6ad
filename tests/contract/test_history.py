"""A history on a real Kafka: the commands it writes, and that being killed changes none of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from grid36.kafka.topics import create_topics
from grid36.replay.file.mapping_file import read_mapping
from grid36.replay.file.source import SourceFile
from grid36.replay.history import History, NotEmpty, OtherHistory, OtherRegion, plan_digest
from grid36.replay.plan import ReplayPlan, make_plan
from grid36.replay.position import NoSystem, ReplayPosition, read_system
from schemas.codec import decode_any, encode
from schemas.command import COMMAND, Record, Tick
from schemas.content import content_address
from schemas.region import Region
from schemas.system import Mode, System
from schemas.topics import COMMANDS, PARKED, RULEBOOKS, SYSTEM_KEY, partition_of
from tests.generators.city_cases import CityFile, city_region, make_city

pytestmark = pytest.mark.kafka
N = 4


class Killed(BaseException):
    """What a signal is to a process."""


async def new_system(servers: str, prefix: str, region: Region, mode: Mode = Mode.NEW) -> None:
    await create_topics(servers, N, prefix=prefix)
    system = System(partitions=N, mode=mode, region=content_address(region), rulebook="r")
    async with producing(servers) as producer:
        await producer.send_and_wait(prefix + RULEBOOKS, encode(system), SYSTEM_KEY.encode(), partition=0)


@asynccontextmanager
async def producing(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def read_all(servers: str, topic: str) -> list[list[Any]]:
    """Every committed record of a topic, by partition."""
    parts = [TopicPartition(topic, p) for p in range(N)]
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(parts)
        await consumer.seek_to_beginning(*parts)
        end = await consumer.end_offsets(parts)
        found: list[list[Any]] = [[] for _ in parts]
        while any([await consumer.position(part) < end[part] for part in parts]):
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                found[part.partition] += records
        return found
    finally:
        await consumer.stop()


@pytest.fixture
def city(tmp_path: Path) -> CityFile:
    return make_city(tmp_path / "city", rows=300)


def history(servers: str, prefix: str, plan: ReplayPlan, region: Region, **more: Any) -> History:
    return History(servers, plan, region, plan_digest(plan, region, None), N, prefix, **more)


async def replay(servers: str, prefix: str, city: CityFile, region: Region, **more: Any) -> ReplayPosition:
    with SourceFile(city.csv, read_mapping(city.mapping)) as source:
        return await history(servers, prefix, make_plan(source), region, **more).run(None)


async def test_a_history_is_written_in_time_order_with_its_own_times(kafka: str, prefix: str, city: CityFile) -> None:
    """A replay writes the commands of the file in the order of their times and with those times."""
    region = city_region()
    await new_system(kafka, prefix, region)
    position = await replay(kafka, prefix, city, region)
    parts = await read_all(kafka, prefix + COMMANDS)
    opened, ticks = 0, 0
    for number, records in enumerate(parts):
        times = [record.timestamp for record in records]
        assert times == sorted(times)
        for record in records:
            command = decode_any(COMMAND, record.value)
            if isinstance(command, Record):
                assert record.timestamp == command.at_ms
                assert record.key.decode() == command.home
                assert partition_of(command.home, N) == number
                opened += command.what == "opened"
            else:
                assert isinstance(command, Tick)
                assert command is not records[0]
                ticks += 1
        assert isinstance(decode_any(COMMAND, records[-1].value), Tick)
    balance = city.balance()
    assert (ticks, opened) == (N, balance["routed"] + balance["waiting"])
    assert sum(map(len, await read_all(kafka, prefix + PARKED))) == balance["parked"] == position.counts.parked
    assert position.counts.accepted == balance["accepted"]
    assert position.counts.unplaced == balance["waiting"]
    system, stored = await read_system(kafka, prefix)
    assert system.mode is Mode.HISTORY
    assert stored == position


async def test_a_history_killed_again_and_again_writes_the_same(
    kafka: str, prefix: str, city: CityFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay that is killed again and again writes the same commands as one that is not.

    Killed after a commit, between sends and commit, and before the first fact.
    """
    region = city_region()
    await new_system(kafka, prefix + "a.", region)
    await new_system(kafka, prefix + "b.", region)
    await replay(kafka, prefix + "a.", city, region, batch=40)
    kills = 0
    for after in range(6):
        left = after

        def die(_done: int, _all: int, what: str) -> None:
            nonlocal left
            left -= 1
            if left < 0 and what == "rows":
                raise Killed

        with monkeypatch.context() as patch:
            if after % 2:
                patch.setattr(AIOKafkaProducer, "commit_transaction", _killing_commit(after))
            try:
                await replay(kafka, prefix + "b.", city, region, progress=die, batch=40)
            except Killed:
                kills += 1
    position = await replay(kafka, prefix + "b.", city, region, batch=40)
    assert kills >= 5
    straight, broken = await read_all(kafka, prefix + "a." + COMMANDS), await read_all(kafka, prefix + "b." + COMMANDS)
    assert [[(r.timestamp, r.value) for r in records] for records in straight] == [
        [(r.timestamp, r.value) for r in records] for records in broken
    ]
    assert position.counts.accepted == len(city.rows)


def _killing_commit(after: int) -> Any:
    real = AIOKafkaProducer.commit_transaction
    left = after

    async def commit(self: AIOKafkaProducer) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        await real(self)

    return commit


async def test_a_history_wants_an_empty_system_of_the_same_region(kafka: str, prefix: str, city: CityFile) -> None:
    """A replay needs an empty history of the same region, and refuses any other system."""
    region = city_region()
    with pytest.raises(NoSystem):
        await replay(kafka, prefix + "none.", city, region)
    await new_system(kafka, prefix + "live.", region, Mode.LIVE)
    with pytest.raises(NotEmpty):
        await replay(kafka, prefix + "live.", city, region)
    await new_system(kafka, prefix + "used.", region)
    async with producing(kafka) as producer:
        await producer.send_and_wait(prefix + "used." + COMMANDS, b"{}", partition=1)
    with pytest.raises(NotEmpty):
        await replay(kafka, prefix + "used.", city, region)
    with pytest.raises(OtherRegion):
        await replay(kafka, prefix + "used.", city, region.model_copy(update={"code": "elsewhere"}))


async def test_a_history_takes_no_second_file(kafka: str, prefix: str, city: CityFile, tmp_path: Path) -> None:
    """A history accepts the same file again and no other one."""
    region = city_region()
    await new_system(kafka, prefix, region)
    await replay(kafka, prefix, city, region)
    before = await read_all(kafka, prefix + COMMANDS)
    again = await replay(kafka, prefix, city, region)
    other = make_city(tmp_path / "other", rows=50, seed=8)
    with pytest.raises(OtherHistory):
        await replay(kafka, prefix, other, region)
    assert [list(map(len, before))] == [list(map(len, await read_all(kafka, prefix + COMMANDS)))]
    assert again.counts.accepted == len(city.rows)
