"""The administrator lets people in and out, on the pages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from connectors.accounts.passwords import hashed
from connectors.accounts.session import ADMINISTRATOR
from tests.browser.browsing import DESKTOP, PHONE, barriers, visitor
from tests.worlds.outside import sign_in_link, signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PASSWORD = "lamp kite river"
SOON_MS = 20_000


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path, demo=False) as running:
        yield running


async def sign_in(page: Page, path: str) -> None:
    """Open a link and press its button."""
    await page.goto(path)
    await page.locator("main form button").click()


async def test_the_administrator_lets_somebody_in_and_out(town: Town, browser: Browser) -> None:
    """A link for a supervisor signs them in; when their session is ended, their open page goes to signing in."""
    async with (
        visitor(browser, town.url, locale="en-GB", size=DESKTOP) as office,
        visitor(browser, town.url, locale="en-GB", size=DESKTOP) as desk,
    ):
        await sign_in(office.page, f"/sign-in/{await sign_in_link(town, ADMINISTRATOR)}")
        await office.page.get_by_role("link", name="Accounts").click()
        await expect(office.page.get_by_text("What to do next")).to_be_visible()
        await office.page.get_by_role("searchbox").fill(BOSS)
        await office.page.keyboard.press("Enter")
        await office.page.get_by_role("button", name="Make a sign-in link").click()
        await expect(office.page.locator("#link svg")).to_be_visible()
        link = await office.page.locator("#link code").inner_text()

        await sign_in(desk.page, link)
        await desk.page.goto("/supervisor")
        await expect(desk.page.locator("#live")).to_have_class("quiet on", timeout=SOON_MS)

        await office.page.get_by_role("link", name="Back to the list").click()
        await office.page.get_by_role("button", name="End all sessions and links").click()
        await expect(office.page.locator(".sessions")).to_have_count(0)
        await expect(desk.page).to_have_url(re.compile(r"/sign-in\?to=/supervisor$"), timeout=SOON_MS)
        desk.faults.found[:] = [fault for fault in desk.faults.found if "401" not in fault]


async def test_somebody_signs_in_by_password_with_the_keyboard_alone(town: Town, browser: Browser) -> None:
    """A wrong password is said, the right one leads to the page that was asked for."""
    stored = hashed(PASSWORD)
    await town.gateway.accounts.ask(lambda rows: rows.local.put(BOSS, "chen", stored, 0))
    async with visitor(browser, town.url, locale="en-GB") as person:
        await person.page.goto("/supervisor")
        await person.page.get_by_label("Name").focus()
        for word in ("chen", "wrong"):
            await person.page.keyboard.type(word)
            await person.page.keyboard.press("Tab")
        await person.page.keyboard.press("Enter")
        await expect(person.page.get_by_role("alert")).to_contain_text("are wrong")
        await expect(person.page.get_by_label("Password")).to_be_focused()
        await person.page.keyboard.type(PASSWORD)
        await person.page.keyboard.press("Enter")
        await person.page.wait_for_url("**/supervisor")
        person.faults.found[:] = [fault for fault in person.faults.found if "403" not in fault]


@pytest.mark.parametrize(
    ("locale", "size", "scheme"), [("zh-CN", PHONE, "light"), ("en-GB", PHONE, "dark"), ("en-GB", DESKTOP, "light")]
)
async def test_pages_of_accounts_have_no_serious_barrier(
    town: Town, browser: Browser, locale: str, size: tuple[int, int], scheme: str
) -> None:
    """axe-core finds none on the list, the new link and the form, and nothing is wider than a phone."""
    await town.gateway.accounts.ask(lambda rows: rows.local.put(BOSS, "chen", "hash", 0, "secret"))
    session = await signed_in(town, ADMINISTRATOR)
    found = {}
    async with visitor(browser, town.url, locale=locale, size=size, color_scheme=scheme) as person:
        await person.page.goto("/sign-in?to=/handler")
        found["/sign-in"] = await barriers(person.page)
        await person.context.add_cookies([{"name": "session", "value": session, "url": town.url}])
        for address in ("/accounts", f"/accounts?q={BOSS}", "/accounts?skip=25"):
            await person.page.goto(address)
            found[address] = await barriers(person.page)
            assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await person.page.goto("/accounts")
        await person.page.locator("form[action='/accounts/links'] button").first.click()
        await expect(person.page.locator("#link")).to_be_visible()
        found["link"] = await barriers(person.page)
        assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        person.faults.found[:] = [fault for fault in person.faults.found if "Canvas2D" not in fault]
    assert {address: one for address, one in found.items() if one} == {}
