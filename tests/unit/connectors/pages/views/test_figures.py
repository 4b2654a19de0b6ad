"""Figures on their page: report-ins by department and duties by week, as tables with bars."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import ClientSession

from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Outgoing, SayKind
from connectors.chat.runtime.storage.burden import Occasion
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import ChatStore
from connectors.pages.app import add_pages
from connectors.pages.html.bars import bar
from connectors.pages.views.figures import MOST
from grid36.files.rulebook import load_rulebook
from schemas.command import Act
from schemas.days import day_of
from schemas.event import EventType
from schemas.joint import Scores
from tests.browser.reading_pages import text_of, weight
from tests.worlds.doors import T0, doors, event, opened
from tests.worlds.outside import signed_in
from tests.worlds.small_town import EXAMPLE, Town, small_town
from tests.worlds.street import a_book
from tests.worlds.town_life import BOSS, Life, live_through, serve, with_duties


def rows(page: str, caption: str) -> dict[str, list[str]]:
    """The lines of a table by their first cell, without markup."""
    table = page[page.index(f"<caption>{caption}") :].partition("</table>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2])
    cells = [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", line)] for line in lines]
    return {line[0]: line[1:] for line in cells}


async def test_report_ins_are_told_by_department_with_times_and_ratings(town: Town, browser: ClientSession) -> None:
    """One came in time, one only signed, one did nothing: the page says what the API says, and draws it."""
    life = Life(town)
    life.report("water", "整栋楼停水", "晨光街14号")
    life.act("water", Act.WHISTLE, BOSS, cite="H20")
    life.act("water", Act.ATTEND, "officer-water-supply", minutes=12)
    life.act("water", Act.SIGN, "officer-drainage", minutes=8)
    scores = Scores(cooperation=5, professionalism=4, responsibility=2)
    life.act("water", Act.RATE_REPORT_IN, BOSS, to="water-supply", scores=scores)
    town.clock.wait(90)
    town.step()
    page = await text_of(browser, "/figures", "en")
    assert rows(page, "Report-in rate") == {
        "Drainage Centre": ["1", "0/1", "0%", ""],
        "Housing Bureau": ["1", "0/1", "0%", ""],
        "Water Supply Company": ["1", "1/1", "100%", ""],
        "All": ["3", "1/3", "33%", ""],
    }
    water = page[page.index("<h3>Water Supply Company") :]
    assert "<td>1/1</td><td>100%</td><td>12 min</td>" in water
    drainage = page[page.index("<h3>Drainage Centre") : page.index("<h3>Housing Bureau")]
    assert re.findall(r"<td>([^<]*)</td>", drainage)[2::3] == ["20 min", "–", "–"]
    assert rows(water, "Mean scores") == {
        "Cooperation": ["5.0", ""], "Professional skill": ["4.0", ""], "Responsibility": ["2.0", ""],
    }  # fmt: skip
    assert "这段时间没有部门" in await text_of(browser, "/figures?called_by=list&days=90")
    assert "<h3>供水公司</h3>" in await text_of(browser, "/figures?called_by=any&days=nonsense")
    assert 'href="/figures"' in await text_of(browser, "/supervisor")


async def test_samples_of_what_was_fixed_on_the_spot_are_told_apart(town: Town, browser: ClientSession) -> None:
    """Three were fixed; one passed, one failed and is a problem now, one waits."""
    raw = town.gateway.rulebook.model_dump(mode="json")
    raw["policy"]["self_handled_sample"] = 100
    rulebook = type(town.gateway.rulebook).model_validate(raw)
    town.gateway.rulebook, town.street.book = rulebook, a_book(town.gateway.region, rulebook)
    life = Life(town)
    assert "没有现场自办" in await text_of(browser, "/figures")
    for n, name in enumerate(("good", "bad", "new")):
        shown: dict[str, Any] = {"photos": life.shots, "after_photos": (life.proof(n),), "fixed": True}
        life.report(name, "占道摆摊，已劝离", f"湖滨南路{9 + 2 * n}号", **shown)
    life.act("good", Act.VERIFY, "inspector-1", note="到场看过")
    life.act("bad", Act.REOPEN, "inspector-1", note="还在")
    town.step()
    page = await text_of(browser, "/figures", "en")
    told = rows(page, "By category (last 30 days)")
    assert (len(told), *told.values()) == (2, *[["2", "3", "2", "1", "1"]] * 2)


async def test_duties_are_told_by_week_and_by_person(tmp_path: Path) -> None:
    """Eleven school runs on working days, each fourth calendar day not done. What was before the first is left out."""
    rulebook = with_duties(load_rulebook(EXAMPLE))
    async with small_town(tmp_path, rulebook=rulebook) as town, ClientSession(town.url) as browser:
        assert "没有值守任务" in await text_of(browser, "/figures")
        serve(Life(town))
        page = await text_of(browser, "/figures")
    assert rows(page, "按周") == {
        "11-30": ["4", "0", "1", "0"], "11-23": ["3", "0", "2", "0"], "11-16": ["1", "0", "0", "0"],
    }  # fmt: skip
    assert rows(page, "按人") == {"网格员01": ["8", "0", "3", "0"]}


async def test_many_departments_leave_the_page_light(tmp_path: Path) -> None:
    """All of them called and rated; those beyond the limit are counted."""
    done = dict.fromkeys(("sign", "contact", "attend"), T0 + 5)
    assists = [
        {"department": {"code": f"body-{n}", "name": "很长的部门名称" * 3}, "cause": "whistle", "called_ms": T0,
         "due": done, "done": done, "scores": {}}
        for n in range(MOST + 6)
    ]  # fmt: skip
    async with doors(tmp_path, pages=[add_pages]) as door:
        door.gateway.clock = lambda: T0 + 10
        door.ledger.take(opened(0), event(1, EventType.WHISTLED, now={"assists": assists}))
        async with door.client.get("/figures?lang=en") as answer:
            page = await answer.text()
    assert page.count("<h3>") == MOST
    assert "Departments that are not shown: 6." in page
    assert weight(page) <= 100_000


def test_a_bar_is_as_long_as_its_parts() -> None:
    drawn = bar([("good", 3), ("bad", 0), ("rest", 1)], 4)
    assert drawn is not None
    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', str(drawn)) == [("0.0", "75.0"), ("75.0", "25.0")]
    assert bar([("good", 0)], 0) is None


async def test_each_kind_has_a_line_of_its_own_and_each_level_leads_to_its_cases(
    town: Town, browser: ClientSession
) -> None:
    """A question never stands with problems; the list of a level holds what was raised to it and nothing else."""
    assert "近30天没有上报" in await text_of(browser, "/figures")
    life = live_through(town)
    life.act("hole", Act.RAISE, note="本级解决不了")
    town.clock.wait(60 * 24 * 3)
    town.step()
    page = await text_of(browser, "/figures", "en")
    kinds = rows(page, "By kind, reports of the last 30 days")
    assert list(kinds) == ["Problem", "Question", "Fixed on the spot"]
    assert kinds["Question"] == ["1", "0", "–", "0", "–"]
    assert kinds["Fixed on the spot"][:2] == ["1", "1"]
    levels = rows(page, "Problems of the last 30 days")
    assert list(levels) == ["not raised", "level 1"]
    assert levels["level 1"][0] == "1"
    assert sum(int(line[0]) for line in levels.values()) == int(kinds["Problem"][0])
    chinese = await text_of(browser, "/figures")
    assert list(rows(chinese, "按类型")) == ["问题", "咨询", "当场自办"]
    assert list(rows(chinese, "近30天的问题")) == ["未上报", "第1级"]
    assert 'href="/supervisor?state=all&amp;raised=1"' in chinese
    shown = await text_of(browser, "/supervisor?state=all&raised=1")
    assert set(re.findall(r'data-case="([^"]+)"', shown)) == {life.numbers["hole"]}
    assert '<option value="1" selected>第1级' in shown
    assert life.numbers["hole"] not in await text_of(browser, "/supervisor?state=all&raised=0")
    assert life.numbers["hole"] in await text_of(browser, "/supervisor?raised=1")
    assert life.numbers["hole"] in await text_of(browser, "/supervisor?raised=nonsense")


async def test_messages_are_told_by_person(tmp_path: Path) -> None:
    """Only of those who work here, with the sum; without messages, that there were none."""
    async with doors(tmp_path / "home", pages=[add_pages]) as made:
        made.gateway.door_folder = tmp_path / "doors"
        assert (
            "No messages in chats in the last 30 days."
            in await (await made.client.get("/figures", headers={"Accept-Language": "en"})).text()
        )
        today = day_of(made.gateway.clock(), ZoneInfo("Asia/Shanghai"))
        store = ChatStore(tmp_path / "doors" / "chat")
        for n, person in enumerate(("p1", "p1", "rider")):
            says = [Outgoing(id=f"o{n}", chat=person, text="words", kind=SayKind.JOB)]
            after = StoredConversation(person, person, person, Conversation())
            await store.add_notice(f"s{n}", after, says, n)
            found = await store.next_outgoing(person)
            assert found is not None
            await store.sent(found[0], "p", n, Occasion(today, n == 0, lambda who: who == "p1"))
        await store.close()
        async with made.client.get("/figures?lang=en") as answer:
            page = await answer.text()
    line = ["2", "1", "2.0", "2", "0"]
    assert rows(page, "The last 30 days; most messages first.") == {"P1": line, "All": line}


async def test_figures_are_cut_to_ones_part_or_say_that_they_cannot_be(tmp_path: Path) -> None:
    """A chief has the reports and calls of their grids, an officer those of the department; neither those of others."""
    async with small_town(tmp_path, demo=False) as town:
        town.gateway.door_folder = tmp_path / "doors"
        life = live_through(town)
        life.report("water", "整栋楼停水", "潮声路41号")
        life.act("water", Act.WHISTLE, BOSS, cite="H20")
        town.step()

        async def page(person: str) -> str:
            cookies = {"session": await signed_in(town, person)}
            async with ClientSession(town.url, cookies=cookies) as own:
                return await text_of(own, "/figures", "en")

        def opened(text: str) -> int:
            return sum(int(line[0]) for line in rows(text, "By kind, reports of the last 30 days").values())

        placed = Counter(case.place.grid for case in town.street.cases.values() if case.place)
        chief, other, officer = [await page(who) for who in ("lane-chief-1", "lane-chief-2", "officer-drainage")]
    assert opened(chief) == sum(placed[f"G00{n}"] for n in range(1, 5))
    assert opened(other) == sum(placed[f"G00{n}"] for n in range(5, 8)) == 2
    assert "No department was called" in chief
    assert rows(other, "Report-in rate").keys() == {"Drainage Centre", "Housing Bureau", "Water Supply Company", "All"}
    assert rows(officer, "Report-in rate").keys() == {"Drainage Centre", "All"}
    assert "cannot be told apart by department" in officer
    assert "cannot be told apart by department" not in chief
    for text in (chief, other, officer):
        assert "only those who answer for the whole region see them" in text
