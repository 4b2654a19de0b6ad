"""Signing in from a chat: whoever is known there writes a word, and gets a link that works once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from connectors.doors.browser.account import COOKIE, sender_of
from tests.browser.browsing import barriers, visitor
from tests.worlds.chat_room import NAME, ChatRoom, chat_room
from tests.worlds.town_life import OWNER

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LIVE_MS = 20_000


@pytest_asyncio.fixture(loop_scope="session")
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    async with chat_room(tmp_path) as opened:
        opened.gateway.address, opened.gateway.demo = opened.url, False
        yield opened


async def test_a_word_in_the_chat_opens_the_pages_once(room: ChatRoom, browser: Browser) -> None:
    """A stranger hears how to become known; a handler taps the link, presses the button, and is signed in."""
    async with visitor(browser, room.url) as person:
        page, said = person.page, person.page.locator("#log .said.bot")
        await page.goto("/chat")
        await expect(page.locator("#state")).to_have_class("on", timeout=LIVE_MS)
        await page.fill("#text", "登录")
        await page.click("#send")
        await expect(said.last).to_contain_text("不需要登录", timeout=LIVE_MS)

        token = next(each["value"] for each in await person.context.cookies() if each["name"] == COOKIE)
        book, now = room.gateway.contacts, room.gateway.clock()
        invitation = await book.invite(person=OWNER, now_ms=now)
        await book.bind(NAME, sender_of(token), invitation.token, now)

        await page.fill("#text", "帮助")
        await page.click("#send")
        await said.last.get_by_role("button", name="登录网页").click(timeout=LIVE_MS)
        await expect(said.last).to_contain_text("15 分钟内有效", timeout=LIVE_MS)
        assert await barriers(page) == []
        link = await said.last.get_by_role("link").get_attribute("href")
        assert link is not None
        await page.goto(link)
        await page.get_by_role("button", name="在本设备登录").click()
        await expect(page.locator("#me")).to_contain_text("已登录")
        await page.goto("/sign-in")  # which asks for nothing more
        await expect(page.locator("#me")).to_contain_text("已登录")
        known = ("503", "Canvas2D")  # there is no ledger here; axe-core's own look at fonts
        person.faults.found[:] = [each for each in person.faults.found if not any(word in each for word in known)]
    async with visitor(browser, room.url) as other:
        await other.page.goto(link)
        await expect(other.page.locator(".notice.bad")).to_be_visible()
        other.faults.found[:] = [fault for fault in other.faults.found if "404" not in fault]
