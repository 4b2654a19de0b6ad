"""Signing in by a link that works once or by a password, what the browser is given, and signing out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.accounts.passwords import hashed
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


async def test_signing_in_again_ends_the_old_session_of_this_browser(town: Town, browser: ClientSession) -> None:
    """Whoever it was before; those of other browsers stay. A link that is over ends nothing."""
    before, elsewhere = await signed_in(town, OWNER), await signed_in(town, BOSS)
    headers = OUTSIDE | {"Cookie": f"{SESSION}={before}"}
    path = f"/sign-in/{await sign_in_link(town, BOSS)}"

    async def statuses() -> list[int]:
        found = []
        for token in (before, elsewhere):
            sent = OUTSIDE | {"Cookie": f"{SESSION}={token}"}
            async with browser.get("/push", headers=sent, allow_redirects=False) as answer:
                found.append(answer.status)
        return found

    async with browser.post("/sign-in/none", headers=headers, allow_redirects=False) as answer:
        assert (answer.status, await statuses()) == (404, [200, 200])
    async with browser.post(path, headers=headers, allow_redirects=False) as answer:
        assert (answer.status, await statuses()) == (303, [401, 200])
        fresh = answer.cookies[SESSION].value
    async with browser.get("/push", headers=OUTSIDE | {"Cookie": f"{SESSION}={fresh}"}) as answer:
        assert answer.status == 200


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
    ways = {BOSS: "/supervisor", "steward-01": "/supervisor", OWNER: "/handler"}
    for person, way in ways.items():
        sent = OUTSIDE | {"Cookie": f"{SESSION}={await signed_in(town, person)}"}
        async with browser.get("/", headers=sent) as answer:
            page = await answer.text()
        assert (person, f'href="{way}"' in page) == (person, True)
        assert (person, 'href="/supervisor"' in page) == (person, person != OWNER)


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


PASSWORD = "lamp kite river"
STORED = hashed(PASSWORD)


async def typed(
    browser: ClientSession, name: str, password: str, to: str = "", **headers: str
) -> tuple[int, str, str, str]:
    """Send the form: status, where it leads, the session, and the page."""
    fields, sent = {"name": name, "password": password, "code": ""}, OUTSIDE | headers
    path = f"/sign-in{to}"
    async with browser.post(path, data=fields, headers=sent, allow_redirects=False) as answer:
        cookie = answer.cookies.get(SESSION)
        page = await answer.text()
        return answer.status, answer.headers.get("Location", ""), "" if cookie is None else cookie.value, page


async def test_the_form_is_there_once_somebody_has_a_password(town: Town, browser: ClientSession) -> None:
    for shown in (False, True):
        async with asked(browser, "/sign-in?to=/handler") as answer:
            page = await answer.text()
        assert ('action="/sign-in?to=%2Fhandler"' in page, "current-password" in page) == (shown, shown)
        await town.gateway.accounts.ask(lambda rows: rows.local.put(BOSS, "chen", STORED, 0))


async def test_the_right_password_leads_to_the_page_that_was_asked_for(town: Town, browser: ClientSession) -> None:
    await town.gateway.accounts.ask(lambda rows: rows.local.put(OWNER, "chen", STORED, 0))
    status, to, session, _ = await typed(browser, "Chen", PASSWORD, "?to=/handler")
    assert (status, to, len(session) > 40) == (303, "/handler", True)
    async with browser.get("/handler", headers=OUTSIDE | {"Cookie": f"{SESSION}={session}"}) as answer:
        assert "Signed in as Segment supervisor 01" in await answer.text()


@pytest.mark.parametrize("name", ["chen", "nobody"])
async def test_wrong_ones_are_told_the_same_until_they_have_to_wait(
    town: Town, browser: ClientSession, name: str
) -> None:
    """The page has the name, never the password; a name that is none looks like one that is."""
    await town.gateway.accounts.ask(lambda rows: rows.local.put(OWNER, "chen", STORED, 0))
    for _ in range(5):
        status, _, session, page = await typed(browser, name, "wrong <secret>", "?to=/handler")
        assert (status, session, "Name, password or code are wrong" in page) == (403, "", True)
        assert (f'value="{name}"' in page, "secret" in page, "to=%2Fhandler" in page) == (True, False, True)
    status, _, session, page = await typed(browser, name, PASSWORD)
    assert (status, session, "Try again in 1 minute," in page) == (429, "", True)


async def test_another_site_cannot_sign_its_reader_in(town: Town, browser: ClientSession) -> None:
    await town.gateway.accounts.ask(lambda rows: rows.local.put(OWNER, "chen", STORED, 0))
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    status, _, session, _ = await typed(browser, "chen", PASSWORD, **headers)
    assert (status, session) == (403, "")


async def test_what_is_no_such_form_is_refused(browser: ClientSession) -> None:
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        async with browser.post("/sign-in", data=b"name=chen", headers=OUTSIDE | {"Content-Type": kind}) as answer:
            assert (kind, answer.status) == (kind, 400)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=80))
async def test_no_forged_cookie_is_a_session(town: Town, browser: ClientSession, token: str) -> None:
    await signed_in(town, OWNER)
    sent = OUTSIDE | {"Cookie": f"{SESSION}={token}"}
    async with browser.get("/handler", headers=sent, allow_redirects=False) as answer:
        assert answer.status == 401
