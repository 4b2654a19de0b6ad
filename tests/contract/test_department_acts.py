"""What a department's program is promised of its acts, over HTTP and by topic alike, and of the topic's reader."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiohttp import ClientSession
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from connectors.clock import now_ms
from connectors.orders.action_reader import ActionReader
from connectors.orders.open_acts import departments_with_topics
from grid36.kafka.topics import create_action_topics
from schemas.action import ActionAnswer
from schemas.codec import decode
from schemas.event import EventType
from schemas.topics import actions_topic, answers_topic
from streams.kafka.clients import admin
from tests.processes.forked import Forked
from tests.processes.waiting import wait_until
from tests.worlds.department_doors import department_doors, reader_of
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import Life

pytestmark = pytest.mark.kafka

WATER, PARKS = "water-supply", "parks"


class Program(Protocol):
    """A department's program, by whatever way it acts."""

    async def write(self, case: str, id: str, act: str, **fields: Any) -> None:
        """One act."""

    async def answer(self, id: str, state: str) -> str:
        """Waits until an act is `done` or `refused`: what it did first, or the code of the reason."""


class HttpProgram:
    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._mistakes: dict[str, str] = {}

    async def write(self, case: str, id: str, act: str, **fields: Any) -> None:
        path = f"/api/orders/{case}/actions"
        async with self._session.post(path, json={"id": id, "act": act} | fields) as answer:
            if answer.status != 202:
                self._mistakes[id] = (await answer.json())["error"]

    async def answer(self, id: str, state: str) -> str:
        if state == "refused" and id in self._mistakes:
            return self._mistakes[id]
        found: dict[str, Any] = {}

        async def decided() -> bool:
            async with self._session.get(f"/api/acts/{id}") as answer:
                found.update(await answer.json())
            return bool(found["state"] == state)

        await wait_until(decided, f"{id} {state}")
        event = found["timeline"][0]
        return str(event["because"]["code"] if state == "refused" else event["type"])


class TopicProgram:
    def __init__(self, department: str, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, prefix: str) -> None:
        self._topic = prefix + actions_topic(department)
        self._producer, self._consumer = producer, consumer
        self.answers: list[ActionAnswer] = []

    async def write(self, case: str, id: str, act: str, **fields: Any) -> None:
        await self.write_raw(json.dumps({"id": id, "act": act} | fields).encode(), case)

    async def write_raw(self, value: bytes | None, case: str) -> None:
        await self._producer.send_and_wait(self._topic, value, case.encode())

    async def answer(self, id: str, state: str) -> str:
        async with asyncio.timeout(30):
            while True:
                for each in self.answers:
                    if (each.id, each.state) == (id, state):
                        return each.because[0].code if state == "refused" else each.changed[0].value
                await self.look()

    async def look(self) -> None:
        found = await self._consumer.getmany(timeout_ms=200)
        self.answers += [decode(ActionAnswer, record.value) for records in found.values() for record in records]


class World:
    """A town with one burst pipe of `WATER`."""

    def __init__(self, town: Town, programs: dict[str, Program]) -> None:
        self.town, self.programs = town, programs
        self.pipe = Life(town).report("pipe", "水管爆裂", "湖滨南路12号")

    def happened(self, kind: EventType) -> list[str]:
        """Who did it, each time."""
        return [draft.by for draft in self.town.street.drafts if draft.type is kind]


@pytest.fixture(params=["http", "topic"])
async def world(request: pytest.FixtureRequest, tmp_path: Path, kafka: str, prefix: str) -> AsyncIterator[World]:
    """The same with a program of `WATER`, and of a stranger."""
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(small_town(tmp_path, demo=False))
        programs: dict[str, Program] = {}
        if request.param == "http":
            for code in (WATER, PARKS):
                key = await new_key(town, code)
                session = ClientSession(town.url, headers={"Authorization": f"Bearer {key}"})
                programs[code] = HttpProgram(await stack.enter_async_context(session))
        else:
            for code in (WATER, PARKS):
                await create_action_topics(kafka, code, prefix=prefix)
                programs[code] = await stack.enter_async_context(by_topic(kafka, code, prefix))
            reader = await stack.enter_async_context(reader_of(town.gateway, tmp_path, kafka, prefix))
            await stack.enter_async_context(running(reader))
        yield World(town, programs)


async def new_key(town: Town, department: str) -> str:
    return (await town.gateway.accounts.ask(lambda rows: rows.department_keys.new(department, 0)))[1]


@asynccontextmanager
async def by_topic(servers: str, department: str, prefix: str) -> AsyncIterator[TopicProgram]:
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    await producer.start()
    await consumer.start()
    consumer.assign([TopicPartition(prefix + answers_topic(department), 0)])
    try:
        yield TopicProgram(department, producer, consumer, prefix)
    finally:
        await consumer.stop()
        await producer.stop()


@asynccontextmanager
async def running(reader: ActionReader) -> AsyncIterator[None]:
    task = asyncio.create_task(reader.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_an_act_counts_once_and_only_for_its_own_department(world: World) -> None:
    """Sent three times it acts once; other content under its id, and another department's order, are refused."""
    water, parks = world.programs[WATER], world.programs[PARKS]
    await parks.write(world.pipe, "1", "acknowledge")
    assert await parks.answer("1", "refused") == "not_your_order"
    for _ in range(3):
        await water.write(world.pipe, "1", "acknowledge")
    assert await water.answer("1", "done") == "acknowledged"
    await water.write(world.pipe, "1", "contact")
    assert await water.answer("1", "refused") == "other_content"
    await water.write(world.pipe, "2", "contact", note="在路上")
    assert await water.answer("2", "done") == "contacted"
    assert world.happened(EventType.ACKNOWLEDGED) == world.happened(EventType.CONTACTED) == [f"officer-{WATER}"]


async def test_what_is_wrong_is_answered_and_the_next_act_is_done(world: World) -> None:
    """A mistake is named in words, whatever it is, and holds nothing up."""
    water = world.programs[WATER]
    for id, fields, code in (
        ("1", {"act": "dance"}, "unknown_act"),
        ("2", {"by": f"officer-{PARKS}"}, "not_of_department"),
        ("3", {"department": PARKS}, "unknown_field"),
        ("4", {"photos": ["0" * 64]}, "unknown_photo"),
        ("5", {"case": "350203006-G001-2611-09999"}, "unknown_case"),
        ("6", {"case": "x"}, "bad_case_number"),
        ("7", {"act": "verify"}, "wrong_state"),
        ("x" * 100, {}, "too_long"),
    ):
        await water.write(**{"case": world.pipe, "id": id, "act": "acknowledge"} | fields)
        assert (id, await water.answer(id, "refused")) == (id, code)
    if isinstance(water, TopicProgram):
        for raw in (None, b"", b"{", b"[]", b"\xff", b"null", b'{"id": 5, "act": "contact"}'):
            await water.write_raw(raw, world.pipe)
    await water.write(world.pipe, "8", "acknowledge")
    assert await water.answer("8", "done") == "acknowledged"
    if isinstance(water, TopicProgram):
        assert len({(each.id, each.offset) for each in water.answers}) == len(water.answers) == 16


async def test_acts_over_http_are_answered_by_topic_too(tmp_path: Path, kafka: str, prefix: str) -> None:
    """Where the department has the topics; and one whose topic of answers is gone holds nobody up."""
    await create_action_topics(kafka, WATER, prefix=prefix)
    await create_action_topics(kafka, PARKS, prefix=prefix)
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(small_town(tmp_path, demo=False))
        headers = {"Authorization": f"Bearer {await new_key(town, WATER)}"}
        session = await stack.enter_async_context(ClientSession(town.url, headers=headers))
        water, parks = [await stack.enter_async_context(by_topic(kafka, code, prefix)) for code in (WATER, PARKS)]
        await delete_topic(kafka, prefix + answers_topic(PARKS))
        reader = await stack.enter_async_context(reader_of(town.gateway, tmp_path, kafka, prefix))
        await stack.enter_async_context(running(reader))
        pipe = Life(town).report("pipe", "水管爆裂", "湖滨南路12号")
        await parks.write(pipe, "1", "acknowledge")
        await parks.write(pipe, "2", "dance")
        file = tmp_path / "actions.sqlite"
        await wait_until(lambda: departments_with_topics(file, now_ms()) == {WATER}, "the topics are seen")
        await HttpProgram(session).write(pipe, "over-http", "acknowledge")
        assert await water.answer("over-http", "done") == "acknowledged"
        await water.write(pipe, "by-topic", "contact")
        assert await water.answer("by-topic", "done") == "contacted"
        assert [(each.id, each.partition) for each in water.answers] == [("over-http", None), ("by-topic", 0)]


async def delete_topic(servers: str, name: str) -> None:
    async with admin(servers, 10_000) as client:
        await client.delete_topics([name])

        async def gone() -> bool:
            return name not in await client.list_topics()

        await wait_until(gone, "the topic is gone")


async def test_a_reader_killed_and_read_again_takes_each_act_once(tmp_path: Path, kafka: str, prefix: str) -> None:
    """By kill -9 between the outbox and the place in the topic, and when the whole topic is delivered again."""
    await create_action_topics(kafka, "water", prefix=prefix)
    async with by_topic(kafka, "water", prefix) as water:
        for n in range(30):
            await water.write(f"T-G01-2511-{n % 7:05}", f"a{n}", "contact", note=f"{n}")
        await water.write_raw(b'{"act": "contact"}', "T-G01-2511-00001")  # without an id
        killed = Forked("tests.processes.actions_process", str(tmp_path), kafka, prefix, "12")
        assert await asyncio.wait_for(killed.wait(), 60) == -9
        assert len(ids(tmp_path)) >= 12
        (tmp_path / "ledger.sqlite").unlink()
        async with department_doors(tmp_path) as doors:
            for group in ("grid36.actions", "again"):
                async with reader_of(doors.gateway, tmp_path, kafka, prefix, group) as reader, running(reader):
                    await water.write("T-G01-2511-00001", f"last-{group}", "contact")
                    await wait_until(partial(has, tmp_path, f"water#last-{group}"), "the last act")
            sent = [json.loads(stored.row.value) for stored in doors.stored()]
    wanted = {f"water#{each}" for each in (*(f"a{n}" for n in range(30)), "last-grid36.actions", "last-again")}
    without_id = set(ids(tmp_path)) - wanted
    assert len(without_id) == 1
    assert sorted(each["id"] for each in sent) == sorted(wanted | without_id)
    assert {each["by"] for each in sent} == {"o1"}


def has(home: Path, id: str) -> bool:
    return id in ids(home)


def ids(home: Path) -> list[str]:
    """What was accepted."""
    with closing(sqlite3.connect(home / "outbox.sqlite")) as file:
        return [id for (id,) in file.execute("SELECT id FROM messages")]
