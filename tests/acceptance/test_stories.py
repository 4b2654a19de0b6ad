"""Six streets at work, each with one thing that goes differently, as its people would meet it: on a real Kafka."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from signal import SIGKILL
from time import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, CookieJar

from connectors.pages.app import add_pages
from tests.browser.reading_pages import text_of
from tests.processes.own_door import Clock, Door, door
from tests.processes.system import System
from tests.worlds.doors import picture

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("stories"), kafka=kafka, partitions=4) as running:
        yield running


@pytest.fixture
async def street(system: System, tmp_path: Path) -> AsyncIterator[Door]:
    async with door(system, tmp_path, Clock(int(time() * 1000))) as gateway:
        yield gateway


async def no(street: Door, number: str, act: str, by: str, **fields: str) -> str:
    """The act is refused; with these words."""
    answer = await street.act(number, act, by, None, **fields)
    assert answer["state"] == "refused", answer
    return str(answer["timeline"][-1]["why"])


async def yes(street: Door, number: str, act: str, by: str, photo: bytes | None = None, **fields: str) -> None:
    answer = await street.act(number, act, by, photo, **fields)
    assert answer["state"] == "done", answer


async def case_of(street: Door, number: str) -> dict[str, Any]:
    told: dict[str, Any] = (await street.until(f"/api/cases/{number}", lambda _: True))["case"]
    return told


async def test_grease_on_the_road_and_then_somebody_slips(street: Door) -> None:
    """An answer that mentions an injury makes the case urgent."""
    case = await street.report(text="路面有油污", address="湖滨南路12-8号", reporter="patroller-01")
    number = case["number"]
    assert (case["assignee"], case.get("urgent_by", [])) == ("supervisor-01", [])
    assert "路段负责人02" in await no(street, number, "acknowledge", "supervisor-02")
    await yes(street, number, "ask", "supervisor-01", note="有人受伤吗？")
    assert "urgent_by" not in await case_of(street, number), "a question tells nothing"
    await yes(street, number, "answer", "patroller-01", note="刚才有位老人滑倒骨折了")
    urgent = await case_of(street, number)
    assert (urgent["urgent_by"], urgent["assignee"], urgent["hops"]) == (["words"], "supervisor-01", 0)
    assert urgent["due_ms"] <= case["due_ms"], "never later than before"
    await yes(street, number, "hand-on", "supervisor-01", to="cleaner-01")
    await yes(street, number, "resolve", "cleaner-01", picture())
    assert "核查员" in await no(street, number, "verify", "supervisor-01")
    await yes(street, number, "verify", "patroller-01")
    assert (await case_of(street, number))["state"] == "closed"


async def test_a_tree_that_the_list_refuses_and_somebody_under_it(street: Door) -> None:
    """The list refuses felling on forest land, but not a tree that fell on somebody."""
    asked = await street.report(text="林地里要采伐几棵树", address="西门街10号", reporter="resident-01")
    assert asked["state"] == "refused"
    hurt = await street.report(text="林地的树倒了，压到人了", address="西门街10号", reporter="resident-02")
    assert (hurt["state"], hurt["assignee"], hurt["urgent_by"]) == ("dispatched", "head-01", ["words"])
    pushed = {"reporter": "officer-parks", "pushed_by": "parks"}
    held = await street.report(text="核查违建", address="云帆路99号", item="U02", **pushed)
    assert held["state"] == "submitted", "the item names other departments"
    assert "准入审批人" in await no(street, held["number"], "admit", "officer-parks")
    await yes(street, held["number"], "turn-away", "street-chief", note="不是本部门的事项")


async def test_a_block_without_water_and_those_who_were_not_called(street: Door) -> None:
    """Only the case's own ladder and office whistle and rate, and only departments that the item names."""
    case = await street.report(text="整栋楼停水", address="云帆路20号", reporter="resident-04")
    number = case["number"]
    assert "巷长2不在" in await no(street, number, "whistle", "lane-chief-2", cite="H20")
    assert "有统筹协调权的人" in await no(street, number, "whistle", "head-01", cite="H20")
    assert "园林绿化中心" in await no(street, number, "whistle", "duty-desk", cite="H20", to="parks")
    await yes(street, number, "whistle", "duty-desk", cite="H20")
    await no(street, number, "attend", "officer-parks")
    await yes(street, number, "attend", "officer-housing")
    assert "住房建设局(housing)" in await no(street, number, "rate-report-in", "duty-desk", to="parks")
    await no(street, number, "rate-report-in", "officer-housing", to="housing")
    await yes(street, number, "rate-report-in", "duty-desk", to="housing", cooperation="5")
    hurt = await street.report(text="整栋楼停水，电梯困人，有人晕倒", address="云帆路20号", reporter="resident-05")
    assert (hurt["state"], hurt["urgent_by"]) == ("dispatched", ["words"]), "it is not swallowed by the first"


async def test_a_rider_at_half_a_house_number(street: Door) -> None:
    """Half a house number is a question that offers the place meant; danger is not put on offer."""
    half = await street.report(text="摊贩占道", address="湖滨南路12号半", reporter="rider-01")
    assert half["state"] == "needs_information"
    assert [each["label"] for each in half["trouble"]["candidates"]] == ["湖滨南路12号"]
    await yes(street, half["number"], "answer", "rider-01", code="HBN-1")
    report = await street.until(f"/api/reports/{half['report']}", lambda answer: answer["case"] != half["number"])
    placed = (await street.until(f"/api/cases/{report['case']}", lambda answer: len(answer["timeline"]) > 1))["case"]
    assert (placed["assignee"], placed["place"]["segment"]) == ("supervisor-01", "HBN-1")
    assert "居民01" in await no(street, placed["number"], "assign", "street-chief", to="resident-01")
    errand = await street.report(text="帮我取药", address="云帆卫生站", kind="service_request", reporter="resident-01")
    assert errand["offer"]["to"] == "volunteers"
    fallen = await street.report(
        text="老人在家摔倒站不起来，帮忙取药", address="云帆卫生站", kind="service_request", reporter="resident-02"
    )
    assert (fallen["state"], fallen["assignee"]) == ("dispatched", "head-07"), "danger is not put on offer"


HOTLINE = """\
工单编号,受理时间,诉求内容,地址,诉求类型
H-1,2026/9/30 17:25,路灯不亮,橘灯路100号,投诉
H-2,2026/10/1 9:00,请问老年卡怎么办理,,咨询
H-3,2026/10/3 8:00,路面油污,湖滨南路与西门街交叉口,投诉
"""
MAPPING = """\
id: 工单编号
reported_at: {column: 受理时间, zone: Asia/Shanghai, format: "%Y/%m/%d %H:%M"}
text: 诉求内容
address: 地址
kind: {column: 诉求类型, values: {投诉: complaint, 咨询: question}}
"""


async def test_hotline_rows_of_a_holiday_and_a_ladder(system: System, street: Door, tmp_path: Path) -> None:
    """Hotline rows in GB 18030 come in with their holiday deadlines; rank and area limit who may act."""
    file, mapping = tmp_path / "hotline.csv", tmp_path / "hotline.yaml"
    file.write_bytes(HOTLINE.encode("gb18030"))
    mapping.write_text(MAPPING, encoding="utf-8")
    told = system.run("--lang", "zh-CN", "replay", str(file), "--mapping", str(mapping), "--through", "reports")
    assert "已派遣 2，待补充 1" in told
    why = system.answer("rules", "explain", "--category", "street-light", "--code", "G008", "--at", "2026-09-30T17:25")
    accept = datetime.fromtimestamp(why["deadlines"]["accept"] / 1000, ZoneInfo("Asia/Shanghai"))
    assert f"{accept:%m-%d %H:%M}" == "10-08 09:30", "after the cut-off, and after the holiday"
    case = await street.report(text="路灯不亮", address="橘灯路140号", reporter="resident-03")
    number = case["number"]
    await yes(street, number, "request-extension", "officer-street-lighting", hours="8", note="缺件")
    assert "不在网格" in await no(street, number, "approve", "lane-chief-2")
    for chief in ("steward-09", "lane-chief-3"):
        await yes(street, number, "raise", chief, note="本级不能解决")
    assert "级别不够" in await no(street, number, "urge", "steward-09", note="请快")
    assert (await case_of(street, number))["assignee"] == "street-chief"
    assert system.settled_balance()["balanced"] is True


LOOSE = "HBN-1"
DAY_MS = 86_400_000


def loose_signs(days: dict[str, str], text: str) -> dict[str, str]:
    """The form of the page of this hot spot."""
    return {"segment": LOOSE, "category": "sign", "kind": "problem", **days, "text": text, "by": "lane-chief-1"}


async def test_signs_that_come_loose_again_and_again(system: System, tmp_path: Path) -> None:
    """A hot spot becomes one parent case, pressed twice beside a killed worker; when it is done, the page compares."""
    now, text = int(time() * 1000), "本路段所有招牌加固，每月巡查一次"
    async with door(system, tmp_path, Clock(now - 5 * DAY_MS)) as gateway:
        told = [
            gateway.report(text="招牌松动", address=f"湖滨南路{2 + 6 * n}号", reporter="resident-01") for n in range(7)
        ]
        signs = await asyncio.gather(*told)
    assert {(case["category"], case["place"]["segment"], case["state"]) for case in signs} == {
        ("sign", LOOSE, "dispatched")
    }
    headers = {"Origin": system.address, "Accept-Language": "zh-CN"}
    async with ClientSession(system.address, headers=headers, cookie_jar=CookieJar(unsafe=True)) as browser:
        page = await text_of(browser, "/hot-spots")
        (way,) = {unescape(each) for each in re.findall(r'href="(/hot-spots/propose[^"]*)"', page) if "sign" in each}
        days = {name: value for name, value in parse_qsl(urlsplit(way).query) if name in {"from", "to"}}
        assert system.signal("worker-1", SIGKILL)
        pressed = [browser.post("/hot-spots/propose", data=loose_signs(days, text)) for _ in range(2)]
        for answer in await asyncio.gather(*pressed):
            assert answer.status == 200, await answer.text()
        again = await asyncio.to_thread(
            system.answer, "remedy", "propose", "--segment", LOOSE, "--category", "sign", "--from", days["from"],
            "--to", days["to"], "--by", "lane-chief-1", "--text", text,
        )  # fmt: skip
        parent = again["case"]
        assert again["assignee"] == signs[0]["assignee"], "by the same list"
        (known,) = (await asyncio.to_thread(system.answer, "remedy", "list"))["remedies"]
        assert (known["case"], sorted(known["cases"])) == (parent, sorted(case["number"] for case in signs))
        assert parent in await text_of(browser, f"/case/{signs[0]['number']}?role=supervisor")
        assert "专项治理中" in await text_of(browser, "/hot-spots")
    async with door(system, tmp_path / "later", Clock(now + 8 * DAY_MS), pages=(add_pages,)) as gateway:
        await yes(gateway, parent, "resolve", again["assignee"], picture())
        await yes(gateway, parent, "verify", "lane-chief-1")
        async with gateway.client.get("/hot-spots?lang=en") as answer:
            found = re.findall(r'href="(/hot-spots/remedy[^"]*category=sign[^"]*day=[^"]*)"', await answer.text())
        async with gateway.client.get(unescape(found[0])) as answer:
            compared = await answer.text()
        assert "Not sure" in compared
    assert system.settled_balance()["differences"] == []
