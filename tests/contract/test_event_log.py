"""The shared reader of `events` on a real Kafka."""

import asyncio
import json
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from schemas import topics
from schemas.chain import ChangedError, DoubledError, HoleError, NotAnEventError, Position
from schemas.errors import ServiceAway
from streams.kafka.event_log import EventLog, Logged
from streams.kafka.topic_reader import LogCutError, LogShorterError, TopicMissing
from tests.processes.waiting import wait_until
from tests.worlds.builders import Built, LogBuilder, publish

pytestmark = pytest.mark.kafka


async def _all(
    servers: str, prefix: str, positions: dict[int, Position] | None = None, **patience: float
) -> tuple[list[Logged], EventLog]:
    got: list[Logged] = []
    async with EventLog(servers, positions, prefix=prefix) as log:
        async for batch in log.read_to_end(**patience):
            got += batch
    return got, log


async def test_each_committed_event_once_in_order(kafka: str, prefix: str) -> None:
    """A reader of the log gets every committed event once, in order, and no aborted one."""
    await create_topics(kafka, 4, prefix=prefix)
    log = LogBuilder(4).stories(40)
    events = [each for each in log.records if each.topic == topics.EVENTS]
    await publish(kafka, events[:50], prefix=prefix, size=3)
    with pytest.raises(RuntimeError, match="abort"):
        await abort(kafka, prefix, events[50])
    await publish(kafka, events[50:], prefix=prefix, size=7)
    got, reader = await _all(kafka, prefix)
    for partition in range(4):
        mine = [each.value for each in events if each.partition == partition]
        assert [each.raw for each in got if each.partition == partition] == mine
    assert {p: (at.n, at.digest) for p, at in reader.positions.items() if at.n} == {
        p: (n, log.last[p]) for p, n in log.next_n.items()
    }
    assert got[0].event.type == "opened"
    assert dict(got[0].headers)["ce_id"] == f"{got[0].partition}-0".encode()


async def abort(servers: str, prefix: str, record: Built) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"{prefix}aborted")
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait(prefix + record.topic, record.value, partition=record.partition)
            raise RuntimeError("abort")
    finally:
        await producer.stop()


async def test_reading_goes_on_where_it_was_left(kafka: str, prefix: str) -> None:
    """A later reader goes on where the former one stopped, without a double."""
    await create_topics(kafka, 1, prefix=prefix)
    log = LogBuilder(1).stories(10)
    events = [each for each in log.records if each.topic == topics.EVENTS]
    await publish(kafka, events[:20], prefix=prefix, size=6)
    first, reader = await _all(kafka, prefix)
    assert reader.positions[0].offset == 20 + 4  # and the markers of four transactions
    await publish(kafka, events[20:], prefix=prefix)
    second, _ = await _all(kafka, prefix, reader.positions)
    assert [each.fields["n"] for each in first + second] == list(range(len(events)))


def _gap(events: list[Built]) -> list[Built]:
    return events[:3] + events[4:]


def _double(events: list[Built]) -> list[Built]:
    return [*events[:4], *events[3:]]


def _change(events: list[Built]) -> list[Built]:
    changed = (events[3].value or b"").replace(b"p-test", b"p-evil")
    return [*events[:3], Built(topics.EVENTS, 0, "x", changed), *events[4:]]


def _garbage(events: list[Built]) -> list[Built]:
    return [*events[:3], Built(topics.EVENTS, 0, "x", b"{not json"), *events[4:]]


@pytest.mark.parametrize(
    ("spoil", "error", "offset"),
    [(_gap, HoleError, 3), (_double, DoubledError, 4), (_change, ChangedError, 4), (_garbage, NotAnEventError, 3)],
)
async def test_a_broken_log_is_refused_loudly(
    kafka: str, prefix: str, spoil: Callable[[list[Built]], list[Built]], error: type[Exception], offset: int
) -> None:
    """A log with a hole, a double or a change is refused with its partition and offset."""
    await create_topics(kafka, 1, prefix=prefix)
    events = [each for each in LogBuilder(1).stories(5).records if each.topic == topics.EVENTS]
    await publish(kafka, spoil(events), prefix=prefix)
    with pytest.raises(error, match=f"partition: 0, offset: {offset}"):
        await _all(kafka, prefix)


async def test_a_cut_or_recreated_log_is_refused(kafka: str, prefix: str) -> None:
    """A log that was cut or made anew is refused with what was expected and what was found."""
    await create_topics(kafka, 1, prefix=prefix)
    events = [each for each in LogBuilder(1).stories(5).records if each.topic == topics.EVENTS]
    await publish(kafka, events[:10], prefix=prefix)
    with pytest.raises(LogShorterError, match="expected: 99, found: 11"):
        await _all(kafka, prefix, {0: Position(99, 99, "")})
    await _cut(kafka, prefix, before=4)
    with pytest.raises(LogCutError, match="expected: 0, found: 4"):
        await _all(kafka, prefix)


async def _cut(servers: str, prefix: str, before: int = -1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        part = TopicPartition(prefix + topics.EVENTS, 0)
        await admin.delete_records({part: RecordsToDelete(before_offset=before)})
    finally:
        await admin.close()


@pytest.mark.parametrize("followed", [False, True])
@pytest.mark.parametrize("unread", [0, 2])
async def test_what_was_deleted_is_a_loss_only_where_it_was_not_read(
    kafka: str, prefix: str, unread: int, followed: bool
) -> None:
    """Deleted events count as a loss only for who has not read them."""
    await create_topics(kafka, 1, prefix=prefix)
    events = [each for each in LogBuilder(1).stories(10).records if each.topic == topics.EVENTS]
    await publish(kafka, events[:10], prefix=prefix)
    _, reader = await _all(kafka, prefix)
    kept = {0: reader.positions[0]._replace(offset=10)}
    await publish(kafka, events[10 : 10 + unread], prefix=prefix)
    with pytest.raises(RuntimeError, match="abort"):
        await abort(kafka, prefix, events[-1])
    place = Built(topics.CASES, 0, topics.PLACE_KEY, json.dumps({"n": 10 + unread}).encode())
    await publish(kafka, [place], prefix=prefix)
    await _cut(kafka, prefix)
    if followed:
        await publish(kafka, events[10 + unread :], prefix=prefix)
    if unread:
        with pytest.raises(LogCutError, match="expected: 10"):
            await _all(kafka, prefix, kept)
    else:
        got, _ = await _all(kafka, prefix, kept)
        assert [each.raw for each in got] == [each.value for each in events[10:] if followed]


async def test_a_log_emptied_under_its_reader(kafka: str, prefix: str) -> None:
    """A reader whose log is emptied behind it gets the next event as ever."""
    await create_topics(kafka, 1, prefix=prefix)
    events = [each for each in LogBuilder(1).stories(4).records if each.topic == topics.EVENTS]
    stop, got = asyncio.Event(), list[Logged]()
    await publish(kafka, events[:5], prefix=prefix)
    async with asyncio.timeout(30), EventLog(kafka, prefix=prefix) as log:
        async for batch in log.follow(stop):
            got += batch
            if batch and len(got) < len(events):
                await _cut(kafka, prefix)
                await publish(kafka, events[len(got) :], prefix=prefix)
            elif len(got) == len(events):
                stop.set()
    assert [each.raw for each in got] == [each.value for each in events]
    assert log.waiting is None


@pytest.mark.slow
async def test_a_broker_that_is_away_is_waited_for(
    broker: Broker, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A reader waits for a broker that is away, says so, and then gets each event once."""
    servers = broker.servers
    await create_topics(servers, 2, prefix=prefix)
    log = LogBuilder(2).stories(20)
    events = [each for each in log.records if each.topic == topics.EVENTS]
    await publish(servers, events[:30], prefix=prefix)
    got: list[Logged] = []
    stop = asyncio.Event()
    reader = EventLog(servers, prefix=prefix)

    async def read() -> None:
        async with reader:
            async for batch in reader.follow(stop):
                got.extend(batch)

    task = asyncio.create_task(read())
    await wait_until(lambda: len(got) == 30, "what was written before", 60)
    await broker.kill()
    await wait_until(lambda: reader.waiting, "the reader says that it waits", 60)
    assert servers in (reader.waiting or "")
    await broker.start()
    await publish(servers, events[30:], transaction="t2", prefix=prefix)
    await wait_until(lambda: len(got) == len(events), "all events", 60)
    assert reader.waiting is None
    stop.set()
    await task
    assert sorted((each.partition, each.fields["n"]) for each in got) == [
        (p, n) for p, count in sorted(log.next_n.items()) for n in range(count)
    ]


async def test_reading_to_the_end_gives_up_after_a_while(prefix: str) -> None:
    """A command that reads the log once ends, and names the Kafka that is away."""
    with pytest.raises(ServiceAway, match=r"127\.0\.0\.1:1"):
        await _all("127.0.0.1:1", prefix, patience_s=0.5)


async def test_a_topic_that_is_not_there_is_named(kafka: str, prefix: str) -> None:
    """A command that reads a missing topic ends and names the topic."""
    with pytest.raises(TopicMissing, match=f"{prefix}events"):
        await _all(kafka, prefix, patience_s=0.5)
