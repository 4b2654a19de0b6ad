"""A proposed change of the list goes through its steps on the page of its case, without script, to its approval."""

from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar

from schemas.case import Case
from schemas.rulebook import Rulebook
from tests.browser.reading_pages import post, send, text_of
from tests.unit.connectors.pages.views.test_proposals import form_of
from tests.worlds.small_town import Town, example_street, small_town
from tests.worlds.town_life import WALKER, Life

TALK, LAW, STEWARD = "inspector-1", "duty-desk", "list-steward"
STEPS: list[dict[str, Any]] = [
    {"id": "talk", "name": {"zh": "集体讨论", "en": "Discussion"}, "roles": ["inspector"]},
    {"id": "law", "name": {"zh": "法制审核", "en": "Legal check"}, "persons": [LAW]},
]


def stepped() -> Rulebook:
    content = example_street().rulebook.model_dump(mode="json")
    content["policy"]["change_steps"] = STEPS
    return Rulebook.model_validate(content)


async def proposed(town: Town, browser: ClientSession) -> Case:
    """A proposal that follows from a refused report."""
    number = Life(town).report("permit", "林地采伐许可证明", "湖滨南路12号")
    sent = form_of(await text_of(browser, f"/case/{number}?role=reporter&as={WALKER}"))
    choice = {"change.verdict": "handle", "change.lead": "parks", "text": "园林在街道有窗口"}
    await post(browser, sent.pop("action"), **sent, **choice)
    town.step()
    return list(town.street.cases.values())[-1]


async def test_a_proposal_goes_through_three_steps_on_its_page(tmp_path: Path) -> None:
    """Discussion, legal check and approval, by three people, each told whose turn it is, in both languages."""
    async with (
        small_town(tmp_path, rulebook=stepped()) as town,
        ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        case = await proposed(town, browser)
        where, acts = f"/case/{case.number}?role=handler", f"/case/{case.number}/acts?role=handler"
        page = await text_of(browser, f"{where}&as={TALK}")
        assert "同意：集体讨论" in page
        assert page.index("集体讨论") < page.index("待表态") < page.index("法制审核")
        assert 'name="day"' not in page, "from when on it holds is said at the end"
        page = await text_of(browser, f"{where}&as={LAW}", "en")
        assert "Agree: " not in page, "not their step yet"
        page = await text_of(browser, f"{where}&as={STEWARD}")
        assert ('value="approve-change"' in page, 'value="deny-change"' in page) == (False, True)
        await send(browser, acts, act="approve-change", by=TALK, note="三户申请过，一致同意")
        town.step()
        page = await text_of(browser, f"{where}&as={LAW}", "en")
        assert "Agree: Legal check" in page
        assert "三户申请过，一致同意" in page
        await send(browser, acts, act="approve-change", by=LAW, note="有依据")
        town.step()
        page = await text_of(browser, f"{where}&as={STEWARD}")
        assert 'name="day"' in page
        await send(browser, acts, act="approve-change", by=STEWARD, day="2026-12-01")
        town.step()
        told = await text_of(browser, f"/proposals?role=reporter&as={WALKER}")
        assert "已同意，自 2026-12-01 起生效。" in told
        assert told.count("清单调整一步通过") == 2
        assert "有依据" in told


async def test_a_no_in_a_step_comes_back_to_whoever_proposed_it(tmp_path: Path) -> None:
    async with (
        small_town(tmp_path, rulebook=stepped()) as town,
        ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        case = await proposed(town, browser)
        acts = f"/case/{case.number}/acts?role=handler"
        await send(browser, acts, act="deny-change", by=TALK, note="本级没有此职权")
        town.step()
        told = await text_of(browser, f"/proposals?role=reporter&as={WALKER}")
        assert "未同意" in told
        assert "本级没有此职权" in told
