"""Signing in with the organisation's account: a real provider, which others wrote, and a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from connectors.accounts.oidc.client import OidcClient
from connectors.pages.signing_in.oidc_ways import add_oidc
from tests.browser.browsing import DESKTOP, PHONE, barriers
from tests.processes.oidc_server import OidcServer
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PASSWORDS = {BOSS: "greasy pavement at 7:21", "somebody-else": "a lamp is out in G002"}


@pytest_asyncio.fixture(loop_scope="session")
async def there(tmp_path: Path) -> AsyncIterator[OidcServer]:
    """The provider, which does not run yet."""
    server = OidcServer(tmp_path)
    try:
        yield server
    finally:
        await server.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path, there: OidcServer) -> AsyncIterator[Town]:
    client = OidcClient(there.provider)
    async with small_town(tmp_path, demo=False, more=[lambda app: add_oidc(app, client)]) as running:
        running.gateway.address = running.url
        yield running


async def opened(browser: Browser, town: Town, *, size: tuple[int, int] = DESKTOP) -> Page:
    """A new browser of somebody who reads English."""
    context = await browser.new_context(
        base_url=town.url, locale="en-GB", viewport={"width": size[0], "height": size[1]}
    )
    context.set_default_timeout(30_000)
    return await context.new_page()


async def sign_in_there(page: Page, person: str) -> None:
    """On the provider's own pages."""
    await page.locator("input[name=login]").fill(person)
    await page.keyboard.press("Enter")
    await page.locator("input[name=password]").fill(PASSWORDS[person])
    await page.keyboard.press("Enter")


async def test_a_supervisor_signs_in_with_the_organisations_account(
    town: Town, there: OidcServer, browser: Browser
) -> None:
    """The provider is away first, which leaves the other ways; then they land on the page they asked for."""
    page = await opened(browser, town)
    back: list[str] = []
    page.on("request", lambda sent: back.append(sent.url) if "/oidc/back?code" in sent.url else None)
    await page.goto("/supervisor?late=1")
    await page.get_by_role("link", name="Sign in with the account of your organisation").click()
    await page.get_by_text("cannot be reached just now").wait_for()
    assert await barriers(page) == []
    await there.start(town.url, PASSWORDS)
    await page.get_by_role("link", name="Try again").click()
    await sign_in_there(page, BOSS)
    await page.wait_for_url(f"{town.url}/supervisor?late=1")
    await page.get_by_text("Signed in as").wait_for()

    other = await opened(browser, town)
    for taken in (other, page):  # what came back is of no use to anybody else, nor again
        await taken.goto(back[0])
        await taken.get_by_text("Please begin again").wait_for()
        assert "code" not in taken.url
    await other.goto("/supervisor")
    await other.wait_for_url("**/sign-in?to=/supervisor")

    await page.goto("/supervisor")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_text("You are signed out here").wait_for()
    assert await barriers(page) == []
    await page.get_by_role("link", name="Sign out of the account of your organisation as well").click()
    await page.wait_for_url(f"{there.url}/**")
    await page.goto("/supervisor")
    await page.wait_for_url("**/sign-in?to=/supervisor")


async def test_who_is_known_there_and_not_here_is_told_whom_to_ask(
    town: Town, there: OidcServer, browser: Browser
) -> None:
    """On a phone; they may report all the same."""
    await there.start(town.url, PASSWORDS)
    page = await opened(browser, town, size=PHONE)
    await page.goto("/sign-in?to=/board")
    await page.get_by_role("link", name="Sign in with the account of your organisation").click()
    await sign_in_there(page, "somebody-else")
    await page.get_by_text("Ask whoever looks after it to add you").wait_for()
    assert await barriers(page) == []
    await page.goto("/board")
    await page.wait_for_url("**/sign-in?to=/board")
