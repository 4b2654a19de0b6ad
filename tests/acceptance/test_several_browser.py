"""Several cases at once in a real browser, by keyboard alone, while somebody else acts on one of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from schemas.command import Act, Cover
from schemas.topics import EVERYWHERE
from tests.browser.browsing import DESKTOP, PHONE, barriers, visitor
from tests.browser.page_story import LIVE_MS
from tests.worlds.outside import sign_in_link
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER, Life, live_through

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
COVER = "supervisor-02"
HOUR = 3_600_000
MOST_TABS = 120
SHOWN = "() => [...document.querySelectorAll('#cases [data-case]')].map((one) => one.dataset.case).sort()"
FORGED = """(number) => {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: `case.${number}`, value: "1" });
  document.getElementById("several").append(field);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and in sight."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(selector)


@pytest.mark.parametrize(
    ("locale", "size", "sum_of_them", "told"),
    [
        ("zh-CN", PHONE, "共4件：已办2件，未办2件，办理中0件。", "您查看之后，街长已于"),
        ("en-GB", DESKTOP, "Of 4 chosen: 2 done, 2 not done, 0 still being decided.", "After you had looked at it"),
    ],
)
async def test_an_absent_persons_cases_are_assigned_by_keyboard(
    town: Town, browser: Browser, locale: str, size: tuple[int, int], sum_of_them: str, told: str
) -> None:
    """All shown are chosen and assigned by keys alone; a case that somebody else took meanwhile says so."""
    life, now = live_through(town), town.clock()
    town.take(Cover(id="c", home=EVERYWHERE, person=OWNER, cover=COVER, by=BOSS, from_ms=now, until_ms=now + HOUR))
    async with visitor(browser, town.url, locale=locale, size=size) as person:
        page = person.page
        await page.goto(f"/supervisor?as={BOSS}&assignee={OWNER}")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        await tab_to(page, "#all")
        await page.keyboard.press("Enter")
        await expect(page.locator("#chosen")).to_contain_text("4")
        fresh = page.locator(f"[id='c-{life.numbers['fresh']}']")
        life.act("fresh", Act.ASSIGN, "street-chief", to="supervisor-03")
        await expect(fresh.locator(".gone")).to_be_visible(timeout=LIVE_MS)
        await expect(fresh.locator(".choose input")).to_be_checked()
        await tab_to(page, ".several > summary")
        await page.keyboard.press("Enter")
        await tab_to(page, "#several [name=act]")
        await page.keyboard.press("Space")
        await tab_to(page, "#several [name=to]")
        assert await page.locator("#several [name=to]").input_value() == COVER
        assert await barriers(page) == []
        await tab_to(page, "#several button")
        await page.keyboard.press("Enter")
        await expect(page.locator("#sum")).to_have_text(sum_of_them, timeout=LIVE_MS)
        await expect(page.locator(f"[id='a-{life.numbers['fresh']}'] .notice.bad")).to_contain_text(told)
        assert town.street.cases[life.numbers["fresh"]].assignee == "supervisor-03"
        assert town.street.cases[life.numbers["asked"]].assignee == COVER
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert await barriers(page) == []
        person.faults.found[:] = [fault for fault in person.faults.found if "Canvas2D" not in fault]


async def test_what_is_chosen_stays_chosen_and_what_arrives_is_not(town: Town, browser: Browser) -> None:
    """A live list keeps the choice and what was seen of it, and chooses nothing by itself."""
    life = live_through(town)
    async with visitor(browser, town.url, size=DESKTOP) as person:
        page = person.page
        await page.goto(f"/supervisor?as={BOSS}")
        await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        box = page.locator(f"[id='choose-{life.numbers['fresh']}']")
        await box.check()
        seen = await box.get_attribute("value")
        await page.locator("h1").click()
        life.act("fresh", Act.ACKNOWLEDGE)
        await expect(page.locator(f"[id='c-{life.numbers['fresh']}'] .chip.acknowledged")).to_be_visible(
            timeout=LIVE_MS
        )
        await expect(box).to_be_checked()
        assert await box.get_attribute("value") == seen
        number = life.report("new", "垃圾桶满溢", "湖滨南路36号")
        await expect(page.locator(f"[id='choose-{number}']")).to_be_visible(timeout=LIVE_MS)
        await expect(page.locator(".choose input:checked")).to_have_count(1)
        await expect(page.locator("#chosen")).to_contain_text("1")


async def test_nothing_chosen_and_nobody_named_are_asked_for_before_it_is_sent(town: Town, browser: Browser) -> None:
    """The page stays, with the choice: first a case is asked for, then the person who gets it."""
    life = live_through(town)
    async with visitor(browser, town.url, locale="en-GB") as person:
        page = person.page
        await page.goto(f"/supervisor?as={BOSS}")
        await page.locator(".several > summary").click()
        await page.locator("#several [value=urge]").check()
        await page.locator("#several button").click()
        await expect(page.locator("#messages .bad")).to_contain_text("No case is chosen")
        await page.locator(f"[id='choose-{life.numbers['fresh']}']").check()
        await page.locator("#several [value=assign]").check()
        await page.locator("#several button").click()
        assert await page.locator("#several [name=to]").evaluate("(field) => field.validity.valueMissing")
        await page.locator("#several [name=to]").select_option(COVER)
        await page.locator("#several button").click()
        await expect(page.locator("#sum")).to_contain_text("1 done", timeout=LIVE_MS)
        assert town.street.cases[life.numbers["fresh"]].assignee == COVER


@pytest.mark.parametrize(
    ("locale", "size", "whose", "sum_of_them", "elsewhere"),
    [
        ("zh-CN", PHONE, "第1网格", "共4件：已办3件，未办1件，办理中0件。", "这件案件不在您负责的范围内。"),
        (
            "en-GB", DESKTOP, "Grid 1 · Grid 2", "Of 4 chosen: 3 done, 1 not done, 0 still being decided.",
            "This case is not in your part of the region.",
        ),
    ],
)  # fmt: skip
async def test_a_lane_chief_assigns_the_cases_of_somebody_absent_in_the_own_grids(
    tmp_path: Path, browser: Browser, locale: str, size: tuple[int, int], whose: str, sum_of_them: str, elsewhere: str
) -> None:
    """Signed in: three cases of the own grids go to the cover; one of another lane is not shown, and refused."""
    async with small_town(tmp_path, demo=False) as town:
        life, now = Life(town), town.clock()
        own = [life.report("mud", "路面脏，有泥沙", "湖滨南路18号"), life.report("bin", "垃圾桶满溢", "湖滨南路36号")]
        own.append(life.report("bikes", "有人乱停共享单车", "湖滨南路16号"))
        hole = life.report("hole", "路面有个坑洞，很危险", "潮声路41号")
        assert {town.street.cases[number].assignee for number in own} == {OWNER}
        until = now + 9 * HOUR
        town.take(Cover(id="c", home=EVERYWHERE, person=OWNER, cover=COVER, by=BOSS, from_ms=now, until_ms=until))
        async with visitor(browser, town.url, locale=locale, size=size) as chief:
            page = chief.page
            await page.goto(f"/sign-in/{await sign_in_link(town, 'lane-chief-1')}?to=/supervisor%3Fassignee={OWNER}")
            await page.locator("main form button").click()
            await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
            await expect(page.locator("#part")).to_contain_text(whose)
            assert await page.evaluate(SHOWN) == sorted(own)
            await page.locator("#all").click()
            await expect(page.locator("#chosen")).to_contain_text("3")
            await page.evaluate(FORGED, hole)
            await page.locator(".several > summary").click()
            await page.locator("#several [value=assign]").check()
            assert await page.locator("#several [name=to]").input_value() == COVER
            assert await barriers(page) == []
            await page.locator("#several button").click()
            await expect(page.locator("#sum")).to_have_text(sum_of_them, timeout=LIVE_MS)
            await expect(page.locator(f"[id='a-{hole}'] .notice.bad")).to_contain_text(elsewhere)
            await expect(page.locator(f"[id='a-{hole}'] a")).to_have_count(0)
            another = await chief.context.new_page()  # the page of the answers may be about to load itself again
            await another.goto("/supervisor?state=all")
            assert hole not in await another.evaluate(SHOWN)
            chief.faults.found[:] = [fault for fault in chief.faults.found if "Canvas2D" not in fault]
        assert {town.street.cases[number].assignee for number in own} == {COVER}
        assert town.street.cases[hole].assignee != COVER
