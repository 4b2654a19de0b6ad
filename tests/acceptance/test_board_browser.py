"""The live board in a real browser, on a town that decides for real but without Kafka."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from connectors.doors.http.api import BROADCASTER
from schemas.command import Act
from tests.browser.browsing import DESKTOP, visitor
from tests.browser.page_story import LIVE_MS
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, Life, live_through

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


async def test_a_case_comes_is_late_and_goes_without_a_reload(town: Town, browser: Browser) -> None:
    """Map, lists, tables and events follow a case from its report to the after-photo."""
    life = Life(town)
    async with visitor(browser, town.url, size=DESKTOP, locale="en-GB") as person:
        page = person.page
        await page.goto("/board")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        await expect(page.locator("#map")).to_have_attribute("data-marks", "0")
        number = life.report("a", "消防通道被杂物堵住", "云帆路5号")
        await expect(page.locator("#events > li").first).to_contain_text(number, timeout=LIVE_MS)
        await expect(page.locator("#people")).to_contain_text("1", timeout=LIVE_MS)
        holder = town.street.cases[number].assignee
        await expect(page.locator("#people a")).to_have_attribute("href", f"/supervisor?assignee={holder}")
        await expect(page.locator("#map")).to_have_attribute("data-marks", "1")
        life.report("b", "路灯不亮，晚上太黑", "晨光街8号")
        await expect(page.locator("#map")).to_have_attribute("data-marks", "2", timeout=LIVE_MS)
        town.clock.wait(60 * 24)
        await page.reload()
        late = page.locator("#late > li", has_text=number)
        await expect(late).to_be_visible(timeout=LIVE_MS)
        life.act("a", Act.RESOLVE, photos=(life.proof(1),))
        await expect(late).to_have_count(0, timeout=LIVE_MS)
        await expect(page.locator("#events > li").first).to_contain_text("Resolved", timeout=LIVE_MS)


async def test_by_keyboard_a_late_case_is_found_on_the_map(town: Town, browser: Browser) -> None:
    """The button beside a case opens it on the map, and the link in there leads to its page."""
    number = live_through(town).numbers["late"]
    async with visitor(browser, town.url, size=DESKTOP, locale="zh-CN") as person:
        page = person.page
        await page.goto("/board")
        find = page.get_by_role("button", name=f"在地图上显示 {number}")
        await expect(find).to_be_visible(timeout=LIVE_MS)
        await find.focus()
        await page.keyboard.press("Enter")
        shown = page.locator(".leaflet-popup-content")
        await expect(shown).to_contain_text("消防通道堵塞")
        for words in ("放大地图", "缩小地图", "关闭"):
            await expect(page.locator("#map").get_by_role("button", name=words)).to_be_visible()
        await shown.get_by_role("link").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_contain_text(number)


async def test_it_goes_on_after_the_stream_was_closed(town: Town, browser: Browser) -> None:
    """What happened while the stream was away is there when it is back, once."""
    life = Life(town)
    async with visitor(browser, town.url, size=DESKTOP, locale="en-GB") as person:
        page = person.page
        await page.goto("/board?grid=G001")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        await town.app[BROADCASTER].close()
        number = life.report("a", "路面油污", "云帆路5号")
        await expect(page.locator("#events > li", has_text=number)).to_have_count(2, timeout=LIVE_MS)
        await expect(page.locator("#rungs td").first).to_have_text("1", timeout=LIVE_MS)
        town.rebuild("e2")
        life.report("b", "消防通道被杂物堵住", "云帆路5号")
        await expect(page.locator("#rungs td").first).to_have_text("2", timeout=LIVE_MS)


async def test_seven_pages_of_one_browser_share_one_stream(town: Town, browser: Browser) -> None:
    """All of them are live, also after the page that holds the connection is gone, and nothing comes twice."""
    life = Life(town)
    watching = town.app[BROADCASTER]
    async with visitor(browser, town.url, size=DESKTOP, locale="en-GB") as person:
        pages = [person.page, *[await person.context.new_page() for _ in range(6)]]
        for page in pages:
            await page.goto("/board")
            await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        assert watching.browsers == 1
        for left, words in ((7, "路面油污"), (6, "路灯不亮，晚上太黑"), (5, "垃圾桶满溢")):
            number = life.report(f"case-{left}", words, "云帆路5号")
            for page in pages:
                await expect(page.locator("#events > li", has_text=number)).to_have_count(2, timeout=LIVE_MS)
            await pages.pop(0).close()
        number = life.report("last", "小广告没有清理干净", "湖滨南路6号")
        late = await person.context.new_page()
        await late.goto("/board")
        for page in (*pages, late):
            await expect(page.locator("#events > li", has_text=number)).to_have_count(2, timeout=LIVE_MS)
        assert watching.browsers == 1


async def test_a_department_follows_its_calls_and_its_oldest_cases(town: Town, browser: Browser) -> None:
    """What comes, ends and is called for is on its board without a reload; cases of others are not."""
    life = Life(town)
    async with visitor(browser, town.url, size=DESKTOP, locale="en-GB") as person:
        page = person.page
        await page.clock.install()
        await page.goto("/board?department=drainage")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        number = life.report("own", "路面积水", "云帆路5号")
        life.report("other", "路灯不亮，晚上太黑", "晨光街8号")
        await expect(page.locator("#oldest > li")).to_contain_text(number, timeout=LIVE_MS)
        await expect(page.locator("#oldest > li")).to_have_count(1)
        called = life.report("water", "整栋楼停水，地下室返水", "晨光街14号", by="resident-01")
        life.act("water", Act.WHISTLE, BOSS, cite="H20")
        life.act("own", Act.RESOLVE, photos=(life.proof(1),))
        await expect(page.locator("[data-total=resolved]")).to_have_text("1", timeout=LIVE_MS)
        await page.clock.fast_forward(61_000)  # what only the server can draw is asked for within a minute
        await expect(page.locator("#today")).to_contain_text("1 of 1", timeout=LIVE_MS)
        await expect(page.locator("#calls")).to_contain_text(called)
        await expect(page.locator("#calls .clock")).to_have_count(3)
