"""Several cases at once from the supervisor's list, without script: chosen, sent, and answered case by case."""

import re
from collections import Counter

from aiohttp import ClientSession

from schemas.case import State
from schemas.command import Act, Cover
from schemas.event import EventType
from schemas.report import ReportKind
from schemas.topics import EVERYWHERE
from tests.browser.reading_pages import post, send, text_of, weight
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, OWNER, Life, live_through

COVER = "supervisor-02"
HOUR = 3_600_000
MOST_PAGE_BYTES = 100_000


def boxes(page: str) -> dict[str, str]:
    """Of each case that can be chosen: the name of its field, and what the page showed of it."""
    return dict(re.findall(r'name="(case\.[^"]+)" value="(\d+)" form="several"', page))


def form_id(page: str) -> str:
    """The hidden id of the form."""
    return str(re.findall(r'name="id" value="(m-[0-9a-f]{20})"', page)[0])


def away(town: Town) -> None:
    now = town.clock()
    town.take(Cover(id="c", home=EVERYWHERE, person=OWNER, cover=COVER, by=BOSS, from_ms=now, until_ms=now + HOUR))


async def test_the_cases_of_an_absent_person_go_to_the_cover(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    away(town)
    covers = await text_of(browser, f"/covers?role=supervisor&as={BOSS}")
    address = re.findall(r'href="(/supervisor\?assignee=[^"]+)"', covers)[0]
    page = await text_of(browser, address)
    theirs = {number for number, case in town.street.cases.items() if case.assignee == OWNER and case.closed_ms is None}
    assert {name.removeprefix("case.") for name in boxes(page)} == theirs
    assert len(theirs) > 3
    assert "路段负责人01的案件" in page
    assert "代班：路段负责人02。" in page
    assert f'<option value="{COVER}" selected' in page
    chosen = {name: seen for name, seen in boxes(page).items() if life.numbers["greasy"] not in name}
    town.street.act(life.numbers["fresh"], Act.ASSIGN, "street-chief", to="supervisor-03")
    town.tell()
    page = await send(browser, "/cases/acts", id=form_id(page), by=BOSS, act="assign", to=COVER, **chosen)
    town.step()
    page = await text_of(browser, "/cases/acts/" + form_id_of(page))
    for number in (name.removeprefix("case.") for name in chosen):
        if number != life.numbers["fresh"] and town.street.cases[number].state is not State.REWORK:
            assert town.street.cases[number].assignee == COVER, number
    assert town.street.cases[life.numbers["fresh"]].assignee == "supervisor-03"
    assert re.search("街.{0,6}已于.{0,9}执行“指派”", page)
    assert f"共{len(chosen)}件：已办{len(chosen) - 1}件，未办1件，办理中0件。" in page


def form_id_of(page: str) -> str:
    """The id in the language switch of the page of answers."""
    return str(re.findall(r"/cases/acts/(m-[0-9a-f]{20})", page)[0])


async def test_a_form_sent_twice_acts_once(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    page = await text_of(browser, f"/supervisor?as={BOSS}")
    chosen = {name: seen for name, seen in boxes(page).items() if life.numbers["late"] in name}
    fields = {"id": form_id(page), "by": BOSS, "act": "urge", "note": "尽快", **chosen}
    first, _ = await post(browser, "/cases/acts", **fields)
    second, _ = await post(browser, "/cases/acts", **fields)
    assert first == second
    town.step()
    assert town.street.types(life.numbers["late"]).count(EventType.URGED) == 1
    assert town.street.cases[life.numbers["late"]].urged == 1
    _, page = await post(browser, "/cases/acts", **fields | {"act": "deny"})
    assert "这个编号已用于其他内容" in page or "编号" in page
    town.step()
    assert EventType.REQUEST_DENIED not in town.street.types(life.numbers["late"])


async def test_requests_are_approved_together_and_the_rest_says_why_not(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    life.act("fresh", Act.REQUEST_EXTENSION, hours=4, note="等材料")
    page = await text_of(browser, f"/supervisor?as={BOSS}")
    wanted = [life.numbers[name] for name in ("lamp", "fresh", "late")]
    chosen = {name: seen for name, seen in boxes(page).items() if name.removeprefix("case.") in wanted}
    assert len(chosen) == 3
    page = await send(browser, "/cases/acts", id=form_id(page), by=BOSS, act="approve", **chosen)
    assert "pending" in page or "已办理" in page
    town.step()
    page = await text_of(browser, "/cases/acts/" + form_id_of(page))
    assert town.street.cases[life.numbers["lamp"]].state is State.SUSPENDED
    assert town.street.cases[life.numbers["fresh"]].extensions == 1
    assert "没有待审批的申请。" in page


async def test_what_cannot_be_sent_is_explained(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    one = {f"case.{life.numbers['late']}": "3"}
    _, page = await post(browser, "/cases/acts", id="m-1", by=BOSS, act="urge")
    assert "请至少选一件" in page
    _, page = await post(browser, "/cases/acts", id="m-1", by=BOSS, act="assign", **one)
    assert "请选择指派给谁" in page
    _, page = await post(browser, "/cases/acts", id="m-1", by=BOSS, act="resolve", **one)
    assert "不能对多件案件一起办理" in page
    assert "没有从这里提交" in await text_of(browser, "/cases/acts/m-1", status=404)


async def test_nothing_can_be_chosen_by_those_who_steer_nobody(town: Town, browser: ClientSession) -> None:
    live_through(town)
    page = await text_of(browser, "/supervisor?as=inspector-1")
    assert boxes(page) == {}
    assert 'action="/cases/acts"' not in page


async def test_all_shown_are_chosen_without_script(town: Town, browser: ClientSession) -> None:
    live_through(town)
    page = await text_of(browser, f"/supervisor?as={BOSS}")
    link = re.findall(r'href="(/supervisor[^"]*all=1[^"]*)"', page)[0].replace("&amp;", "&")
    assert len(re.findall('form="several"[^>]* checked', page)) == 0
    page = await text_of(browser, link)
    assert len(re.findall('form="several"[^>]* checked', page)) == len(boxes(page)) > 5


async def test_a_hundred_cases_of_one_person_are_chosen_in_one_form(town: Town, browser: ClientSession) -> None:
    """Those after the first twenty in a line each, so that the page stays light; the rest follows on another page."""
    life = Life(town)
    for n in range(104):
        life.report(f"{n}", "占道经营", f"湖滨南路{1 + 2 * (n % 10)}号", by="rider-01", kind=ReportKind.SUGGESTION)
    holders = Counter(case.assignee for case in town.street.cases.values())
    ((holder, count),) = holders.most_common(1)
    assert count == 104, holders
    address = f"/supervisor?as={BOSS}&assignee={holder}&all=1"
    page = await text_of(browser, address, "en")
    assert (len(boxes(page)), page.count('class="card line"'), page.count(" checked")) == (100, 80, 100)
    assert max(weight(page), weight(await text_of(browser, address))) <= MOST_PAGE_BYTES
    assert len(re.findall(r'href="/supervisor[^"]+before=[^"]+"', page)) == 1
    fields = {"id": form_id(page), "by": BOSS, "act": "assign", "to": COVER, "note": "代班", **boxes(page)}
    page = await send(browser, "/cases/acts", **fields)
    town.step()
    answers = await text_of(browser, "/cases/acts/" + form_id_of(page), "en")
    assert "Of 100 chosen: 100 done" in answers
    assert sum(case.assignee == COVER for case in town.street.cases.values()) == 100
