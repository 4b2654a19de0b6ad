"""Which cases of the last days a draft would have sent elsewhere."""

from pathlib import Path

from aiohttp import ClientSession, CookieJar

from tests.browser.reading_pages import text_of
from tests.worlds.small_town import small_town
from tests.worlds.town_life import Life
from tests.worlds.workbooks import edited, upload

STEWARD = "list-steward"


async def test_cases_of_the_last_days_are_decided_again_by_the_draft(tmp_path: Path) -> None:
    """The refused one would be handled; the others stay where they are."""
    async with (
        small_town(tmp_path) as town,
        ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        life = Life(town)
        refused = life.report("permit", "林地采伐许可证明", "湖滨南路12号")
        other = life.report("a", "路面油污", "湖滨南路12-8号")
        async with browser.get(f"/lists?as={STEWARD}"), browser.get("/lists/in-force.xlsx?lang=zh-CN") as answer:
            draft = edited(await answer.read(), "事项", "P03", {"结论": "可办理", "主办": "parks"})
        _, where, page = await upload(browser, draft, STEWARD)
        assert f'action="{where}/backtest"' in page
        town.clock.wait(1)
        page = await text_of(browser, f"{where}/backtest?days=30")
        assert "重新判定 2 件，其中 1 件会不同" in page
        assert f'href="/case/{refused}?role=supervisor"' in page
        assert other not in page
        assert "不予受理" in page
        assert "the last 30 days" in await text_of(browser, f"{where}/backtest?days=30&lang=en", "en")
        await text_of(browser, "/lists/drafts/nothing/backtest", status=404)
