"""The milestones of a case on its page: seen by everybody, reached by whoever does the work."""

from aiohttp import ClientSession

from schemas.case import Deadline
from schemas.command import Act
from tests.browser.reading_pages import offered, send, text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, Life

DESK = "officer-water-supply"


async def test_a_burst_pipe_is_fenced_off_by_a_form(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("burst", "水管爆裂，水往外喷", "晨光街12号")
    await text_of(browser, f"/handler?as={DESK}")
    page = await text_of(browser, f"/case/{number}?role=handler")
    assert "围挡" in page
    assert Act.MILESTONE in offered(page)
    assert [f'value="{step}"' in page for step in ("fence", "repair", "restore")] == [True] * 3
    await send(browser, f"/case/{number}/acts?role=handler", act="milestone", by=DESK, to="fence", note="已围挡")
    town.step()
    case = town.street.cases[number]
    assert [step.done_ms is not None for step in case.milestones] == [True, False, False]
    assert case.deadlines[Deadline.MILESTONE] == case.milestones[1].due_ms
    page = await text_of(browser, f"/case/{number}?role=handler", "en")
    assert "reached the milestone “Fence off”" in page
    assert 'value="fence"' not in page


async def test_who_only_watches_sees_them_and_reaches_none(town: Town, browser: ClientSession) -> None:
    """And a case without milestones says nothing of them."""
    life = Life(town)
    number = life.report("burst", "水管爆裂，水往外喷", "晨光街12号")
    await text_of(browser, f"/supervisor?as={BOSS}")
    page = await text_of(browser, f"/case/{number}?role=supervisor")
    assert "恢复路面" in page
    assert Act.MILESTONE not in offered(page)
    other = life.report("lamp", "路灯不亮", "晨光街8号")
    assert 'class="milestones"' not in await text_of(browser, f"/case/{other}?role=supervisor")


async def test_a_finished_one_shows_when_each_was_reached(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("burst", "水管爆裂，水往外喷", "晨光街12号")
    life.act("burst", Act.RESOLVE, DESK, photos=(life.proof(1),))
    page = await text_of(browser, f"/case/{number}", "en")
    assert page.count(">reached ") + page.count(">reached<") == 3
