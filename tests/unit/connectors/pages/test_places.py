"""What a page calls the place of a case that has none."""

from aiohttp import ClientSession

from schemas.report import ReportKind
from tests.browser.reading_pages import text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import Life


async def test_a_question_does_not_wait_for_a_place(town: Town, browser: ClientSession) -> None:
    """Nobody asks where a question is; of a fault without a place somebody does."""
    life = Life(town)
    asked = life.report("asked", "请问老年卡怎么办理", "", kind=ReportKind.QUESTION)
    fault = life.report("fault", "路灯不亮", "不知道在哪里")
    assert town.street.cases[fault].place is None
    for number, title in ((asked, "未注明地点"), (fault, "地点待补充")):
        assert title in await text_of(browser, f"/case/{number}")
