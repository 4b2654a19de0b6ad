"""The page of a case in a real browser: photos to compare by keyboard, clocks that go on without a reload."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from schemas.case import Deadline
from schemas.command import Act
from tests.browser.browsing import DESKTOP, PHONE, visitor
from tests.browser.page_story import LIVE_MS
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, WALKER, Life

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


async def test_the_clocks_and_the_photos_come_without_a_reload(town: Town, browser: Browser) -> None:
    """A supervisor sees each clock end, and then both photos side by side, each reached and opened by keyboard."""
    life = Life(town)
    number = life.report("a", "路面油污", "湖滨南路12-8号", photos=life.shots)
    async with visitor(browser, town.url, size=DESKTOP, locale="en-GB") as person:
        page = person.page
        await page.goto(f"/case/{number}?role=supervisor&as={BOSS}")
        chips = page.locator("#clocks .chip")
        await expect(chips).to_have_text(["running"] * 3)
        life.act("a", Act.ACKNOWLEDGE)
        await expect(chips).to_have_text(["met", "running", "running"], timeout=LIVE_MS)
        life.act("a", Act.RESOLVE, minutes=36, photos=(life.after,))
        await expect(chips).to_have_text(["met", "met", "stands still"], timeout=LIVE_MS)
        before, after = [await page.locator(".pair img").nth(n).bounding_box() for n in (0, 1)]
        assert before is not None
        assert after is not None
        assert before["y"] == after["y"]
        assert before["x"] + before["width"] <= after["x"]
        link = page.locator(".pair a").nth(1)
        await page.locator(".pair a").first.focus()
        await page.keyboard.press("Tab")
        await expect(link).to_be_focused()
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/photos/{life.after.digest}.jpg")
        person.faults.found.clear()  # the browser's own page for a picture has styles and asks for an icon


async def test_on_a_phone_the_photos_stand_one_below_the_other(town: Town, browser: Browser) -> None:
    """Without script, without scrolling sideways, and with nothing of the inside for who reported it."""
    life = Life(town)
    number = life.report("a", "路面油污", "湖滨南路12-8号", photos=life.shots)
    life.act("a", Act.RESOLVE, photos=(life.after,))
    async with visitor(browser, town.url, size=PHONE, java_script_enabled=False) as person:
        page = person.page
        await page.goto(f"/case/{number}?role=reporter&as={WALKER}")
        before, after = [await page.locator(".pair img").nth(n).bounding_box() for n in (0, 1)]
        assert before is not None
        assert after is not None
        assert before["x"] == after["x"]
        assert before["y"] + before["height"] <= after["y"]
        assert after["x"] + after["width"] <= PHONE[0]
        await expect(page.locator("#told, #clocks, #course")).to_have_count(0)


async def test_a_clock_that_runs_out_says_late_by_itself(town: Town, browser: Browser) -> None:
    """When the time of a clock is over, its word changes on the open page although nothing happened."""
    number = Life(town).report("a", "路面油污", "湖滨南路12-8号")
    accept = town.street.cases[number].deadlines[Deadline.ACCEPT]
    town.clock.now_ms = accept - 2000
    async with visitor(browser, town.url, size=DESKTOP, locale="en-GB") as person:
        page = person.page
        await page.goto(f"/case/{number}")
        await expect(page.locator("#clocks .chip").first).to_have_text("late", timeout=LIVE_MS)
