"""Words that fit two categories alike: the case goes on, and its reporter can say with one tap that it is the other."""

import re

from aiohttp import ClientSession

from grid36.cli.report import _outline
from schemas.command import Act
from tests.browser.reading_pages import text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, WALKER, Life


async def test_the_reporter_is_asked_while_the_case_goes_on(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    tie = life.report("tie", "垃圾满溢 路灯不亮", "湖滨南路12号")
    sure = life.report("sure", "路灯不亮", "湖滨南路12号")
    assert town.street.cases[tie].assignee is not None
    page = await text_of(browser, f"/case/{tie}?role=reporter&as={WALKER}", "en")
    asked = page[page.index("Is it rather:") :]
    assert re.search(r'name="category" value="street-light"', asked)
    assert "是否应为" in await text_of(browser, f"/case/{tie}?role=reporter&as={WALKER}")
    assert "是否应为" not in await text_of(browser, f"/case/{sure}?role=reporter&as={WALKER}")
    assert "是否应为" not in await text_of(browser, f"/case/{tie}?role=supervisor&as={BOSS}")
    async with browser.get(f"/api/cases/{tie}") as answer:
        told = await answer.json()
    assert told["may_be"] == ["street-light"]
    assert _outline(told)["may_be"] == ["street-light"]
    life.act("tie", Act.CORRECT, WALKER, category="street-light")
    assert town.street.cases[tie].category == "street-light"
    assert "是否应为" not in await text_of(browser, f"/case/{tie}?role=reporter&as={WALKER}")
    async with browser.get(f"/api/cases/{tie}") as answer:
        assert "may_be" not in await answer.json()


async def test_once_somebody_was_there_nobody_is_asked_any_more(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    tie = life.report("tie", "垃圾满溢 路灯不亮", "湖滨南路12号")
    life.act("tie", Act.CONTACT)
    assert "是否应为" not in await text_of(browser, f"/case/{tie}?role=reporter&as={WALKER}")
