"""Whatever was accepted is answered: done, or refused with the reason, by its id, on pages and for programs."""

from typing import Any

import pytest
from aiohttp import ClientSession

from schemas.command import Act
from tests.browser.reading_pages import post, text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, OWNER, WALKER, live_through

SPAN = {"from": "2026-11-19T08:00", "until": "2026-11-20T08:00"}


async def sent(browser: ClientSession, path: str, **fields: Any) -> str:
    """Send it to the API; where its answer is."""
    async with browser.post(path, json=fields) as response:
        assert response.status == 202, await response.text()
        return response.headers["Location"]


async def answer(browser: ClientSession, path: str, *, status: int = 200) -> dict[str, Any]:
    async with browser.get(path, headers={"Accept-Language": "en"}) as response:
        assert response.status == status
        told: dict[str, Any] = await response.json()
        return told


@pytest.mark.parametrize(
    ("fields", "state", "why"),
    [
        ({"person": OWNER, "cover": "supervisor-02", "by": OWNER}, "done", "registered"),
        ({"person": OWNER, "cover": "nobody", "by": OWNER}, "refused", "There is no person nobody"),
        ({"person": OWNER, "cover": "resident-01", "by": BOSS}, "refused", "no role that could stand in"),
        ({"person": OWNER, "cover": "supervisor-02", "by": "supervisor-03"}, "refused", "may not"),
    ],
)
async def test_an_absence_is_answered(
    town: Town, browser: ClientSession, fields: dict[str, str], state: str, why: str
) -> None:
    where = await sent(browser, "/api/covers", **fields, **SPAN)
    town.step()
    told = await answer(browser, where)
    assert told["state"] == state
    assert why in told["timeline"][0]["why"]


async def test_before_it_is_decided_it_is_accepted_and_what_nobody_sent_is_unknown(
    town: Town, browser: ClientSession
) -> None:
    number = live_through(town).numbers["fresh"]
    async with browser.post(f"/api/cases/{number}/acts", json={"id": 'a"1', "act": "urge", "by": BOSS}) as response:
        where = response.headers["Location"]
    # the town decides in a step of its own
    assert (await answer(browser, where))["state"] in {"accepted", "done"}
    town.step()
    assert (await answer(browser, where))["state"] == "done"
    await answer(browser, "/api/acts/never-sent", status=404)


async def test_an_act_on_a_case_that_never_was_says_so(town: Town, browser: ClientSession) -> None:
    """By its own address and below the case that is not there."""
    number = f"{town.gateway.region.code}-G001-2611-00777"
    where = await sent(browser, f"/api/cases/{number}/acts", act="urge", by=BOSS)
    town.step()
    for path in (where, where.replace("/api/", f"/api/cases/{number}/")):
        told = await answer(browser, path)
        assert (told["state"], "There is no case" in told["timeline"][0]["why"]) == ("refused", True)


async def test_of_several_cases_the_one_that_never_was_is_answered_too(town: Town, browser: ClientSession) -> None:
    number, never = live_through(town).numbers["fresh"], "350203006-G001-2511-99999"
    where = await sent(browser, "/api/cases/acts", act="urge", by=BOSS, cases={number: None, never: None})
    town.step()
    told = await answer(browser, where)
    assert (told["state"], {each["case"]: each["state"] for each in told["cases"]}) == (
        "done", {number: "done", never: "refused"},
    )  # fmt: skip


async def test_what_is_supplied_too_late_is_refused_to_who_sent_it(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    where = await sent(browser, "/api/reports/r-refused/supplement", text="还有一处", reporter="resident-01")
    town.step()
    assert (await answer(browser, where))["state"] == "refused"
    address = "/reporter/reports/r-refused/supplement"
    await text_of(browser, "/reporter?as=resident-01")
    await post(browser, address, text="再补一处", reporter="resident-01")
    town.step()
    where, _ = await post(browser, address, text="又一处", reporter="resident-01")
    town.step()
    assert "不能再补充" in await text_of(browser, where)
    assert life.numbers["refused"]


async def test_a_merge_across_homes_is_decided_when_the_other_home_has_answered(
    town: Town, browser: ClientSession
) -> None:
    life = live_through(town)
    number = life.numbers["fresh"]
    there = next(n for n in life.numbers.values() if town.street.cases[n].home != town.street.cases[number].home)
    where = await sent(
        browser, f"/api/cases/{number}/acts", act="merge", by=OWNER, to=there.rsplit("-", 1)[0] + "-09999"
    )
    town.step()
    told = await answer(browser, where)
    assert (told["state"], "cannot take it" in told["timeline"][-1]["why"]) == ("refused", True)


async def test_the_page_of_absences_says_what_became_of_it(town: Town, browser: ClientSession) -> None:
    await text_of(browser, f"/handler?as={OWNER}")
    where, _ = await post(browser, "/covers?role=handler", person=OWNER, by=OWNER, cover="resident-01", **SPAN)
    town.step()
    assert "没有相应职责" in await text_of(browser, where)
    where, _ = await post(browser, "/covers?role=handler", person=OWNER, by=OWNER, cover="supervisor-02", **SPAN)
    town.step()
    assert "没有相应职责" not in await text_of(browser, where)


async def test_ratings_and_whistles_are_answered(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    for name, fields, why in (
        ("fresh", {"act": "whistle", "by": BOSS, "cite": "H20", "to": "nobody"}, "There is no department"),
        ("fresh", {"act": "whistle", "by": "steward-01", "cite": "H20"}, "may not"),
        ("closed", {"act": "rate", "by": OWNER, "rating": "satisfied"}, "may not"),
    ):
        where = await sent(browser, f"/api/cases/{life.numbers[name]}/acts", **fields)
        town.step()
        told = await answer(browser, where)
        assert (told["state"], why in told["timeline"][0]["why"]) == ("refused", True), told
    life.act("closed", Act.RATE, WALKER, rating="satisfied")
