"""Changes of the list are proposed where one meets the need for them, and followed to their end."""

import re
from datetime import date

from aiohttp import ClientSession

from rules.routing.list_changes import with_change
from schemas.case import Case, State
from schemas.command import Act
from schemas.items import Item, Verdict
from tests.browser.reading_pages import post, send, text_of
from tests.worlds.small_town import Town
from tests.worlds.street import a_book
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, work_together


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the form that proposes, and where it is sent."""
    found = re.search(r'<form method="post" action="([^"]+)"[^>]*class="act propose">(.*?)</form>', page, re.S)
    if found is None:
        return {}
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[2]))
    return fields | {"action": found[1].replace("&amp;", "&")}


def last(town: Town) -> Case:
    return list(town.street.cases.values())[-1]


async def test_a_refused_report_becomes_a_proposal_that_a_second_person_decides(
    town: Town, browser: ClientSession
) -> None:
    """By the patroller who reported it, without script; they follow it until it is in force."""
    number = Life(town).report("permit", "林地采伐许可证明", "湖滨南路12号")
    sent = form_of(await text_of(browser, f"/case/{number}?role=reporter&as={WALKER}"))
    assert sent["change.id"] == "P03"
    choice = {"change.verdict": "handle", "change.lead": "parks", "text": "园林在街道有窗口"}
    where, page = await post(browser, sent.pop("action"), **sent, **choice)
    assert where.startswith(f"/case/{number}?role=reporter&report=")
    assert "card pending" in page or "待审定" in page, "received, or a case already"
    town.step()
    page = await text_of(browser, where)
    assert "card pending" not in page, "the receipt has become a case"
    assert "待审定：由另一人决定（清单管理员）。" in page
    proposal = last(town)
    assert (proposal.links, proposal.reporter, proposal.change_approved) == (number, WALKER, None)
    item = Item.model_validate(proposal.change)
    assert (item.verdict, item.lead) == (Verdict.HANDLE, "parks")
    assert form_of(await text_of(browser, f"/case/{proposal.number}?role=reporter")) == {}, "no change of a change"

    acts = f"/case/{proposal.number}/acts?role=supervisor"
    await send(browser, acts, act="approve-change", by="list-steward", note="下月起", day="2026-12-01")
    town.step()
    mine = await text_of(browser, "/proposals?role=reporter")
    assert "已同意，自 2026-12-01 起生效。" in mine
    assert "下月起" in mine
    assert "清单调整已同意" in mine
    assert f'href="/case/{number}?role=reporter"' in mine
    town.gateway.rulebook = with_change(town.gateway.rulebook, item, date(2026, 11, 1))
    assert "已同意，并已生效。" in await text_of(browser, f"/case/{number}?role=reporter")


async def test_who_has_a_job_that_is_not_theirs_and_who_watches_can_propose_too(
    town: Town, browser: ClientSession
) -> None:
    number = Life(town).report("a", "路面油污", "湖滨南路12-8号")
    page = await text_of(browser, f"/case/{number}?role=handler&as={OWNER}", "en")
    assert "handled at this level (as it is)" in page
    assert re.search(r'name="change.lead"><option value="" selected>Sanitation[^<]* \(as it is\)<', page)
    assert form_of(page)["change.id"] == "C02"
    assert form_of(await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}"))["reporter"] == BOSS
    assert form_of(await text_of(browser, f"/case/{number}?role=handler&as=supervisor-03")) == {}, "not their job"
    assert form_of(await text_of(browser, f"/case/{number}?role=reporter&as={WALKER}")) == {}, "it was not refused"


async def test_residents_volunteers_and_browsers_propose_nothing(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = ""
    for by in ("resident-01", "rider-02"):
        number = life.report(by, "反映拖欠工资", "云帆路20号", by=by)
        page = await text_of(browser, f"/case/{number}?role=reporter&as={by}")
        assert "不予受理" in page
        assert form_of(page) == {}
        assert "反映清单有误" in page
        assert "/proposals" not in await text_of(browser, f"/reporter?as={by}")
    assert form_of(await text_of(browser, f"/case/{number}?role=reporter&as=")) == {}


async def test_a_resident_reports_that_the_list_is_wrong_and_the_list_does_not_refuse_that(
    town: Town, browser: ClientSession
) -> None:
    """Also when it is said in the very words that the list refuses."""
    number = Life(town).report("wages", "反映拖欠工资", "云帆路20号", by="resident-01")
    page = await text_of(browser, f"/case/{number}?role=reporter&as=resident-01")
    found = re.search(r'<form method="post" action="([^"]+)"[^>]*class="act wrong-list">(.*?)</form>', page, re.S)
    assert found is not None
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[2]))
    where, _ = await post(browser, found[1].replace("&amp;", "&"), **fields, text="拖欠工资应由街道受理")
    town.step()
    told = last(town)
    assert (told.kind, told.links, told.reporter, told.change) == ("suggestion", number, "resident-01", None)
    assert told.state is State.DISPATCHED
    assert told.number in await text_of(browser, where)


async def test_the_region_says_who_drafts_and_a_page_offers_it_to_nobody_else(
    town: Town, browser: ClientSession
) -> None:
    row = {"power": "list_drafting", "roles": ["list_steward"]}
    raw = town.gateway.region.model_dump(mode="json")
    region = type(town.gateway.region).model_validate(raw | {"powers": [*raw["powers"], row]})
    town.gateway.region, town.street.book = region, a_book(region, town.gateway.rulebook)
    number = Life(town).report("permit", "林地采伐许可证明", "湖滨南路12号")
    page = await text_of(browser, f"/case/{number}?role=reporter&as={WALKER}")
    assert form_of(page) == {}
    assert "反映清单有误" in page
    assert form_of(await text_of(browser, f"/case/{number}?role=supervisor&as=list-steward")) != {}


async def test_a_pushed_task_that_no_list_knows_is_proposed_as_a_new_item(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("push", "请街道登记候鸟", "云帆路9号", by="officer-parks", pushed_by="parks", item="X77")
    life.act("push", Act.TURN_AWAY, "street-chief", note="清单上没有")
    page = await text_of(browser, f"/case/{number}?role=supervisor&as=street-chief")
    assert "将作为新增事项提出" in page
    sent = form_of(page)
    fields = {"change.verdict": "assist", "change.name": "候鸟登记", "text": "每年都有"}
    await send(browser, sent.pop("action"), **sent, **fields)
    town.step()
    item = Item.model_validate(last(town).change)
    assert (item.id, item.name.zh, item.verdict) == ("X77", "候鸟登记", Verdict.ASSIST)


async def test_what_changes_nothing_is_refused_with_the_way_back(town: Town, browser: ClientSession) -> None:
    number = Life(town).report("permit", "林地采伐许可证明", "湖滨南路12号")
    sent = form_of(await text_of(browser, f"/case/{number}?role=handler&as={OWNER}"))
    fields = {"change.verdict": "refuse", "text": "x"}
    _, page = await post(browser, sent.pop("action"), **sent, **fields)
    assert "没有改动" in page
    assert 'href="/handler"' in page


async def test_everybody_sees_their_own_and_the_supervisor_sees_all(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    work_together(life)
    number = life.numbers["change"]
    assert number in await text_of(browser, f"/proposals?role=supervisor&as={BOSS}")
    assert number in await text_of(browser, "/proposals?role=handler&as=head-01")
    assert "还没有建议" in await text_of(browser, f"/proposals?role=handler&as={OWNER}")
    assert "请先选择身份" in await text_of(browser, "/proposals?role=reporter")
