"""Signing in by the organisation's own log-in, as a browser sees it: there and back, and every way it may fail."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from connectors.accounts.oidc.client import OidcClient
from connectors.pages.form.visitor import SESSION
from connectors.pages.signing_in.oidc import COOKIE
from connectors.pages.signing_in.oidc_ways import OIDC, add_oidc
from tests.worlds.oidc_provider import FakeProvider, oidc_provider, registered
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS

ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeProvider]:
    async with oidc_provider() as running:
        running.claims = {"preferred_username": BOSS}
        yield running


@pytest.fixture
async def town(tmp_path: Path, fake: FakeProvider) -> AsyncIterator[Town]:
    client = OidcClient(registered(fake))
    async with small_town(tmp_path, demo=False, more=[lambda app: add_oidc(app, client)]) as running:
        running.gateway.address = running.url
        yield running


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[ClientSession]:
    async with ClientSession(town.url, headers=ENGLISH) as opened:
        yield opened


async def go(browser: ClientSession, path: str, **cookies: str) -> tuple[int, str, str, dict[str, str]]:
    """Status, where it leads, the page, and the cookies that it sets."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    async with browser.get(path, headers=headers, allow_redirects=False) as answer:
        given = {name: morsel.value for name, morsel in answer.cookies.items()}
        return answer.status, answer.headers.get("Location", ""), await answer.text(), given


async def leave(browser: ClientSession, fake: FakeProvider, to: str = "") -> tuple[dict[str, str], str]:
    """Press the button and sign in there: what is brought back, and the cookie of the attempt."""
    status, there, _, cookies = await go(browser, f"/sign-in/oidc?to={to}")
    assert (status, there.startswith(f"{fake.url}/authorize?")) == (303, True)
    return fake.signs_in(there), cookies[COOKIE]


async def told(browser: ClientSession, path: str, cookie: str) -> tuple[int, str, bool]:
    """Come back in vain: the status of the page that says why, the page, and whether somebody is signed in."""
    status, to, _, first = await go(browser, path, oidc=cookie)
    assert (status, "code" in to, "state" in to) == (303, False, False)
    status, _, page, second = await go(browser, to)
    return status, page, SESSION in first | second


def address(brought: dict[str, str], **changed: str) -> str:
    return f"/sign-in/oidc/back?{urlencode(brought | changed)}"


async def test_a_supervisor_comes_in_and_lands_on_the_page_asked_for(
    town: Town, browser: ClientSession, fake: FakeProvider
) -> None:
    _, _, page, _ = await go(browser, "/sign-in?to=/supervisor")
    assert 'href="/sign-in/oidc?to=%2Fsupervisor"' in page
    assert "Sign in with the account of your organisation" in page
    brought, cookie = await leave(browser, fake, "/supervisor")
    status, to, _, cookies = await go(browser, address(brought), oidc=cookie)
    assert (status, to, cookies[COOKIE]) == (303, "/supervisor", "")
    status, _, page, _ = await go(browser, to, session=cookies[SESSION])
    assert (status, "Signed in as" in page) == (200, True)
    async with browser.post(
        "/sign-out", headers={"Cookie": f"session={cookies[SESSION]}", "Origin": town.url}, allow_redirects=False
    ) as answer:
        assert answer.headers["Location"] == "/sign-in?left=oidc"
    _, _, page, _ = await go(browser, "/sign-in?left=oidc")
    assert "you may still be signed in" in page
    status, to, _, _ = await go(browser, "/sign-in/oidc/out")
    assert (status, to.startswith(f"{fake.url}/out?client_id=grid36")) == (303, True)


async def test_an_attempt_is_for_one_browser_once(town: Town, browser: ClientSession, fake: FakeProvider) -> None:
    brought, cookie = await leave(browser, fake)
    for path, sent in (
        (address(brought), ""), (address(brought), "other"), (address(brought, state="other"), cookie),
        ("/sign-in/oidc/back", cookie), ("/sign-in/oidc/back", ""),
    ):  # fmt: skip
        status, page, came_in = await told(browser, path, sent)
        assert (status, came_in, "Please begin again" in page) == (400, False, True)
    assert SESSION in (await go(browser, address(brought), oidc=cookie))[3]
    assert (await told(browser, address(brought), cookie))[0] == 400


async def test_the_cookie_of_an_attempt_is_for_its_way_alone(browser: ClientSession) -> None:
    async with browser.get("/sign-in/oidc", allow_redirects=False) as answer:
        cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/sign-in/oidc")


@pytest.mark.parametrize("value", ["nobody-we-know", "", None, 7])
async def test_a_stranger_is_told_whom_to_ask(browser: ClientSession, fake: FakeProvider, value: object) -> None:
    """Known there, and not here; the page shows no value."""
    fake.claims = {"preferred_username": value}
    fake.userinfo = {"sub": "s-1"}
    brought, cookie = await leave(browser, fake)
    status, page, came_in = await told(browser, address(brought), cookie)
    assert (status, came_in, "Ask whoever looks after it" in page) == (403, False, True)
    assert ("“preferred_username” came" in page) == (value == "nobody-we-know")
    assert "nobody-we-know" not in page


@pytest.mark.parametrize("claims", [{"nonce": "other"}, {"aud": "other"}, {"exp": 1}])
async def test_what_proves_nothing_signs_nobody_in(
    browser: ClientSession, fake: FakeProvider, claims: dict[str, object]
) -> None:
    fake.claims |= claims
    brought, cookie = await leave(browser, fake)
    status, page, came_in = await told(browser, address(brought), cookie)
    assert (status, came_in, "does not prove who you are" in page) == (400, False, True)


async def test_who_changes_their_mind_there_is_told_so(browser: ClientSession, fake: FakeProvider) -> None:
    brought, cookie = await leave(browser, fake, "/board")
    path = f"/sign-in/oidc/back?state={brought['state']}&error=access_denied"
    status, page, _ = await told(browser, path, cookie)
    assert (status, "Nobody was signed in here" in page, "to=%2Fboard" in page) == (400, True, True)


async def test_a_provider_that_is_away_leaves_the_other_ways(town: Town, browser: ClientSession) -> None:
    there = town.app[OIDC].client
    there.provider = replace(there.provider, issuer="http://127.0.0.1:1")
    status, _, page, _ = await go(browser, "/sign-in/oidc?to=/board")
    assert (status, "cannot be reached just now" in page, "/sign-in?to=%2Fboard" in page) == (503, True, True)
    assert (await go(browser, "/sign-in"))[0] == 200


async def test_who_leaves_for_the_provider_again_and_again_has_to_wait(
    town: Town, browser: ClientSession, fake: FakeProvider
) -> None:
    """By address, and those who come back signed in take nothing from their office."""
    for _ in range(2):
        brought, cookie = await leave(browser, fake)
        assert SESSION in (await go(browser, address(brought), oidc=cookie))[3]
    for _ in range(29):
        assert (await go(browser, "/sign-in/oidc"))[0] == 303
    brought, cookie = await leave(browser, fake)
    status, _, page, _ = await go(browser, "/sign-in/oidc?to=/board")
    assert (status, "Try again in 10 minutes" in page, "/sign-in?to=%2Fboard" in page) == (429, True, True)
    assert SESSION in (await go(browser, address(brought), oidc=cookie))[3]
    assert (await go(browser, "/sign-in/oidc"))[0] == 303
    town.clock.wait(10)
    assert (await go(browser, "/sign-in/oidc"))[0] == 303


async def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    async with small_town(tmp_path, demo=False) as plain, ClientSession(plain.url, headers=ENGLISH) as browser:
        assert [(await go(browser, path))[0] for path in ("/sign-in/oidc", "/sign-in/oidc/back")] == [404, 404]
        assert "/sign-in/oidc" not in (await go(browser, "/sign-in"))[2]
