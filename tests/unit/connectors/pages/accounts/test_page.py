"""The administrator's page: who may sign in and how, who is signed in, and what ends it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from connectors.accounts.session import ADMINISTRATOR
from connectors.pages.accounts.people import SHOWN, PeopleFilter, Which
from connectors.pages.form.visitor import SESSION
from tests.worlds.outside import HOST, OUTSIDE, personal_link, signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER

ORIGIN = f"https://{HOST}"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path, demo=False) as running:
        running.gateway.public_host, running.gateway.public_url = HOST, ORIGIN
        yield running


@pytest.fixture
async def administrator(town: Town) -> AsyncIterator[ClientSession]:
    """A browser of the administrator."""
    headers = OUTSIDE | {"Cookie": f"{SESSION}={await signed_in(town, ADMINISTRATOR)}"}
    async with ClientSession(town.url, headers=headers) as opened:
        yield opened


async def shown(browser: ClientSession, path: str = "/accounts") -> str:
    async with browser.get(path) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        return await answer.text()


async def pressed(browser: ClientSession, to: str, **fields: str) -> str:
    """A button, and where it leads."""
    async with browser.post(f"/accounts/{to}", data=fields, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"]


async def is_open(town: Town, token: str) -> bool:
    return await town.gateway.accounts.session(token, town.clock()) is not None


async def test_it_says_who_may_come_in_and_how(town: Town, administrator: ClientSession) -> None:
    await town.gateway.accounts.ask(lambda rows: rows.local.put(BOSS, "chen", "hash", 0, "secret"))
    assert "app set up, no right code yet" in await shown(administrator, f"/accounts?q={BOSS}")
    await town.gateway.accounts.ask(lambda rows: rows.local.accept_codes(BOSS, "hash", "secret"))
    await signed_in(town, OWNER)
    await personal_link(town, OWNER)
    page = await shown(administrator, f"/accounts?q={BOSS}")
    assert "password and code, as chen" in page
    assert "What to do next" not in page
    page = await shown(administrator, f"/accounts?q={OWNER}")
    assert "1 personal link" in page
    assert "By link, since" in re.sub(r"<[^>]+>", "", page)
    assert "hash" not in page


async def test_a_new_system_says_what_to_do_next(administrator: ClientSession) -> None:
    page = await shown(administrator)
    assert "What to do next" in page
    assert "(this browser)" in page
    assert "/accounts" in await shown_start(administrator)


async def shown_start(browser: ClientSession) -> str:
    async with browser.get("/") as answer:
        return await answer.text()


async def test_a_link_is_shown_once_and_signs_in(town: Town, administrator: ClientSession) -> None:
    async with administrator.post("/accounts/links", data={"person": OWNER, "q": "owner"}) as answer:
        page = await answer.text()
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    found = re.search(rf"{ORIGIN}(/sign-in/[\w-]+)<", page)
    assert found is not None
    assert "<svg" in page
    assert 'href="/accounts?q=owner"' in page
    async with ClientSession(town.url) as phone, phone.post(found[1], headers=OUTSIDE, allow_redirects=False) as answer:
        assert (answer.status, SESSION in answer.cookies) == (303, True)
    assert found[1] not in await shown(administrator)


async def test_one_session_ends_or_all_ways_in(town: Town, administrator: ClientSession) -> None:
    first, second, other = [await signed_in(town, who) for who in (OWNER, OWNER, BOSS)]
    link = await personal_link(town, OWNER)
    session = await town.gateway.accounts.session(first, town.clock())
    assert session is not None
    assert await pressed(administrator, "end", session=session.id, which="signed_in") == "/accounts?which=signed_in"
    assert [await is_open(town, each) for each in (first, second, other)] == [False, True, True]
    assert await pressed(administrator, "end", person=OWNER) == "/accounts"
    assert [await is_open(town, each) for each in (second, other)] == [False, True]
    assert await town.gateway.contacts.linked(link, town.clock()) is None


async def test_a_lost_phone_is_taken_off(town: Town, administrator: ClientSession) -> None:
    await town.gateway.accounts.ask(lambda rows: rows.local.put(BOSS, "chen", "hash", 0, "secret"))
    await pressed(administrator, "codes", person=BOSS)
    found = await town.gateway.accounts.look(lambda rows: rows.local.of(BOSS))
    assert found is not None
    assert (found.secret, found.password) == ("", "hash")
    assert "Remove the codes" not in await shown(administrator, f"/accounts?q={BOSS}")


async def test_nobody_else_is_shown_anything(town: Town, administrator: ClientSession) -> None:
    for person in ("nobody", "../x"):
        for to in ("links", "end", "codes"):
            async with administrator.post(f"/accounts/{to}", data={"person": person}) as answer:
                assert (to, answer.status) == (to, 404)
    async with administrator.post("/accounts/links", json={"person": OWNER}) as answer:
        assert answer.status == 400
    headers = OUTSIDE | {"Cookie": f"{SESSION}={await signed_in(town, BOSS)}"}
    async with ClientSession(town.url, headers=headers) as boss, boss.get("/accounts") as answer:
        assert answer.status == 403


async def test_a_long_list_is_paged_and_searched(town: Town, administrator: ClientSession) -> None:
    count = len(town.gateway.region.persons) + 1
    assert count > SHOWN
    first = await shown(administrator)
    assert f"{count} people, 1 open sessions" in first
    assert f'href="/accounts?skip={SHOWN}"' in first
    assert 'rel="prev"' not in first
    names = re.findall(r'class="number">([^<]*)<', first + await shown(administrator, f"/accounts?skip={SHOWN}"))
    assert names[: min(count, 2 * SHOWN)] == ["", *(each.id for each in town.gateway.region.persons)][: 2 * SHOWN]
    only = await shown(administrator, "/accounts?which=signed_in")
    assert "1 person, 1 open sessions" in only


def test_what_an_address_asks_for_is_read_with_care() -> None:
    given = {"q": "  Chen " + "x" * 500, "which": "everything", "skip": "-1"}
    assert PeopleFilter.of(given) == PeopleFilter("Chen " + "x" * 95, Which.ALL, 0)
    assert PeopleFilter.of({"skip": "٣"}) == PeopleFilter.of({"skip": "9" * 7}) == PeopleFilter()
