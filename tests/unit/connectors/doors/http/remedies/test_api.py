"""Standing remedies by programs: one is proposed once, what is wrong is named, and each is told with its cases."""

from typing import Any

from aiohttp import ClientSession

from schemas.command import Act
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, Life, litter

DAYS = {"from": "2026-11-01", "to": "2026-11-30"}
BINS = {"segment": "HBN-1", "category": "rubbish", "text": "每天清运两次", "by": BOSS, **DAYS}


async def post(town: Town, browser: ClientSession, **sent: Any) -> tuple[int, dict[str, Any]]:
    async with browser.post("/api/remedies", json=sent, headers={"Accept-Language": "en"}) as response:
        return response.status, await response.json()


async def told(browser: ClientSession, query: str = "") -> list[dict[str, Any]]:
    async with browser.get(f"/api/remedies{query}") as response:
        found: list[dict[str, Any]] = (await response.json())["remedies"]
        return found


async def test_one_is_proposed_once_and_told_with_its_cases(town: Town, browser: ClientSession) -> None:
    """Sent again it has the same id, also when a case was reported meanwhile; other words are another proposal."""
    life = litter(town)
    status, answer = await post(town, browser, **BINS)
    life.report("meanwhile", "垃圾桶满溢", "湖滨南路22号")
    assert (status, await post(town, browser, **BINS)) == (202, (202, answer))
    assert (await post(town, browser, **BINS | {"text": "x"}))[1]["error"] in {"remedy_proposed", "remedy_open"}
    town.step()
    (one,) = await told(browser, "?segment=HBN-1&category=rubbish&open=1")
    assert (one["by"], one["segment"], one["kind"]) == (BOSS, "HBN-1", "problem")
    assert len(one["cases"]) == one["count"] + 1
    assert life.numbers["meanwhile"] in one["cases"]
    assert await told(browser, "?segment=HBN-2") == []
    status, refused = await post(town, browser, **BINS | {"to": "2026-11-29"})
    assert (status, refused["error"]) == (409, "remedy_open")
    assert one["case"] in refused["message"]
    life.numbers["it"] = one["case"]
    life.act("it", Act.RESOLVE, photos=(life.proof(91),))
    life.act("it", Act.VERIFY, BOSS)
    assert await told(browser, "?open=1") == []
    assert (await post(town, browser, **BINS))[0] == 202, "it was, and is closed"
    town.step()
    assert len(await told(browser)) == 1
    assert (await post(town, browser, **BINS | {"to": "2026-11-29"}))[0] == 202
    town.step()
    assert len(await told(browser)) == 2


async def test_what_is_wrong_is_named_at_once(town: Town, browser: ClientSession) -> None:
    Life(town)
    wrong = {"segment": "none", "category": "none", "kind": "proposal", "text": "", "from": "2026-12-01"}
    status, answer = await post(town, browser, **BINS | wrong)
    assert status == 400
    found = {(each["error"], each["where"]) for each in answer["faults"]}
    assert found == {
        ("no_segment", "segment"), ("not_one_of", "category"), ("not_one_of", "kind"), ("missing", "text"),
        ("period_order", "from_day"),
    }  # fmt: skip
    status, answer = await post(town, browser, **BINS | {"by": "patroller-01"})
    assert (status, answer["error"], answer["where"]) == (400, "may_not_remedy", "by")
    status, answer = await post(town, browser, **BINS)
    assert (status, answer["error"]) == (400, "remedy_of_nothing")
    assert (await post(town, browser, **BINS | {"id": "mine"}))[1]["error"] == "unknown_field"
    assert town.reports == []


async def test_no_report_brings_a_remedy_of_its_own(town: Town, browser: ClientSession) -> None:
    """Only this way, where the right is checked."""
    async with browser.post("/api/reports", json={"text": "x", "remedy": {}, "code": "HBN-1"}) as response:
        assert (response.status, (await response.json())["error"]) == (400, "unknown_field")
    async with browser.post("/api/reports", json={"text": "x", "id": "remedy#1", "code": "HBN-1"}) as response:
        assert (response.status, (await response.json())["error"]) == (400, "bad_id")
