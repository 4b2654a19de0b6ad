"""What several have to do with, on their pages: whistles and report-ins, the gate, offers, changes of the list."""

import re

from aiohttp import ClientSession

from schemas.case import State
from schemas.command import Act
from schemas.joint import ReportInStep, Scores
from schemas.names import Name
from schemas.whistles import Whistle, WhistleClass
from tests.browser.reading_pages import offered, send, text_of, weight
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, WALKER, Life, work_together


async def test_a_whistle_from_blow_to_rating(town: Town, browser: ClientSession) -> None:
    """The street leaves one department out, the others report in from their lists, the street rates in one tap."""
    life = Life(town)
    number = life.report("water", "整栋楼停水", "晨光街14号")
    await text_of(browser, f"/supervisor?as={BOSS}")
    page = await text_of(browser, f"/case/{number}?role=supervisor")
    assert 'href="?role=supervisor&amp;whistle=H20#blow"' in page
    form = await text_of(browser, f"/case/{number}?role=supervisor&whistle=H20")
    assert re.findall(r'name="call.([a-z-]+)" checked', form) == ["water-supply", "drainage", "housing"]
    assert "call.parks" not in form, "only those whom the item names"
    acts = f"/case/{number}/acts?role=supervisor"
    boxes = {"call": "1", "call.water-supply": "on", "call.drainage": "on"}
    await send(browser, acts, act="whistle", by=BOSS, cite="H20", **boxes)
    town.step()
    assert [each.department.code for each in town.street.cases[number].assists] == ["drainage", "water-supply"]

    listed = await text_of(browser, "/handler?as=officer-drainage")
    assert "<h2>吹哨与协办</h2>" in listed
    assert offered(listed) == {Act.SIGN, Act.CONTACT, Act.ATTEND}
    assert "<h2>吹哨与协办</h2>" not in await text_of(browser, "/handler?as=officer-housing")
    await send(browser, f"/case/{number}/acts?role=handler", act="attend", by="officer-drainage")
    town.step()
    assert set(town.street.cases[number].assists[0].done) == set(ReportInStep)
    assert offered(await text_of(browser, "/handler?as=officer-drainage")) == set()

    page = await text_of(browser, f"/case/{number}?role=supervisor")
    assert page.count("请评价") == 1
    await send(browser, acts, act="rate-report-in", by=BOSS, to="drainage")
    town.step()
    assert town.street.cases[number].assists[0].scores == Scores()
    assert "评价：符合预期" in await text_of(browser, f"/case/{number}?role=supervisor")


async def test_what_was_missed_is_seen(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("water", "整栋楼停水", "晨光街14号")
    life.act("water", Act.WHISTLE, BOSS, cite="H20")
    town.clock.wait(90)
    town.step()
    page = await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}", "en")
    assert page.count(">missed<") == 9
    assert "did not sign in time" in page
    assert ">missed<" not in await text_of(browser, f"/case/{number}?role=reporter"), "inside only"
    listed = await text_of(browser, "/supervisor", "en")
    assert ">Report-in missed<" in listed
    assert ">3 called<" in listed


async def test_a_called_department_that_has_not_come_is_told_when_the_owner_finished(
    town: Town, browser: ClientSession
) -> None:
    """It is still due, in its list and on the case's page; what was not done in time is marked, also when closed."""
    life = Life(town)
    number = life.report("water", "整栋楼停水", "晨光街14号")
    life.act("water", Act.WHISTLE, BOSS, cite="H20")
    life.act("water", Act.RESOLVE, photos=(life.proof(1),))
    life.act("water", Act.VERIFY, WALKER)
    town.step()
    page = await text_of(browser, f"/case/{number}?role=handler&as=officer-drainage", "en")
    assert "your department has not reported in yet" in page
    assert offered(page) >= {Act.SIGN, Act.ATTEND}
    assert Act.CONTACT not in offered(page), "the door would refuse it"
    assert number in await text_of(browser, "/handler?as=officer-drainage")
    await send(browser, f"/case/{number}/acts?role=handler", act="attend", by="officer-drainage")
    town.clock.wait(60 * 24 * 4)
    town.step()
    page = await text_of(browser, f"/case/{number}?role=handler&as=officer-housing", "en")
    assert page.count(">missed<") == 6
    assert "its limit is over" in page
    assert town.street.cases[number].state is State.CLOSED
    assert number not in await text_of(browser, "/handler?as=officer-housing")


async def test_an_offer_is_accepted_by_one_and_gone_for_the_others(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("errand", "请帮忙代买降压药", "湖滨南路2号", by="resident-02")
    assert offered(await text_of(browser, "/handler?as=rider-02")) == {Act.ACCEPT}
    assert offered(await text_of(browser, "/handler?as=cleaner-01")) == set()
    for rider in ("rider-02", "rider-03"):
        await send(browser, f"/case/{number}/acts?role=handler", act="accept", by=rider)
        town.step()
    assert town.street.cases[number].assignee == "rider-02"
    assert offered(await text_of(browser, "/handler?as=rider-03")) == set()


async def test_the_approver_admits_or_turns_away(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    work_together(life)
    number = life.numbers["pushed"]
    page = await text_of(browser, f"/case/{number}?role=supervisor&as=street-chief")
    assert "园林绿化中心下派" in page
    listed = await text_of(browser, "/supervisor?as=street-chief")
    assert [listed.count(mark) for mark in (">待准入<", ">待接单<")] == [1, 1]
    assert {Act.ADMIT, Act.TURN_AWAY} <= offered(page)
    assert Act.ADMIT not in offered(await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}"))
    acts = f"/case/{number}/acts?role=supervisor"
    page = await send(browser, acts, act="turn-away", by="street-chief", note="这是区里的事")
    town.step()
    assert town.street.cases[number].state is State.REFUSED
    assert "这是区里的事" in await text_of(browser, f"/case/{number}?role=supervisor")


async def test_a_change_of_the_list_is_read_side_by_side_and_decided_by_another(
    town: Town, browser: ClientSession
) -> None:
    life = Life(town)
    work_together(life)
    number = life.numbers["change"]
    page = await text_of(browser, f"/case/{number}?role=handler&as=list-steward", "en")
    assert re.search(r"<td>not handled at this level</td><td><ins>this level assists</ins></td>", page)
    assert "<td>Sample list, part P, 3</td><td>Sample list, part P, 3</td>" in page
    assert {Act.APPROVE_CHANGE, Act.DENY_CHANGE} <= offered(page)
    assert Act.RESOLVE not in offered(page)
    assert "清单调整 P03" in await text_of(browser, "/handler?as=list-steward")
    await send(browser, f"/case/{number}/acts?role=handler", act="approve-change", by="list-steward")
    town.step()
    assert town.street.cases[number].change_approved is True
    assert "Approved; it holds from" in await text_of(browser, f"/case/{number}?role=handler", "en")


async def test_a_change_of_limits_is_told_in_words(town: Town, browser: ClientSession) -> None:
    """Levels, limits with their units, milestones and the duty to send a photo: no short form of a file is shown."""
    change = {
        "id": "P03", "name": {"zh": "林地树木采伐许可", "en": "Felling permits"}, "verdict": "handle", "lead": "parks",
        "level": "street", "limits": {"accept": "30m", "resolve": "1.5wh"}, "after_photo": "optional",
        "milestones": [{"id": "seen", "name": {"zh": "到场", "en": "On site"}, "limit": "sd"}],
        "assists": ["sanitation", "drainage"],
    }  # fmt: skip
    life = Life(town)
    number = life.report("change", "园林在街道有窗口", "晨光街2号", by="head-01", change=change)
    for language, said in (
        (
            "en",
            (
                "acknowledge within 30 minutes, resolve within 1.5 working hours",
                "On site the same day",
                "not required",
                "street",
            ),
        ),
        (
            "zh-CN",
            ("签收时限30分钟、处置时限1.5工作时", "到场 当日", "不必", "街道（乡镇）", "环境卫生中心、排水管理中心"),
        ),
    ):
        page = await text_of(browser, f"/case/{number}?role=handler&as=list-steward", language)
        assert [words for words in said if f"<ins>{words}</ins>" not in page] == []


async def test_a_long_whistle_list_keeps_the_page_light(town: Town, browser: ClientSession) -> None:
    """36 items with five departments each, the largest list there is."""
    codes = tuple(body.code for body in town.gateway.region.organisations)[:5]
    kinds = tuple(WhistleClass)
    items = tuple(
        Whistle(
            id=f"L{n:02}", name=Name(zh="跨部门协同处置事项名称" * 2, en="A matter for several departments"),
            whistle_class=kinds[n % 3], departments=codes,
        )
        for n in range(36)
    )  # fmt: skip
    town.gateway.rulebook = town.gateway.rulebook.model_copy(update={"whistles": items})
    number = Life(town).report("water", "整栋楼停水", "晨光街14号")
    for way in ("", "&whistle=L35"):
        page = await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}{way}")
        assert page.count("#blow") == (0 if way else 36)
        assert weight(page) <= 70_000
