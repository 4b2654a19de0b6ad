"""The charts of statistics in a real browser: drawn by the script, and each part the way to its cases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.browsing import DESKTOP, PHONE, barriers, visitor
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import live_through

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PERIOD = "from=2026-10-15&to=2026-11-30"
BY_MONTH = f"/statistics?metric=opened&{PERIOD}"
BY_TWO = f"/statistics?by=grid&view=category&metric=on_time_rate&{PERIOD}"


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        live_through(running)
        yield running


@pytest.mark.parametrize(
    ("locale", "size", "others", "high"),
    [
        ("zh-CN", PHONE, "其他", "颜色越浓数值越高"),
        ("en-GB", DESKTOP, "All others", "a stronger colour is a higher value"),
    ],
)
async def test_a_lead_sees_the_months_and_opens_the_cases_of_a_part(
    town: Town, browser: Browser, locale: str, size: tuple[int, int], others: str, high: str
) -> None:
    """Names stand in the drawing as text, in both schemes; a click leads to as many cases as the part counts."""
    async with visitor(browser, town.url, locale=locale, size=size, color_scheme="dark") as person:
        page = person.page
        await page.goto(BY_MONTH)
        chart = page.locator("figure.chart svg")
        await expect(chart.get_by_text(others, exact=True)).to_be_visible()
        await expect(chart.get_by_text("2026-11", exact=True)).to_be_visible()
        assert await barriers(page) == []
        await page.emulate_media(color_scheme="light")
        await page.goto(BY_TWO)
        await expect(page.get_by_text(high)).to_be_visible()
        box = page.locator("figure.chart [role=img]")
        await expect(box.locator("svg")).to_be_visible()
        assert await barriers(page) == []
        fields = await page.evaluate(
            "() => JSON.parse(document.querySelector('figure.chart script').textContent).fields"
        )
        painted = box.locator("svg path[fill-opacity]")
        await expect(painted).to_have_count(len(fields))
        async with page.expect_navigation(url="**/supervisor?counted=**"):
            await painted.first.click()
        text = fields[0]["text"]
        await expect(page.locator("[data-case]")).to_have_count(int(text.partition("n=")[2]))


async def test_without_script_there_is_the_table_alone(town: Town, browser: Browser) -> None:
    """Nothing is left of a chart, not even its caption."""
    async with visitor(browser, town.url, size=DESKTOP, java_script_enabled=False) as person:
        await person.page.goto(BY_MONTH)
        await expect(person.page.locator("table").first).to_be_visible()
        await expect(person.page.locator("figure.chart")).to_be_hidden()
