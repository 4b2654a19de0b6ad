"""A department's program subscribes to its own orders by its key, and nobody else sees or changes that."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from connectors.accounts.program_keys import ProgramKey
from connectors.doors.http.subscription_api import MOST
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.subscription import Receiver, Selection, StopReason
from grid36.gateway.subscriptions import end_revoked
from schemas.people import OrganisationKind
from tests.processes.waiting import wait_until
from tests.worlds.department_doors import WATER, department_doors
from tests.worlds.doors import Doors
from tests.worlds.live_work import working

URL = "https://water.example/hook?token=secret"
SYSTEM = "the-key-of-this-system"
PARKS = WATER.model_copy(update={"code": "parks", "kind": OrganisationKind.DEPARTMENT})


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Doors]:
    """With two departments."""
    async with department_doors(tmp_path) as running:
        gateway = running.gateway
        gateway.region = gateway.region.model_copy(update={"organisations": (WATER, PARKS)})
        gateway.demo, gateway.key = False, SYSTEM
        yield running


async def new_key(city: Doors, department: str) -> tuple[ProgramKey, str]:
    return await city.gateway.accounts.ask(lambda rows: rows.department_keys.new(department, 0))


async def asked(
    city: Doors, key: str, method: str = "GET", path: str = "", **fields: Any
) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with city.client.request(method, f"/api/subscriptions{path}", headers=headers, json=fields or None) as answer:
        return answer.status, await answer.json()


async def made(city: Doors, key: str, **fields: Any) -> dict[str, Any]:
    status, answer = await asked(city, key, "POST", url=URL, **fields)
    assert status == 201, answer
    return answer


async def test_a_department_has_its_subscriptions_without_their_secrets(city: Doors) -> None:
    _, water = await new_key(city, "water")
    first = await made(city, water, batch=True, category="litter")
    assert first["secret"].startswith("whsec_")
    status, listed = await asked(city, water)
    assert (status, listed) == (200, {"department": "water", "subscriptions": [first["subscription"]]})
    shown = first["subscription"]
    assert (shown["department"], shown["category"], shown["batch"]) == ("water", "litter", True)
    assert shown["url"] == "https://water.example/hook"
    assert await asked(city, water, "DELETE", f"/{shown['id']}") == (200, {"ended": shown["id"]})
    assert (await asked(city, water))[1]["subscriptions"] == []


async def test_nobody_else_gets_in(city: Doors) -> None:
    """A stranger, another department, a revoked key, a key that never was: each at each route, and none learns more."""
    water_key, water = await new_key(city, "water")
    _, other = await new_key(city, "water")
    _, parks = await new_key(city, "parks")
    id = (await made(city, other))["subscription"]["id"]
    await city.gateway.accounts.ask(lambda rows: rows.department_keys.revoke("water", water_key.id))
    routes = (
        ("GET", ""), ("POST", ""), ("DELETE", f"/{id}"), ("POST", f"/{id}/resume"), ("GET", "?department=water"),
        ("POST", "?department=water"), ("DELETE", f"/{id}?department=water"),
        ("POST", f"/{id}/resume?department=water"),
    )  # fmt: skip
    got_in = []
    for key in ("", "wrong", water, parks):
        for method, path in routes:
            fields = {"url": URL} if (method, path.partition("?")[0]) == ("POST", "") else {}
            status, answer = await asked(city, key, method, path, **fields)
            theirs = key == parks and path == ""
            if (status < 400) != theirs or (theirs and id in str(answer)):
                got_in.append((key, method, path, status))
    assert got_in == []
    assert (await asked(city, parks, "DELETE", f"/{id}"))[1] == {
        **(await asked(city, parks, "DELETE", "/none"))[1],
        "message": f"There is nothing with the id {id}. Check it.",
    }
    assert [each["id"] for each in (await asked(city, other))[1]["subscriptions"]] == [id]


async def test_what_the_operator_made_is_not_the_departments(city: Doors) -> None:
    """Its own it has; the key of the system sees both."""
    _, water = await new_key(city, "water")
    own = (await made(city, water))["subscription"]["id"]
    store = city.gateway.subscriptions
    assert store is not None
    operators = (await store.do(lambda db: SubscriptionRows(db).add(Selection("water"), Receiver(URL), 0))).id
    assert [each["id"] for each in (await asked(city, water))[1]["subscriptions"]] == [own]
    assert (await asked(city, water, "DELETE", f"/{operators}"))[0] == 404
    both = (await asked(city, SYSTEM, path="?department=water"))[1]["subscriptions"]
    assert {each["id"] for each in both} == {own, operators}
    assert (await asked(city, SYSTEM))[1]["error"] == "which_department"


async def test_a_revoked_key_ends_what_it_made_until_another_one_resumes_it(city: Doors) -> None:
    """What was made with a key goes no further than the key."""
    first, shown = await new_key(city, "water")
    _, second = await new_key(city, "water")
    id = (await made(city, shown))["subscription"]["id"]
    store = city.gateway.subscriptions
    assert store is not None
    await store.do(lambda db: db.execute("UPDATE subscriptions SET state = 'active', since_ms = 0").rowcount)
    async with working(end_revoked(city.gateway, store)):
        await city.gateway.accounts.ask(lambda rows: rows.department_keys.revoke("water", first.id))

        async def stopped() -> bool:
            (each,) = (await asked(city, second))[1]["subscriptions"]
            return (each["state"], each.get("why")) == ("stopped", StopReason.KEY_REVOKED)

        await wait_until(stopped, "stopped")
        assert (await asked(city, SYSTEM, "POST", f"/{id}/resume?department=water"))[1]["error"] == "needs_own_key"
        status, answer = await asked(city, second, "POST", f"/{id}/resume")
        assert (status, answer["subscription"]["state"]) == (200, "active")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"url": "http://water.example/"}, "plain_http"),
        ({"url": "https://10.0.0.1/"}, "not_public"),
        ({"url": "nonsense"}, "no_url"),
        ({"url": "https://36/"}, "number_host"),
        ({"url": "https://water.example:0/"}, "bad_port"),
        ({"url": "https://water..example/"}, "bad_host"),
        ({"url": "x" * 2000}, "no_url"),
        ({"category": "none"}, "not_there"),
        ({"area": "none"}, "not_there"),
        ({"case": "none"}, "bad_case_number"),
        ({"department": "parks"}, "unknown_field"),
        ({"words": True}, "unknown_field"),
    ],
)
async def test_what_cannot_be_is_told(city: Doors, fields: dict[str, Any], error: str) -> None:
    _, water = await new_key(city, "water")
    status, answer = await asked(city, water, "POST", **{"url": URL} | fields)
    assert (status, answer["error"]) == (400, error)
    assert (await asked(city, water))[1]["subscriptions"] == []


async def test_a_department_has_not_more_than_some(city: Doors) -> None:
    _, water = await new_key(city, "water")
    for _ in range(MOST):
        await made(city, water)
    assert (await asked(city, water, "POST", url=URL))[1]["error"] == "too_many_subscriptions"
