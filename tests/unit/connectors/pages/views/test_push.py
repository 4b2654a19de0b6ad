"""A department pushes tasks down from its own page, and reads there what the admission gate answers."""

import re

from aiohttp import ClientSession

from schemas.case import State
from schemas.command import Act
from schemas.rulebook import OffList
from tests.browser.reading_pages import post, text_of, weight
from tests.unit.connectors.pages.views.test_proposals import last
from tests.worlds.small_town import Town
from tests.worlds.street import a_book
from tests.worlds.town_life import WALKER, Life

OFFICER = "officer-parks"
SENT = {"reporter": OFFICER, "pushed_by": "parks", "address": "云帆路9号"}
DOOR = "/reporter/reports?role=handler"


async def push(town: Town, browser: ClientSession, **fields: str) -> str:
    """Send the form; the page as soon as it is decided."""
    where, page = await post(browser, DOOR, **SENT, **fields)
    assert where.startswith("/push?report="), page
    assert "card pending" in page or "data-case" in page, "received, or decided already"
    town.step()
    return await text_of(browser, where, "en")


async def test_what_is_on_the_list_is_taken(town: Town, browser: ClientSession) -> None:
    assert 'href="/push"' in await text_of(browser, f"/handler?as={OFFICER}")
    form = await text_of(browser, "/push")
    assert dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form)).items() >= {
        "reporter": OFFICER, "pushed_by": "parks",
    }.items()  # fmt: skip
    refused = form[form.index('<optgroup label="不可办理">') :].partition("</optgroup>")[0]
    assert re.findall(r'<option value="(\w+)"', refused)[0] == "P03"
    page = await push(town, browser, text="请街道组织绿地巡查", item="P02")
    case = last(town)
    assert (case.state, case.pushed_by, case.item) == (State.DISPATCHED, "parks", "P02")
    assert "Taken: it is on the list of this level" in page
    assert "P02 Damaged green areas · handled at this level · Sample list, part P, 2" in page


async def test_what_is_not_waits_for_the_approver_whose_word_is_read_here(town: Town, browser: ClientSession) -> None:
    """One is admitted, one turned away, one cites nothing; another officer's page shows none of them."""
    await text_of(browser, f"/push?as={OFFICER}")
    life, page = Life(town), ""
    for name, item in (("yes", {"item": "P03"}), ("no", {"item": "P03"}), ("bare", {})):
        page = await push(town, browser, text=f"请街道组织绿地巡查 {name}", **item)
        assert page.count("waits for Street chief") == 1 + len(life.numbers)
        life.numbers[name] = last(town).number
    assert "no such item (–)" in page
    life.act("yes", Act.ADMIT, "street-chief")
    life.act("no", Act.TURN_AWAY, "street-chief", note="这是区里的事")
    page = await text_of(browser, "/push", "en")
    assert "Taken: the approver admitted it" in page
    assert "<b>Not taken</b>" in page
    assert "Street chief turned it away" in page
    assert page.count("waits for Street chief") == 1
    assert "还没有下派过任务" in await text_of(browser, "/push?as=officer-drainage")


async def test_a_list_that_refuses_says_so_at_once(town: Town, browser: ClientSession) -> None:
    """With the row that was cited."""
    book = town.street.book
    policy = book.rulebook.policy.model_copy(update={"off_list": OffList.REFUSE})
    refusing = book.rulebook.model_copy(update={"policy": policy})
    town.gateway.rulebook = refusing
    town.street.book = a_book(town.gateway.region, refusing)
    await text_of(browser, f"/push?as={OFFICER}")
    page = await push(town, browser, text="请街道核发林地采伐许可", item="P03")
    assert last(town).state is State.REFUSED
    assert "P03 Permits for felling on forest land · not handled at this level · Sample list, part P, 3" in page


async def test_only_officers_push(town: Town, browser: ClientSession) -> None:
    """The page does not offer it to others, and the door refuses who sends it all the same."""
    page = await text_of(browser, f"/push?as={WALKER}")
    assert "只有部门值班人员" in page
    assert "<form" not in page
    assert "/push" not in await text_of(browser, f"/handler?as={WALKER}")
    _, page = await post(browser, DOOR, **{**SENT, "reporter": WALKER}, text="x", item="P02")
    assert "只有“parks”的部门人员" in page
    assert not town.street.cases


async def test_a_list_of_a_thousand_items_is_typed_into(town: Town, browser: ClientSession) -> None:
    """A page must stay light; those of the department are suggested."""
    rulebook = town.gateway.rulebook
    model = next(each for each in rulebook.items if each.id == "P02")
    many = tuple(model.model_copy(update={"id": f"X{n:04}", "lead": "housing"}) for n in range(1000))
    town.gateway.rulebook = rulebook.model_copy(update={"items": (*many, *rulebook.items)})
    page = await text_of(browser, f"/push?as={OFFICER}")
    suggested = re.findall(r'<option value="(\w+)">', page)
    assert suggested[:4] == ["P01", "P02", "P04", "C01"]
    assert weight(page) <= 70_000
