"""The chat page without a browser: who it is given to, how much it weighs, and what old phones can read."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from connectors.doors.browser.account import COOKIE
from connectors.pages.app import ASSETS
from connectors.pages.views import chat, form
from tests.contract.plain_engine import PlainEngine
from tests.worlds.chat_room import ChatRoom, chat_room

MOST_BYTES = 100_000
SCRIPTS = (*dict.fromkeys([*chat.SCRIPTS, *form.SCRIPTS]), "demo.js", "form-worker.js", "phone-files.js")
NEWER = {
    "optional chaining": r"\?\.[a-zA-Z_(\[]", "nullish": r"\?\?", "spread of an object": r"\{\s*\.\.\.",
    "catch without a name": r"catch\s*\{", "replaceChildren": r"\.replaceChildren", "replaceAll": r"\.replaceAll",
    "flat": r"\.flat(Map)?\(", "fromEntries": r"fromEntries", "finally of a promise": r"\.finally\(", "at": r"\.at\(",
    "import": r"^import ", "matchAll": r"\.matchAll",
}  # fmt: skip
"""What came after ES2017, by a pattern."""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    async with chat_room(tmp_path, engine=PlainEngine()) as opened:
        yield opened


def asset(name: str) -> Path:
    return ASSETS[name]


async def page(room: ChatRoom, path: str, **cookies: str) -> tuple[str, aiohttp.ClientResponse]:
    headers = {"Accept": "text/html"}
    async with (
        aiohttp.ClientSession(room.url, cookies=cookies, headers=headers) as session,
        session.get(path) as answer,
    ):
        return await answer.text(), answer


async def test_a_browser_is_given_its_token_once(room: ChatRoom) -> None:
    """Scripts cannot read it, and other sites cannot use it."""
    _, first = await page(room, "/chat")
    given = first.cookies[COOKIE]
    assert (given["httponly"], given["samesite"], given["path"]) == (True, "Lax", "/")
    _, again = await page(room, "/chat", **{COOKIE: given.value})
    assert COOKIE not in again.cookies


async def test_an_invitation_that_came_with_a_link_is_used_once(room: ChatRoom) -> None:
    """Somebody opened the form by it first; the chat in the same browser joins by itself."""
    text, first = await page(room, "/chat", invite="k7f3-9mqx-2htw")
    assert '"invite":"k7f3-9mqx-2htw"' in text
    assert first.cookies["invite"]["max-age"] == "0"
    assert '"invite":""' in (await page(room, "/chat"))[0]


async def test_behind_https_the_token_is_never_sent_without_it(room: ChatRoom) -> None:
    """The proxy says so; over plain http the phone could not keep such a cookie."""
    headers = {"X-Forwarded-Proto": "https"}
    async with aiohttp.ClientSession(room.url, headers=headers) as session, session.get("/chat") as answer:
        assert answer.cookies[COOKIE]["secure"]
    _, plain = await page(room, "/chat")
    assert not plain.cookies[COOKIE]["secure"]


async def test_a_page_of_the_demo_needs_no_token_and_says_whose_it_is(room: ChatRoom) -> None:
    text, answer = await page(room, "/chat?as=rider-01&lang=en")
    assert COOKIE not in answer.cookies
    assert "Rider 01" in text
    assert "Sample data" in text
    assert (await page(room, "/chat?as=nobody"))[1].status == 404


async def test_only_pages_of_the_demo_may_be_framed_and_only_by_us(room: ChatRoom) -> None:
    """A chat in a frame of another site would let it guide the hand of its reader."""
    _, own = await page(room, "/chat")
    assert (own.headers["X-Frame-Options"], "frame-ancestors 'none'" in own.headers["Content-Security-Policy"]) == (
        "DENY",
        True,
    )
    _, framed = await page(room, "/chat?as=rider-01")
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_page_with_all_that_it_loads_fits_a_slow_phone(room: ChatRoom, language: str) -> None:
    """The map, too, which is loaded when it is wanted."""
    text, _ = await page(room, f"/chat?lang={language}")
    named = re.findall(r'(?:src|href)="(/assets/[^"#]+)', text)
    own = ("chat.css", "icon.svg", "icons.svg", "pages.css", *chat.SCRIPTS)
    assert set(named) == {f"/assets/{name}" for name in own}
    drawn, _ = await page(room, f"/chat/map?lang={language}")
    loaded = [asset(name.removeprefix("/assets/")) for name in set(named)]
    assert len(text.encode()) + len(drawn.encode()) + sum(file.stat().st_size for file in loaded) <= MOST_BYTES


async def test_a_map_of_the_region_or_of_the_streets_around_a_point(room: ChatRoom) -> None:
    whole, _ = await page(room, "/chat/map")
    near, _ = await page(room, "/chat/map?lon=118.0832&lat=24.4628")
    odd, answer = await page(room, "/chat/map?lon=nan&lat=x")
    assert 'class="map whole"' in whole
    assert 'class="map mini"' in near
    assert (answer.status, 'class="map whole"' in odd) == (200, True)


@pytest.mark.parametrize("lon", ["nan", "inf", "999"])
async def test_a_point_that_is_none_is_not_drawn(room: ChatRoom, lon: str) -> None:
    assert (await page(room, f"/chat/map?lon={lon}&lat=24"))[1].status == 200


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("newer", NEWER)
def test_scripts_use_nothing_newer_than_the_phones(script: str, newer: str) -> None:
    """ES2017: Android 8 and the browser inside WeChat."""
    text = asset(script).read_text(encoding="utf-8")
    assert re.findall(NEWER[newer], text, re.MULTILINE) == []


async def test_two_phones(room: ChatRoom) -> None:
    """A rider and the owner of a street, both named as samples."""
    text, _ = await page(room, "/demo?lang=en")
    frames = re.findall(r'<iframe src="([^"]+)"', text)
    assert frames == ["/chat?as=rider-01&amp;lang=en", "/chat?as=supervisor-03&amp;lang=en"]
    assert "sample names" in text


async def test_the_first_page_leads_to_the_chat(room: ChatRoom) -> None:
    """Where the door is open; without it there is no such page."""
    text, _ = await page(room, "/?lang=en")
    assert 'href="/chat"' in text
