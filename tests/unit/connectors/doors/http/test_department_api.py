"""A department's program over HTTP: its open orders, its acts, its files, and nothing of anybody else."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import ClientSession, FormData

from connectors.accounts.reads import ReadFilter
from schemas.case import State
from schemas.codec import decode, encode
from schemas.command import Act
from schemas.event import EventType
from schemas.order import Order
from streams.cases.orders import OrderWriter
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, Life

WATER, DRAINS, PARKS = "water-supply", "drainage", "parks"
"""The owner's department, one that is called by a whistle, and a stranger."""


class World(NamedTuple):
    """A town with one burst pipe, and a program of each department."""

    town: Town
    pipe: str
    programs: dict[str, ClientSession]

    async def get(self, department: str, path: str) -> tuple[int, dict[str, Any]]:
        async with self.programs[department].get(path) as answer:
            return answer.status, await answer.json()

    async def act(self, program: str, id: str, act: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        path = f"/api/orders/{fields.pop('case', self.pipe)}/actions"
        async with self.programs[program].post(path, json={"id": id, "act": act} | fields) as answer:
            return answer.status, await answer.json()

    async def outcome(self, department: str, id: str) -> tuple[str, str]:
        """Its state and the first reason, once it is decided."""
        found: dict[str, Any] = {}

        async def decided() -> bool:
            found.update((await self.get(department, f"/api/acts/{id}"))[1])
            return found.get("state") != "accepted"

        await wait_until(decided, "the outcome")
        return found["state"], found["timeline"][0]["type"]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_town(tmp_path, demo=False) as town:
        life, programs = Life(town), dict[str, ClientSession]()
        pipe = life.report("pipe", "水管爆裂", "湖滨南路12号", photos=life.shots)
        life.act("pipe", Act.WHISTLE, BOSS, cite="H20")
        for code in (WATER, DRAINS, PARKS):
            key = await new_key(town, code)
            programs[code] = ClientSession(
                town.url, headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"}
            )
        try:
            yield World(town, pipe, programs)
        finally:
            for program in programs.values():
                await program.close()


async def new_key(town: Town, department: str) -> str:
    return (await town.gateway.accounts.ask(lambda rows: rows.department_keys.new(department, 0)))[1]


async def test_the_list_has_the_documents_of_the_topic(world: World) -> None:
    town, pipe = world.town, world.pipe
    await world.act(DRAINS, "1", "contact", note="马上到")
    await world.outcome(DRAINS, "1")
    case, events = town.street.cases[pipe], [draft for draft in town.street.drafts if draft.case == pipe]
    words = b'{"written":[' + b",".join(encode(text) for text in town.street.written(pipe)) + b"]}"
    on_topic = {
        each.department: decode(Order, each.value).model_copy(update={"changed": ()})
        for each in OrderWriter("", 0).orders(None, case, town.street.book, events, words, t_ms=0)
    }
    for department, assists in ((WATER, None), (DRAINS, DRAINS)):
        status, answer = await world.get(department, "/api/orders?open")
        (shown,) = answer["orders"]
        order = decode(Order, json.dumps(shown).encode())
        assert (status, order) == (200, on_topic[department])
        assert (order.assisting and order.assisting.code) == assists
        assert answer["topic"]["name"] == f"department.{department}"
    assert (await world.get(PARKS, "/api/orders?open"))[1]["orders"] == []


async def test_list_and_topic_join_without_a_hole(world: World) -> None:
    """What the list does not have yet is younger than what it names for the topic's partition."""
    since = (await world.get(WATER, "/api/orders"))[1]["topic"]["since_ms"]
    case = world.town.street.cases[world.pipe]
    assert set(since) == {"0", "1", "2", "3"}
    assert since["0"] == case.assists[0].called_ms, "this town writes into the first partition"
    assert {since[partition] for partition in "123"} == {0}


async def test_pages_have_each_open_order_once(world: World) -> None:
    life = Life(world.town)
    numbers = [world.pipe, *(life.report(f"more{n}", "水管爆裂", f"湖滨南路{n}号") for n in (2, 22))]
    seen: list[str] = []
    next_: str | None = ""
    for _ in numbers:
        _, page = await world.get(WATER, f"/api/orders?limit=1&before={next_}")
        seen += [order["case"] for order in page["orders"]]
        next_ = page["next"]
    assert (sorted(seen), next_) == (sorted(numbers), None)
    world.town.street.act(world.pipe, "withdraw", "patroller-01")
    world.town.tell()
    assert world.pipe not in {order["case"] for order in (await world.get(WATER, "/api/orders"))[1]["orders"]}


async def test_an_act_is_its_officers_and_done_once(world: World) -> None:
    sent = [await world.act(WATER, "1", "acknowledge") for _ in range(3)]
    assert sent == [(202, {"act": "1"})] * 3
    assert await world.outcome(WATER, "1") == ("done", "acknowledged")
    events = [each for each in world.town.street.drafts if each.type is EventType.ACKNOWLEDGED]
    assert [each.by for each in events] == ["officer-water-supply"]
    status, answer = await world.act(WATER, "1", "contact")
    assert (status, answer["error"]) == (409, "other_content")


async def test_departments_count_for_themselves(world: World) -> None:
    """The same id of two departments is two acts, and each learns of its own only."""
    await world.act(WATER, "1", "acknowledge")
    await world.act(DRAINS, "1", "sign")
    assert await world.outcome(WATER, "1") == ("done", "acknowledged")
    assert await world.outcome(DRAINS, "1") == ("done", "reported_in")
    for id in ("1", f"{WATER}%231", "2"):
        status, answer = await world.get(PARKS, f"/api/acts/{id}")
        assert (status, answer["error"]) == (404, "unknown_id")


async def test_another_departments_order_is_not_acted_on(world: World) -> None:
    life = Life(world.town)
    lamp = life.report("lamp", "路灯不亮", "晨光街8号")
    for n, (department, case) in enumerate(((PARKS, world.pipe), (WATER, lamp), (DRAINS, lamp))):
        assert (await world.act(department, str(n), "acknowledge", case=case))[0] == 202
        assert await world.outcome(department, str(n)) == ("refused", "action_refused")
    states = {world.town.street.cases[number].state for number in (lamp, world.pipe)}
    assert states == {State.DISPATCHED}


async def test_only_its_own_people_are_named(world: World) -> None:
    for by in ("officer-parks", "duty-desk", "nobody"):
        status, answer = await world.act(WATER, "1", "acknowledge", by=by)
        assert (status, answer["error"], answer["where"]) == (403, "not_of_department", "by")
    assert (await world.act(WATER, "1", "acknowledge", by="officer-water-supply"))[0] == 202


async def test_what_is_wrong_is_named(world: World) -> None:
    for fields, code in (
        ({"act": "dance"}, "unknown_act"), ({"case": "x"}, "bad_case_number"), ({"id": "a/b"}, "bad_id"),
        ({"department": WATER}, "unknown_field"), ({"taken_ms": 1}, "unknown_field"), ({"id": "x" * 90}, "too_long"),
    ):  # fmt: skip
        status, answer = await world.act(WATER, **{"id": "1", "act": "acknowledge"} | fields)
        assert (status, answer["error"]) == (400, code)


async def test_its_after_photo_is_stored_first_and_named(world: World) -> None:
    form = FormData()
    form.add_field("photos", picture(), filename="a.jpg", content_type="image/jpeg")
    async with world.programs[WATER].post("/api/photos", data=form) as answer:
        assert answer.status == 201
        stored = (await answer.json())["photos"]
    assert (await world.act(WATER, "1", "resolve", photos=stored))[0] == 202
    assert await world.outcome(WATER, "1") == ("done", "resolved")
    async with world.programs[WATER].post("/api/photos", json={}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "missing")


async def test_files_are_those_of_its_own_orders(world: World) -> None:
    digest = Life(world.town).before.digest
    other = world.town.gateway.photos.add_bytes(picture()).digest
    photo = f"/api/orders/{world.pipe}/photos/{digest}.jpg"
    for department in (WATER, DRAINS):
        async with world.programs[department].get(photo) as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert (await world.get(PARKS, photo))[1]["error"] == "unknown_order"
    assert (await world.get(WATER, f"/api/orders/{world.pipe}/photos/{other}.jpg"))[1]["error"] == "unknown_photo"
    voice = f"/api/orders/{world.pipe}/recordings/{digest}.ogg"
    assert (await world.get(WATER, voice))[1]["error"] == "no_such_recording"
    assert (await world.get(PARKS, voice))[1]["error"] == "unknown_order"
    found = await world.town.gateway.accounts.reads.find(ReadFilter(about=world.pipe), 10)
    assert {(read.reader, read.credential) for read in found} == {(WATER, "department"), (DRAINS, "department")}


async def test_a_key_that_is_revoked_ends_at_once(world: World) -> None:
    assert (await world.get(WATER, "/api/orders"))[0] == 200
    await world.town.gateway.accounts.ask(lambda rows: rows.department_keys.revoke(WATER))
    for ask in (world.get(WATER, "/api/orders"), world.act(WATER, "1", "acknowledge")):
        status, answer = await ask
        assert (status, answer["error"]) == (401, "wrong_key")


async def test_with_the_key_of_the_system_the_department_is_named(world: World) -> None:
    world.town.gateway.key = "of-the-system"
    async with ClientSession(world.town.url, headers={"Authorization": "Bearer of-the-system"}) as program:
        async with program.get("/api/orders") as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "which_department")
        async with program.get(f"/api/orders?department={WATER}") as answer:
            assert [order["case"] for order in (await answer.json())["orders"]] == [world.pipe]
        path = f"/api/orders/{world.pipe}/actions?department={WATER}"
        async with program.post(path, json={"id": "1", "act": "acknowledge"}) as answer:
            assert (answer.status, answer.headers["Location"]) == (202, f"/api/acts/{WATER}%231")
    status, answer_ = await world.get(WATER, f"/api/orders?department={PARKS}")
    assert (status, answer_["error"]) == (403, "not_for_department")
