"""A whole worker on a real Kafka: a report goes in, an order comes out, and the log proves the state."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from grid36.kafka.topics import create_topics, ensure_department
from schemas.case import State
from schemas.codec import decode, encode
from schemas.command import Act, Do
from schemas.content import content_address
from schemas.event import EventType
from schemas.measure import Measure
from schemas.models import LogModel
from schemas.order import Order
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from schemas.system import Mode
from schemas.topics import CASES, COMMANDS, EVENTS, MEASURES, REPORTS, home_of, partition_of
from streams.cases.proof import Replica
from streams.drivers.aiokafka import PlainDriver
from streams.drivers.driver import Driver
from streams.drivers.faust import FaustDriver
from streams.partition.bookkeeping import ENGINE_FIELDS, KEY
from streams.rulebooks.activation import activate
from streams.rulebooks.topic import create, read_rulebooks, region_in, rulebook_in, set_mode, system_in
from streams.worker import run_worker
from tests.processes.waiting import wait_until
from tests.worlds.commanded_street import START_MS, book, region, rulebook

pytestmark = pytest.mark.kafka
N = 3
LIMIT_S = 40.0


class World:
    """One system under a prefix of its own."""

    def __init__(self, servers: str, prefix: str, folder: Path) -> None:
        self.servers, self.prefix = servers, prefix
        self.status = folder / "worker.json"

    async def made(self) -> "World":
        """With its topics and its content."""
        await create_topics(self.servers, N, prefix=self.prefix)
        await create(self.servers, region(), rulebook(), N, prefix=self.prefix)
        return self

    async def send(self, topic: str, key: str, value: LogModel | bytes) -> None:
        """One record from a door."""
        await self.put(topic, partition_of(key, N), key, value if isinstance(value, bytes) else encode(value))

    async def put(self, topic: str, partition: int, key: str, value: bytes) -> None:
        """One record from anybody."""
        producer = AIOKafkaProducer(bootstrap_servers=self.servers)
        await producer.start()
        try:
            await producer.send_and_wait(self.prefix + topic, value, key.encode(), partition)
        finally:
            await producer.stop()

    async def committed(self, topic: str) -> list[tuple[int, str, bytes | None]]:
        """(partition, key, value) of everything committed."""
        places = [TopicPartition(self.prefix + topic, number) for number in range(N)]
        consumer = AIOKafkaConsumer(bootstrap_servers=self.servers, isolation_level="read_committed")
        await consumer.start()
        try:
            consumer.assign(places)
            await consumer.seek_to_beginning()
            ends = await consumer.end_offsets(places)
            found: list[tuple[int, str, bytes | None]] = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [(record.partition, record.key.decode(), record.value) for record in records]
            return found
        finally:
            await consumer.stop()

    async def orders(self, count: int) -> list[Order]:
        """The orders of one department, when there are so many."""
        orders: list[Order] = []

        async def enough() -> bool:
            found = await self.committed("department.waste")
            orders[:] = [decode(Order, value) for _, _, value in found if value]
            return len(orders) >= count

        await self.until(enough)
        return orders

    async def until(self, condition: Callable[[], Awaitable[object]]) -> None:
        """Wait for what the worker does."""
        await wait_until(condition, condition.__name__, LIMIT_S)

    @asynccontextmanager
    async def worker(self, driver: Driver) -> AsyncIterator[None]:
        """A worker that runs meanwhile."""
        stop = asyncio.Event()
        ensure = partial(ensure_department, self.servers, prefix=self.prefix)
        running = asyncio.create_task(
            run_worker(
                self.servers,
                stop,
                status_file=self.status,
                prefix=self.prefix,
                ensure_department=ensure,
                driver=driver,
            )
        )
        try:
            yield
        finally:
            stop.set()
            await running

    async def differences(self) -> list[str]:
        """What the states hold that the events do not say."""
        states: dict[int, dict[str, bytes]] = {number: {} for number in range(N)}
        for number, key, value in await self.committed(CASES):
            if value is None:
                states[number].pop(key, None)
            else:
                states[number][key] = value
        replicas = {number: Replica(book(), number) for number in range(N)}
        for number, _, value in await self.committed(EVENTS):
            replicas[number].take(value or b"")
        found = []
        for number, state in states.items():
            kept = json.loads(state.pop(KEY, b"{}"))
            own = {name: value for name, value in kept.items() if name not in ENGINE_FIELDS}
            found += list(replicas[number].differences(state, own)) if kept else []
        return found


def report(report_id: str) -> Report:
    """A report by address."""
    return Report(
        id=report_id,
        text="dirty",
        category="other",
        place=PlaceGiven(address="First Road 12"),
        reporter=Reporter(id="walker"),
        door="page",
        received_ms=START_MS,
    )


@pytest.mark.parametrize("driver", [FaustDriver(), PlainDriver()], ids=["faust", "plain"])
async def test_a_report_goes_all_the_way(kafka: str, prefix: str, tmp_path: Path, driver: Driver) -> None:
    """A report is located, routed, ordered, resolved, verified and measured, and again after a restart."""
    world = await World(kafka, prefix, tmp_path).made()
    first = report("r1").model_copy(update={"received_ms": _now_ms()})
    async with world.worker(driver):
        await world.send(REPORTS, "r1", first)
        (order,) = await world.orders(1)
        assert (order.assignee, order.place.segment if order.place else None) == ("owner-a", "S1")
        await world.until(lambda: _said(world, "running"))
    assert json.loads(world.status.read_text())["state"] == "stopped"
    await world.send(REPORTS, "r1", first)
    await world.send(COMMANDS, home_of(order.case), b"garbage")
    for act, by in ((Act.RESOLVE, "owner-a"), (Act.VERIFY, "walker")):
        await world.send(
            COMMANDS,
            home_of(order.case),
            Do(id=f"a-{act}", home=home_of(order.case), act=act, case=order.case, by=by, note="done"),
        )
    async with world.worker(driver):
        _, last = await world.orders(2)  # what waited for the worker is one transaction: one order of its last state
        assert last.state is State.CLOSED
        assert {EventType.RESOLVED, EventType.CLOSED} <= set(last.changed)
        await world.until(lambda: _figures(world))
        figures = await _figures(world)
    assert sum(figure.count for figure in figures) == 1
    assert await world.differences() == []
    assert len(await world.committed("parked")) == 1


async def _figures(world: World) -> list[Measure]:
    latest = {key: value for _, key, value in await world.committed(MEASURES)}
    return [decode(Measure, value) for key, value in latest.items() if key.endswith("/resolution/all")]


async def _said(world: World, state: str) -> bool:
    return world.status.exists() and json.loads(world.status.read_text())["state"].startswith(state)


async def _enough(world: World, events: int) -> bool:
    return len(await world.committed(EVENTS)) >= events


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def test_a_worker_waits_until_the_system_is_created(kafka: str, prefix: str, tmp_path: Path) -> None:
    """A worker may start before the system is created."""
    world = World(kafka, prefix, tmp_path)
    async with world.worker(PlainDriver()):
        await world.until(lambda: _said(world, "waiting for the system"))
        await world.made()
        await world.send(REPORTS, "r1", report("r1").model_copy(update={"received_ms": _now_ms()}))
        assert len(await world.orders(1)) == 1


async def test_another_rulebook_takes_over_in_every_partition(kafka: str, prefix: str, tmp_path: Path) -> None:
    """A new rulebook and region reach every partition over the log, without any file."""
    world = await World(kafka, prefix, tmp_path).made()
    second = rulebook("second")
    first, other = region().segments
    moved = region().model_copy(update={"segments": (first.model_copy(update={"grid": "G2"}), other)})
    async with world.worker(PlainDriver()):
        for _ in range(2):  # whoever was killed may ask again
            await activate(kafka, moved, second, by="chief", effective_ms=1, at_ms=0, id="switch", prefix=prefix)
        await world.send(REPORTS, "r1", report("r1").model_copy(update={"received_ms": _now_ms()}))
        await world.orders(1)
        await world.until(lambda: _enough(world, N + 2))
    events = [json.loads(value or b"") for _, _, value in await world.committed(EVENTS)]
    assert [event["type"] for event in events].count("rulebook_activated") == N
    opened = next(event for event in events if event["type"] == "opened")
    assert (opened["home"], opened["now"]["place"]["segment"]) == ("test-G2", "S1")
    assert opened["now"]["rulebook"] in {content_address(second), content_address(rulebook())}
    assert await world.differences() == []


async def test_a_system_is_created_once(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Two who create the system at the same time agree on one."""
    await create_topics(kafka, N, prefix=prefix)
    books = rulebook(), rulebook("second")
    systems = await asyncio.gather(*(create(kafka, region(), each, N, prefix=prefix) for each in books))
    assert systems[0] == systems[1]
    found = await read_rulebooks(kafka, prefix=prefix)
    assert region_in(found, systems[0].region) == region()
    assert rulebook_in(found, systems[0].rulebook) in books
    await set_mode(kafka, Mode.LIVE, prefix=prefix)
    system = system_in(await read_rulebooks(kafka, prefix=prefix))
    assert system is not None
    assert system.mode is Mode.LIVE
