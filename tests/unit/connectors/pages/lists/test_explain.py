"""The box that says what a list makes of a report that nobody sent."""

from aiohttp import ClientSession
from yarl import URL

from connectors.doors.http.context import LISTS
from tests.browser.reading_pages import text_of
from tests.worlds.small_town import Town
from tests.worlds.workbooks import edited, upload

STEWARD = "list-steward"
QUESTION = {"text": "林地采伐许可证明", "address": "湖滨南路12号", "at": "2026-11-20T23:00"}


def asked(**more: str) -> str:
    return str(URL("/lists/explain").with_query(QUESTION | more))


async def test_the_list_in_force_and_a_draft_answer_each_for_itself(town: Town, browser: ClientSession) -> None:
    page = await text_of(browser, f"/lists?as={STEWARD}")
    assert 'action="/lists/explain"' in page
    page = await text_of(browser, asked())
    assert "按现行清单" in page
    assert "不予受理" in page
    assert "P03" in page
    async with browser.get("/lists/in-force.xlsx", headers={"Accept-Language": "zh-CN"}) as answer:
        draft = edited(await answer.read(), "事项", "P03", {"结论": "可办理", "主办": "parks"})
    _, where, page = await upload(browser, draft, STEWARD)
    id = where.rpartition("/")[2]
    assert f'name="draft" value="{id}"' in page
    page = await text_of(browser, asked(draft=id), "en")
    assert "by this draft" in page
    assert "not handled" not in page
    assert list(town.street.cases) == [], "nothing was sent"
    assert [each.id for each in await town.app[LISTS].drafts.of(STEWARD)] == [id]


async def test_a_question_without_words_and_somebody_elses_draft_are_said(town: Town, browser: ClientSession) -> None:
    await text_of(browser, f"/lists?as={STEWARD}")
    assert "请写明上报内容" in await text_of(browser, asked(text=" "), status=400)
    assert "不是时间" in await text_of(browser, asked(at="soon"), status=400)
    await text_of(browser, asked(draft="nothing"), status=404)
