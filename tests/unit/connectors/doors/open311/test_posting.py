"""What apps and cities file, over a real connection and through the HTTP door."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from connectors.doors.contract import Hook
from connectors.doors.open311.hook import Open311Hook
from connectors.doors.open311.options import Open311Options
from connectors.intake.accept import accept
from schemas.report import ANONYMOUS, Report
from tests.worlds.doors import doors, picture
from tests.worlds.open311_town import APP_KEY, CITY_KEY, KEYS, Open311Town, open311_town

TREE = {"service_code": "tree", "description": "树枝断了", "lat": "24.4610", "long": "118.0820"}


@pytest.fixture
async def filed(tmp_path: Path) -> AsyncIterator[Open311Town]:
    """Where everybody may file."""
    async with open311_town(tmp_path) as town:
        yield town


async def report(town: Open311Town, fields: Any, **headers: str) -> Report:
    """What a request became."""
    id = await town.filed(fields, **headers)
    return next(each for each in town.town.reports if each.id == id)


async def test_a_request_becomes_a_report(filed: Open311Town) -> None:
    """Of nobody: who it is stays with the app. The position is WGS-84."""
    more = {"attribute[land]": "forest", "attribute[their_id]": "77", "attribute[title]": "t" * 70}
    who = {"email": "lin@example.org", "first_name": "Lin", "phone": "13900000000", "device_id": "d-1"}
    found = await report(
        filed, {**TREE, **more, **who, "jurisdiction_id": "", "media_url": "https://example.org/a.jpg"}
    )
    assert (found.category, found.door, found.reporter.id) == ("tree", "open311", ANONYMOUS)
    assert found.text == f"树枝断了\ntitle: {'t' * 70}\nhttps://example.org/a.jpg"
    assert found.attributes == {"land": "forest", "their_id": "77"}
    assert found.place.coordinates is not None
    here = found.place.coordinates
    assert (here.lat, here.lon, here.datum) == (24.461, 118.082, "wgs84")
    assert not any(each in str(found) for each in (*who.values(),))


async def test_photos_come_in_parts_and_links_stay_links(filed: Open311Town) -> None:
    form = FormData({**TREE, "address_string": "云帆路5号"}, default_to_multipart=True)
    form.add_field("media_url", "https://example.org/1.jpg")
    form.add_field("media_url", "https://example.org/2.jpg")
    form.add_field("media", picture(), filename="a.jpg", content_type="image/jpeg")
    found = await report(filed, form)
    assert (len(found.photos), found.place.address) == (1, "云帆路5号")
    assert found.text.splitlines()[1:] == ["https://example.org/1.jpg", "https://example.org/2.jpg"]


async def test_what_is_sent_again_is_one_request(filed: Open311Town) -> None:
    """By the program's own key, or by its content for some minutes."""
    first = await filed.filed(TREE)
    filed.town.clock.wait(9)
    assert await filed.filed(TREE) == first
    filed.town.clock.wait(30)
    later = await filed.filed(TREE)
    keyed = [await filed.filed(TREE, **{"Idempotency-Key": key}) for key in ("k1", "k1", "k2")]
    assert keyed[0] == keyed[1]
    assert len({first, later, *keyed}) == 4 == len(filed.town.reports)


async def test_a_program_names_a_request_by_an_attribute(tmp_path: Path) -> None:
    """As FixMyStreet does: whenever it tries again, it is the same request."""
    async with open311_town(tmp_path, keys=KEYS) as town:
        sent = TREE | {"api_key": APP_KEY, "attribute[fixmystreet_id]": "77"}
        first = await town.filed(sent)
        town.town.clock.wait(60)
        assert await town.filed(sent) == first
        assert await town.filed(sent | {"attribute[fixmystreet_id]": "78"}) != first


async def test_a_token_is_the_id(filed: Open311Town) -> None:
    id = await filed.filed(TREE)
    assert await filed.found(f"tokens/{id}") == [{"service_request_id": id, "token": id}]


async def test_what_is_stored_and_not_decided_is_open(tmp_path: Path) -> None:
    """The outbox alone knows it."""
    hooks: dict[str, Hook] = {}
    async with doors(tmp_path, hooks=hooks) as found:
        accepting = partial(accept, found.gateway, ("open311",))
        hooks["open311"] = Open311Hook("open311", Open311Options(), found.gateway, accepting, "now").handle
        fields = {"service_code": "litter", "lat": "24.05", "long": "118.05"}
        async with found.client.post("/open311/v2/requests.json", data=fields) as answer:
            (filed,) = await answer.json()
        assert (answer.status, len(found.stored())) == (201, 1)
        async with found.client.get(f"/open311/v2/requests/{filed['service_request_id']}.json") as answer:
            (row,) = await answer.json()
    assert row == {
        "service_request_id": filed["service_request_id"], "status": "open", "status_notes": filed["service_notice"]
    }  # fmt: skip


async def test_every_mistake_is_said_by_its_name(filed: Open311Town) -> None:
    """In the language of who asks; nothing is stored."""
    mistakes: list[tuple[dict[str, str], int, str]] = [
        ({}, 400, "service_code"),
        ({"service_code": "odd"}, 404, "odd"),
        ({"service_code": "tree"}, 400, "Write a few words"),
        ({"service_code": "tree", "description": "x"}, 400, "address_string"),
        ({**TREE, "lat": "95"}, 400, "-90"),
        ({**TREE, "long": ""}, 400, "long"),
        ({**TREE, "media_url": "ftp://x"}, 400, "ftp://x"),
        ({**TREE, "jurisdiction_id": "elsewhere"}, 404, "elsewhere"),
        ({**TREE, "api_key": "wrong"}, 403, "api_key"),
        ({**TREE, "description": "x" * 4001}, 400, "4000"),
    ]
    for fields, status, words in mistakes:
        found, (error,) = await filed.post(fields)
        assert (found, error["code"]) == (status, str(status)), error
        assert words in error["description"]
    _, (error,) = await filed.post({"service_code": "tree"}, "zh-CN")
    assert "请至少写一句话" in error["description"]
    assert filed.town.reports == []


async def test_where_programs_have_keys_only_they_file(tmp_path: Path) -> None:
    """And the same words of two programs are two requests."""
    async with open311_town(tmp_path, keys=KEYS) as town:
        status, _ = await town.post(TREE)
        assert status == 403
        ids = {await town.filed({**TREE, "api_key": key}) for key in (APP_KEY, CITY_KEY)}
        assert {id.split("-")[1] for id in ids} == {"app", "city"}
        same = {"Idempotency-Key": "k1"}
        await town.filed({**TREE, "api_key": APP_KEY}, **same)
        status, _ = await town.post({**TREE, "api_key": APP_KEY, "description": "other"}, **same)
        assert status == 409
