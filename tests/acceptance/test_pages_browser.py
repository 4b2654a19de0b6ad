"""The pages in a real browser, on a town that decides for real but without Kafka."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from connectors.doors.http.api import BROADCASTER
from schemas.case import Case, State
from schemas.command import Act
from schemas.place import PlaceGiven
from schemas.remedy import Remedy
from schemas.report import Report, Reporter
from tests.browser.browsing import DESKTOP, visitor
from tests.browser.page_story import LIVE_MS, play
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, litter, live_through, work_together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
TARGET = 44
INLINE = "dd a, #timeline a, .quiet a"
"""Links inside sentences may be as high as their line."""


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


async def test_36_minutes_by_three_people(town: Town, browser: Browser) -> None:
    """Reported at 7:21, photographed as fixed at 7:57 and verified: three open pages follow without a reload."""

    async def wait() -> None:
        town.clock.wait(36)

    played = await play(browser, town.url, while_handling=wait)
    case: Case = town.street.cases[played.number]
    assert case.resolved_ms is not None
    assert (case.resolved_ms - case.submitted_ms) == 36 * 60_000
    assert case.verified_by == "reporter"
    assert "07:21" in played.timeline[0]
    assert any("07:57" in line for line in played.timeline)


async def test_talk_disagreement_and_a_pause_live_in_english(town: Town, browser: Browser) -> None:
    """Questions, a hand-over, a rework and a pause appear by themselves on the pages of whom they concern."""
    number = Life(town).report("a", "路面油污", "湖滨南路12-8号")
    async with (
        visitor(browser, town.url, locale="en-GB") as reporter,
        visitor(browser, town.url, locale="en-GB") as handler,
        visitor(browser, town.url, locale="en-GB", size=DESKTOP) as boss,
    ):
        walker, owner, office = reporter.page, handler.page, boss.page
        await walker.goto(f"/reporter?as={WALKER}")
        await owner.goto(f"/case/{number}?role=handler&as={OWNER}")
        await office.goto(f"/supervisor?as={BOSS}")

        await unfold(owner, "Ask the reporter", "note", "Which gate?")
        await expect(walker.get_by_text("You are asked:")).to_be_visible(timeout=LIVE_MS)
        await walker.locator(".notice form.answer textarea").fill("The east gate")
        await walker.locator(".notice form.answer button").click()
        await expect(owner.locator("#timeline")).to_contain_text("The east gate", timeout=LIVE_MS)

        details = owner.locator("details", has=owner.locator("form.hand-on"))
        await details.locator("summary").click()
        await details.locator("select").select_option("cleaner-01")
        await details.locator("button").click()
        await expect(owner.locator("#what")).to_contain_text("Cleaner 01", timeout=LIVE_MS)
        assert town.street.cases[number].hops == 0

        town.street.act(number, Act.RESOLVE, "cleaner-01", photos=(Life(town).after,))
        town.tell()
        await walker.locator(".verdict summary").click(timeout=LIVE_MS)
        await walker.locator("form.reject textarea").fill("Still slippery")
        await walker.locator("form.reject button").click()
        await expect(owner.locator("#head .chip.rework")).to_be_visible(timeout=LIVE_MS)

        await unfold(owner, "Ask for a pause", "note", "Waiting for degreaser")
        row = office.locator(f"[id='c-{number}']")
        await row.get_by_role("button", name="Approve").click(timeout=LIVE_MS)
        await expect(owner.locator("#head .chip.suspended")).to_be_visible(timeout=LIVE_MS)
        assert town.street.cases[number].state is State.SUSPENDED


async def unfold(page: Page, title: str, field: str, words: str) -> None:
    details = page.locator(f"details:has(> summary:has-text('{title}'))")
    if not await details.is_visible():
        await page.locator("details:has(.folded) > summary").first.click()
    await details.locator("summary").click()
    await details.locator(f"[name={field}]").fill(words)
    await details.locator("button[type=submit]").click()


async def test_a_refused_act_says_why_and_words_being_written_stay(town: Town, browser: Browser) -> None:
    """A refused act says why, and a half-written note survives a change elsewhere on the page."""
    life = Life(town)
    number = life.report("a", "路面油污", "湖滨南路12-8号")
    async with visitor(browser, town.url) as person:
        page = person.page
        await page.goto(f"/case/{number}?role=handler&as={OWNER}")
        await page.locator("details:has(.folded) > summary").click()
        details = page.locator("details:has(> form.request-pause)")
        await details.locator("summary").click()
        await details.locator("textarea").fill("等材料")
        life.act("a", Act.REQUEST_EXTENSION, hours=2, note="先申请")
        await expect(page.locator("#timeline .extension_requested")).to_be_visible(timeout=LIVE_MS)
        assert await details.locator("textarea").input_value() == "等材料"
        await details.locator("button").click()
        await expect(page.locator("#messages .bad")).to_contain_text("已有待审批的申请", timeout=LIVE_MS)
        await expect(page.locator("form.request-pause")).to_have_count(0, timeout=LIVE_MS)


async def test_place_by_pin_and_by_position(town: Town, browser: Browser) -> None:
    """A tap on the map and the phone's position both reach the log as WGS-84 degrees of the right grid."""
    at = {"latitude": 24.4614, "longitude": 118.0832}
    more: dict[str, Any] = {"geolocation": at, "permissions": ["geolocation"]}
    async with visitor(browser, town.url, **more) as person:
        page = person.page
        await page.goto(f"/reporter?as={WALKER}")
        form = page.locator("form.report")
        await form.locator("textarea[name=text]").fill("路面脏")
        await form.locator("button.here").click()
        await expect(form.locator("output.where")).to_contain_text("误差")
        await form.locator("button.main").click()
        first = page.locator("#mine article[data-case]").first
        await expect(first).to_be_visible(timeout=LIVE_MS)
        placed = town.street.cases[str(await first.get_attribute("data-case"))].place
        assert placed is not None
        assert (placed.lon, placed.lat, placed.by) == (118.0832, 24.4614, "coordinates")

        await form.locator(".pinning summary").click()
        drawn = form.locator("svg.map.whole")
        await drawn.scroll_into_view_if_needed()
        await drawn.tap(position={"x": 60, "y": 130})
        await form.locator("[data-zoom=in]").tap()
        before = await form.locator("[name=lon]").input_value()
        await drawn.press("ArrowRight")
        lon, lat = [float(await form.locator(f"[name={name}]").input_value()) for name in ("lon", "lat")]
        assert lon > float(before)
        await form.locator("textarea[name=text]").fill("噪音扰民")
        await form.locator("button.main").click()
        await expect(page.locator("#mine article[data-case]")).to_have_count(2, timeout=LIVE_MS)
        placed = list(town.street.cases.values())[-1].place
        assert placed is not None
        assert placed.lon == pytest.approx(lon)
        assert placed.lat == pytest.approx(lat)


async def test_an_absence_is_registered_live_and_the_cover_gets_the_jobs(town: Town, browser: Browser) -> None:
    """Three taps register an absence, and the cover's open page shows the jobs that come with it."""
    number = Life(town).report("a", "路面油污", "湖滨南路12-8号")
    async with visitor(browser, town.url) as away, visitor(browser, town.url) as cover:
        await cover.page.goto("/handler?as=supervisor-02")
        await expect(cover.page.locator("#none")).to_be_visible()
        await away.page.goto(f"/handler?as={OWNER}")
        await away.page.locator("#absence a.button").click()
        await away.page.wait_for_url("**/covers?*", wait_until="load")  # its script is there
        form = away.page.locator("form.cover.card")
        await form.locator("[name=cover]").select_option("supervisor-02")
        await form.locator("button").click()
        town.clock.wait(1)
        await expect(away.page.locator("#absences li")).to_contain_text("代班：路段负责人02", timeout=LIVE_MS)
        await expect(cover.page.locator(f"[id='c-{number}']")).to_be_visible(timeout=LIVE_MS)
        await expect(cover.page.locator("#absence")).to_contain_text("您正为路段负责人01代班")
        await away.page.locator("#absences form button").click()
        town.clock.wait(1)
        await expect(away.page.locator("#absences li")).to_have_count(0, timeout=LIVE_MS)


async def test_a_proposal_is_sent_and_decided_live(town: Town, browser: Browser) -> None:
    """A proposal from a phone and its answer appear live, as does the answer to a pushed task."""
    number = Life(town).report("permit", "林地采伐许可证明", "湖滨南路12号")
    async with visitor(browser, town.url) as person:
        page = person.page
        await page.goto(f"/case/{number}?role=handler&as={OWNER}")
        form = page.locator("form.propose")
        await page.locator("details:has(> form.propose) > summary").click()
        await form.get_by_label("协助办理").check()
        await form.locator("textarea").fill("园林在街道有窗口")
        await form.locator("button").click()
        await expect(page.locator("#proposals")).to_contain_text("待审定：由另一人决定", timeout=LIVE_MS)
        await expect(form).to_be_hidden()
        change = list(town.street.cases)[-1]
        town.street.act(change, Act.DENY_CHANGE, "list-steward", note="区里不同意")
        town.tell()
        await expect(page.locator("#proposals")).to_contain_text("不同意；清单不变。", timeout=LIVE_MS)
        await page.goto("/push?as=officer-parks")
        await page.locator("form.push textarea").fill("请街道组织绿地巡查")
        await page.locator("form.push [name=item]").select_option("P02")
        await page.locator("form.push [name=address]").fill("云帆路9号")
        await page.locator("form.push button.main").click()
        await expect(page.locator("#mine .notice.good")).to_contain_text("已准入：在本级清单内", timeout=LIVE_MS)


async def test_a_storm_is_told_as_a_number(town: Town, browser: Browser) -> None:
    """300 new reports do not move the list under the reader's finger; one tap shows the newest."""
    live_through(town)
    async with visitor(browser, town.url, size=DESKTOP) as person:
        page = person.page
        await page.goto(f"/supervisor?as={BOSS}&lang=zh-CN")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        top = await page.locator("#cases > li").first.get_attribute("id")
        for n in range(300):
            place = PlaceGiven(code=f"LANE-{n % 30 + 1:02}")
            reporter = Reporter(id=f"web-{n}")
            town.report(
                Report(id=f"r-storm-{n}", text="欠薪" if n % 2 else "噪音", place=place, reporter=reporter, door="web",
                       received_ms=town.clock(), category="green-area" if n < 30 else None)
            )  # fmt: skip
        await expect(page.locator("#fresh")).to_contain_text("300 件新案件", timeout=LIVE_MS)
        assert await page.locator("#cases > li").first.get_attribute("id") == top
        await page.locator("#fresh").click()
        await expect(page.locator("#fresh")).to_be_hidden(timeout=LIVE_MS)
        await expect(page.locator("#cases > li[data-case]")).to_have_count(40, timeout=LIVE_MS)
        assert await page.locator("#cases > li").first.get_attribute("id") != top


async def test_the_stream_comes_back_with_nothing_missing(town: Town, browser: Browser) -> None:
    """A page that was cut off shows what happened meanwhile; a rebuilt ledger makes it load anew."""
    life = Life(town)
    life.report("a", "路面油污", "湖滨南路12-8号")
    async with visitor(browser, town.url, size=DESKTOP) as person:
        page = person.page
        await page.goto(f"/supervisor?as={BOSS}&lang=zh-CN")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        await town.app[BROADCASTER].close()
        await expect(page.locator("#live")).to_have_class("quiet off", timeout=LIVE_MS)
        number = life.report("b", "路灯不亮", "晨光街8号")
        await expect(page.locator(f"[id='c-{number}']")).to_be_visible(timeout=LIVE_MS)
        await page.evaluate("window.before = true")
        town.rebuild("e2")
        await page.wait_for_event("load", timeout=LIVE_MS)
        assert await page.evaluate("window.before === undefined")
        await expect(page.locator("#cases > li[data-case]")).to_have_count(2, timeout=LIVE_MS)


async def test_a_lost_connection_keeps_the_report_and_sends_it_once(town: Town, browser: Browser) -> None:
    """A report whose answer was lost is sent again under the same id and makes one case."""
    async with visitor(browser, town.url) as person:
        page = person.page
        await page.goto(f"/reporter?as={WALKER}")
        form = page.locator("form.report")
        await form.locator("textarea[name=text]").fill("路面油污")
        await form.locator("[name=address]").fill("湖滨南路12-8号")

        async def deliver_but_do_not_answer(route: Any) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/api/reports", deliver_but_do_not_answer)
        await form.locator("button.main").click()
        await expect(page.locator("#messages .bad")).to_contain_text("尚未发送", timeout=LIVE_MS)
        assert await form.locator("textarea[name=text]").input_value() == "路面油污"
        await page.unroute("**/api/reports")
        person.faults.found.clear()
        await form.locator("button.main").click()
        await expect(page.locator("#mine article[data-case]")).to_have_count(1, timeout=LIVE_MS)
        assert len(town.street.cases) == 1


async def test_a_report_by_keyboard_alone(town: Town, browser: Browser) -> None:
    """A report can be written and sent without a mouse."""
    async with visitor(browser, town.url, size=DESKTOP) as person:
        page = person.page
        await page.goto(f"/reporter?as={WALKER}")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # the skip link
        await tab_to(page, "[name=text]")
        await page.keyboard.type("路面油污")
        await tab_to(page, "[name=address]")
        await page.keyboard.type("湖滨南路12-8号")
        await tab_to(page, "form.report button[type=submit]")
        await page.keyboard.press("Enter")
        await expect(page.locator("#mine article[data-case]")).to_have_count(1, timeout=LIVE_MS)


async def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


MEASURE = """([inline, least]) => {
  const small = [];
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    if (one.matches(inline) || one.matches(".skip")) continue;
    const part = one.matches("[type=checkbox], [type=radio], [type=file]") ? one.closest("label") : one;
    const box = part.getBoundingClientRect();
    const tiny = box.height < least - 0.5 || box.width < least - 0.5;
    if (box.width && box.height && tiny) small.push(one.outerHTML.slice(0, 120));
  }
  return {wide: document.documentElement.scrollWidth, small};
}"""


async def test_a_phone_of_360_pixels_is_enough(town: Town, browser: Browser) -> None:
    """On a phone of 360 pixels nothing sticks out sideways and everything to tap is large enough."""
    life = litter(town)
    work_together(life)
    life.report("long", "超长" * 200 + "x" * 300, "湖滨南路12号")
    bins = Remedy(segment="HBN-1", category="rubbish", kind="problem", from_ms=0, until_ms=town.clock(), count=9)
    life.report("remedy", "每天清运两次", "湖滨南路22号", by="lane-chief-1", category="rubbish", remedy=bins)
    pages = [
        "/", f"/reporter?as={WALKER}", "/handler?choose=1", f"/handler?as={OWNER}", f"/supervisor?as={BOSS}",
        f"/case/{life.numbers['greasy']}?role=reporter", f"/case/{life.numbers['fresh']}?role=handler",
        f"/case/{life.numbers['lamp']}?role=supervisor", "/covers?role=handler", "/covers?role=supervisor",
        f"/case/{life.numbers['refused']}?role=handler", "/figures", "/statistics",
        "/statistics?view=metrics", "/proposals?role=supervisor",
        "/push?as=officer-parks", "/hot-spots", "/hot-spots/propose?segment=HBN-1&category=rubbish",
        "/hot-spots/propose?segment=HBN-1&category=graffiti", f"/case/{life.numbers['remedy']}?role=supervisor",
        f"/case/{life.numbers['bins-1']}?role=supervisor",
    ]  # fmt: skip
    for locale in ("zh-CN", "en-GB"):
        async with visitor(browser, town.url, locale=locale) as person:
            for address in pages:
                await person.page.goto(address)
                await person.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
                found = await person.page.evaluate(MEASURE, [INLINE, TARGET])
                assert found["small"] == [], (address, locale)
                assert found["wide"] <= 360, (address, locale)


async def test_chinese_is_not_empty_boxes(town: Town, browser: Browser) -> None:
    """Chinese is drawn as characters: different ones look different.

    Without a font for them all Chinese characters look the same.
    """
    async with visitor(browser, town.url) as person:
        await person.page.goto("/")
        same = await person.page.evaluate(
            """() => new Set(["网", "格", "鑫"].map((c) => {
              const canvas = document.createElement("canvas");
              const pen = canvas.getContext("2d");
              pen.font = "40px system-ui, 'Noto Sans CJK SC', sans-serif";
              pen.fillText(c, 5, 50);
              return canvas.toDataURL();
            })).size"""
        )
        assert same == 3
