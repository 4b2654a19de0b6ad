"""One act on several cases through the API: as a form and as JSON, stored together, answered case by case."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from schemas.command import COMMAND, Do
from schemas.event import EventType
from tests.worlds.doors import CASE, Doors, doors, event, opened, picture

OTHER = "T-G01-2511-00002"
ALL = "/api/cases/acts"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Doors]:
    async with doors(tmp_path) as running:
        yield running


async def post(door: Doors, **how: Any) -> tuple[int, dict[str, Any]]:
    async with door.client.post(ALL, **how) as response:
        return response.status, await response.json()


async def get(door: Doors, id: str) -> tuple[int, dict[str, Any]]:
    async with door.client.get(f"{ALL}/{id}") as response:
        return response.status, await response.json()


def commands(door: Doors) -> list[Do]:
    """What waits for Kafka."""
    read = [COMMAND.validate_json(stored.row.value) for stored in door.stored()]
    return [command for command in read if isinstance(command, Do)]


async def test_each_case_is_a_command_of_its_own(door: Doors) -> None:
    sent = {"id": "m1", "act": "urge", "by": "boss", "note": "quick", "cases": {CASE: 3, OTHER: None}}
    assert await post(door, json=sent) == (202, {"acts": "m1"})
    assert [(do.id, do.case, do.seen, do.note) for do in commands(door)] == [
        (f"m1.{CASE}", CASE, 3, "quick"), (f"m1.{OTHER}", OTHER, None, "quick"),
    ]  # fmt: skip


async def test_a_form_names_each_case_with_what_was_seen(door: Doors) -> None:
    form = {"id": "m1", "act": "urge", "by": "boss", f"case.{CASE}": "3", f"case.{OTHER}": "4"}
    assert await post(door, data=form) == (202, {"acts": "m1"})
    assert await post(door, data=form | {f"case.{OTHER}": "9"}) == (202, {"acts": "m1"})
    assert [do.seen for do in commands(door)] == [3, 4], "sent twice, done once"
    status, answer = await post(door, data=form | {"act": "deny"})
    assert (status, answer["error"]) == (409, "other_content")


async def test_what_is_wrong_is_named_and_nothing_is_stored(door: Doors) -> None:
    good = {"act": "urge", "by": "boss", "cases": {CASE: 1}}
    for wrong, code in (
        ({"cases": {}}, "nothing_chosen"), ({"act": "resolve"}, "not_for_several"), ({"act": "assign"}, "whom_missing"),
        ({"act": "correct"}, "category_missing"), ({"cases": {CASE: 1, "x": 2}}, "bad_case_number"),
        ({"id": "a.b"}, "bad_several_id"),
        ({"cases": {CASE: -1}}, "bad_number"), ({"cases": {f"T-{'G' * 80}-2511-00001": 1}}, "too_long"),
        ({"cases": {f"T-G01-2511-{n:05}": 1 for n in range(101)}}, "too_many"), ({"cases": [CASE]}, "wrong_type"),
        ({"cases": {"Z-G01-2511-00002": 1}}, "other_region"),
    ):  # fmt: skip
        status, answer = await post(door, json=good | wrong)
        assert (status, answer["error"]) == (400, code), wrong
    assert commands(door) == []


async def test_a_photo_is_refused_rather_than_lost(door: Doors) -> None:
    """It would belong to one of the cases only."""
    form = FormData({"id": "m1", "act": "urge", "by": "boss", f"case.{CASE}": "3"})
    form.add_field("photos", picture(), filename="a.jpg", content_type="image/jpeg")
    status, answer = await post(door, data=form)
    assert (status, answer["error"], answer["where"]) == (400, "unknown_field", "photos")


async def test_each_case_is_answered_by_itself(door: Doors) -> None:
    await post(door, json={"id": "m1", "act": "urge", "by": "boss", "cases": {CASE: 1, OTHER: 1}})
    status, answer = await get(door, "m1")
    assert (status, answer["state"]) == (200, "accepted")
    door.ledger.take(opened(), event(1, EventType.URGED, command=f"m1.{CASE}"))
    answer = (await get(door, "m1"))[1]
    assert answer["state"] == "accepted"
    assert [(each["case"], each["state"]) for each in answer["cases"]] == [(CASE, "done"), (OTHER, "accepted")]
    assert (await get(door, "m2"))[0] == 404
