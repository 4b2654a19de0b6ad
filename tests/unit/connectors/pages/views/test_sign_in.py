"""Signing in by a link that works once, what the browser is given, and signing out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from connectors.accounts.session import ADMINISTRATOR
from connectors.pages.form.visitor import SESSION
from connectors.pages.signing_in.entering import safe
from tests.worlds.outside import HOST, OUTSIDE, asked, sign_in_link, signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path, demo=False) as running:
        running.gateway.public_host = HOST
        yield running


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[ClientSession]:
    async with ClientSession(town.url) as opened:
        yield opened


async def enter(browser: ClientSession, path: str) -> tuple[int, str, str]:
    """Press the button of a link: status, where it leads, and the session."""
    async with browser.post(path, headers=OUTSIDE, allow_redirects=False) as answer:
        cookie = answer.cookies.get(SESSION)
        return answer.status, answer.headers.get("Location", ""), "" if cookie is None else cookie.value


async def test_looking_at_a_link_does_not_use_it_up(town: Town, browser: ClientSession) -> None:
    """Messengers open addresses to show a preview."""
    path = f"/sign-in/{await sign_in_link(town, BOSS)}"
    for _ in range(3):
        async with asked(browser, path) as answer:
            page = await answer.text()
            assert (answer.status, SESSION in answer.cookies, "signs you in as" in page) == (200, False, True)
    status, to, session = await enter(browser, f"{path}?to=/board%3Fgrid%3DG001")
    assert (status, to, len(session) > 40) == (303, "/board?grid=G001", True)
    assert await enter(browser, path) == (404, "", "")


async def test_the_cookie_is_for_this_site_alone(town: Town, browser: ClientSession) -> None:
    """Not for scripts, not for other sites, and over https never in the clear."""
    for forwarded, secure in (("https", True), ("http", False)):
        path, headers = f"/sign-in/{await sign_in_link(town, BOSS)}", OUTSIDE | {"X-Forwarded-Proto": forwarded}
        async with browser.post(path, headers=headers, allow_redirects=False) as answer:
            cookie = answer.cookies[SESSION]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], bool(cookie["secure"])) == (
            True, "Lax", "/", secure,
        )  # fmt: skip


async def test_signing_out_ends_the_session_everywhere(town: Town, browser: ClientSession) -> None:
    session, other = await signed_in(town, OWNER), await signed_in(town, OWNER)
    headers = OUTSIDE | {"Cookie": f"{SESSION}={session}"}
    async with browser.get("/handler", headers=headers) as answer:
        assert "Signed in as Segment supervisor 01" in await answer.text()
    async with browser.post("/sign-out", headers=headers, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"], answer.cookies[SESSION].value) == (303, "/sign-in", "")
    for token, status in ((session, 401), (other, 200)):
        sent = OUTSIDE | {"Cookie": f"{SESSION}={token}"}
        async with browser.get("/handler", headers=sent, allow_redirects=False) as answer:
            assert answer.status == status


async def test_the_first_page_leads_to_what_one_may_open(town: Town, browser: ClientSession) -> None:
    ways = {BOSS: "/supervisor", "steward-01": "/board", OWNER: "/handler"}
    for person, way in ways.items():
        sent = OUTSIDE | {"Cookie": f"{SESSION}={await signed_in(town, person)}"}
        async with browser.get("/", headers=sent) as answer:
            page = await answer.text()
        assert (person, f'href="{way}"' in page) == (person, True)
        assert (person, 'href="/supervisor"' in page) == (person, person == BOSS)


async def test_an_administrator_sees_no_case(town: Town, browser: ClientSession) -> None:
    sent = OUTSIDE | {"Cookie": f"{SESSION}={await signed_in(town, ADMINISTRATOR)}", "Accept": "text/html"}
    for path, status in (("/", 200), ("/handler", 403), ("/supervisor", 403), ("/board", 403)):
        async with browser.get(path, headers=sent, allow_redirects=False) as answer:
            assert (path, answer.status) == (path, status)


@given(to=st.one_of(st.text(), st.text().map("/".__add__), st.text().map("//".__add__), st.text().map("/\\".__add__)))
def test_it_leads_to_no_other_site(to: str) -> None:
    """Whatever an address asks for."""
    led = safe(to)
    assert led.startswith("/")
    assert led[1:2] not in {"/", "\\"}
    assert led.isprintable()
