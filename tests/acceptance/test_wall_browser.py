"""The live board on a wall screen, in a real browser: read from afar, touched by nobody, alive for a long time."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, Page, expect

from connectors.doors.http.api import BROADCASTER
from schemas.command import Act, Cover
from schemas.topics import EVERYWHERE
from tests.browser.browsing import barriers, visitor
from tests.browser.page_story import LIVE_MS
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through, work_together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
ROADS = ("湖滨南路", "晨光街", "云帆路")
HD, UHD = (1920, 1080), (3840, 2160)
OF_WIDTH = 0.0147
"""The smallest letters, as a part of the screen's width: 28 pixels on 1920, 2 cm on a screen of 1.2 m."""
LETTERS = """() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (words.nextNode()) {
    const box = words.currentNode.parentElement;
    if (words.currentNode.textContent.trim() && box.checkVisibility() && !box.closest("script, caption"))
      found.push([parseFloat(getComputedStyle(box).fontSize), words.currentNode.textContent.trim().slice(0, 40)]);
  }
  return found;
}"""
FITS = "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
CUT = """() => [...document.querySelectorAll(".side, .panel")].filter((box) => box.scrollHeight > box.clientHeight + 2)
  .map((box) => box.id || box.className)"""


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


async def hung(page: Page, address: str = "/board?wall=1") -> None:
    """Open it, and wait until it is live."""
    await page.goto(address)
    await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("size", [HD, UHD])
async def test_all_of_it_is_read_from_four_metres(
    town: Town, browser: Browser, size: tuple[int, int], locale: str
) -> None:
    """In a storm too: large letters, nothing cut off or scrolled, nothing to touch, no barrier."""
    life = live_through(town)
    work_together(life)
    for n in range(60):
        life.report(
            f"storm-{n}", ("路面油污", "垃圾桶满溢", "路面积水", "井盖松动")[n % 4], f"{ROADS[n % 3]}{2 + n % 36}号"
        )
    town.clock.wait(200)
    now = town.clock()
    town.take(Cover(id="c", home=EVERYWHERE, person=OWNER, by=BOSS, from_ms=now, until_ms=now + 10**8))
    async with visitor(browser, town.url, size=size, locale=locale) as person:
        page = person.page
        await hung(page)
        await expect(page.locator("#late > li")).to_have_count(4)
        await expect(page.locator("#unowned")).to_be_visible()
        small = [each for each in await page.evaluate(LETTERS) if each[0] < OF_WIDTH * size[0]]
        assert small == []
        assert await page.evaluate(FITS)
        assert await page.evaluate(CUT) == []
        await expect(page.locator("a, button, input, select, summary, [tabindex='0']")).to_have_count(0)
        await expect(page.locator("#clock")).not_to_be_empty()
        assert await barriers(page) == []
        await hung(page, "/board?wall=1&department=drainage")
        await expect(page.locator("#oldest > li").first).to_be_visible()
        assert [each for each in await page.evaluate(LETTERS) if each[0] < OF_WIDTH * size[0]] == []
        assert await page.evaluate(FITS)
        assert await page.evaluate(CUT) == []
        person.faults.found[:] = [fault for fault in person.faults.found if "Canvas2D" not in fault]


async def test_it_finds_its_way_back_after_the_network_was_away(town: Town, browser: Browser) -> None:
    """It says that the connection is lost, then goes on by itself with all that happened meanwhile."""
    life = Life(town)
    async with visitor(browser, town.url, size=HD, locale="en-GB") as person:
        page = person.page
        await hung(page)
        await person.context.set_offline(True)
        await town.app[BROADCASTER].close()
        await expect(page.locator("#live")).to_have_class("quiet off", timeout=LIVE_MS)
        for n in range(3):
            life.report(f"away-{n}", ("路面油污", "路灯不亮", "垃圾桶满溢")[n], "云帆路5号")
        await person.context.set_offline(False)
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        await expect(page.locator("[data-total=open]")).to_have_text("3", timeout=LIVE_MS)
        person.faults.found.clear()  # it was offline


async def test_without_a_ledger_it_asks_again_by_itself(town: Town, browser: Browser) -> None:
    """A screen that is switched on before the system shows that, and is the board as soon as there is one."""
    (town.folder / "ledger.sqlite").unlink()
    async with visitor(browser, town.url, size=HD, locale="en-GB") as person:
        page = person.page
        await page.goto("/board?wall=1")
        assert await page.locator("meta[http-equiv=refresh]").get_attribute("content") == "10"
        town.rebuild("e2")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        person.faults.found.clear()  # 503 at first


def live_and_end(life: Life, n: int) -> None:
    """A case from its report to its end: six changes or more."""
    name = f"case-{n}"
    life.report(name, ("路面油污", "垃圾桶满溢", "路灯不亮")[n % 3], f"云帆路{2 + n % 30}号")
    life.act(name, Act.ACKNOWLEDGE, minutes=0)
    life.act(name, Act.CONTACT, minutes=0)
    life.act(name, Act.RESOLVE, minutes=0, photos=(life.after,))
    life.act(name, Act.VERIFY, WALKER, minutes=0)


async def changes(town: Town, life: Life, page: Page, count: int) -> None:
    """So many changes, and the page has heard of each."""
    until = len(town.street.drafts) + count
    while len(town.street.drafts) < until:
        for _ in range(20):
            live_and_end(life, len(life.numbers))
        last = life.numbers[f"case-{len(life.numbers) - 1}"]
        await expect(page.locator("#events")).to_contain_text(last[-5:], timeout=LIVE_MS)
    await expect(page.locator("[data-total=open]")).to_have_text("0", timeout=LIVE_MS)


async def weighed(page: Page, cdp: CDPSession) -> dict[str, Any]:
    """Nodes, listeners and bytes of the page after everything that nobody needs was collected."""
    for _ in range(3):
        await cdp.send("HeapProfiler.collectGarbage")
    told = (await cdp.send("Performance.getMetrics"))["metrics"]
    return {one["name"]: one["value"] for one in told}


@pytest.mark.slow
async def test_thousands_of_changes_leave_nothing_behind(town: Town, browser: Browser) -> None:
    """Minutes of a storm in a city: elements, listeners and memory of the page are afterwards what they were before."""
    life = Life(town)
    async with visitor(browser, town.url, size=HD, locale="zh-CN") as person:
        page = person.page
        await hung(page)
        cdp = await person.context.new_cdp_session(page)
        await cdp.send("Performance.enable")
        await changes(town, life, page, 1500)  # more than the page keeps for the other pages of its browser
        before = await weighed(page, cdp)
        await changes(town, life, page, 1200)
        after = await weighed(page, cdp)
        assert after["Nodes"] <= before["Nodes"] + 30
        assert after["JSEventListeners"] <= before["JSEventListeners"] + 5
        assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] + 600_000
