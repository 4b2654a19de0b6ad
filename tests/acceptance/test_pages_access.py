"""Nobody is kept out of a page: axe-core finds nothing serious, in both languages, by day and by night."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from schemas.command import Act, Cover
from schemas.topics import EVERYWHERE
from tests.browser.browsing import DESKTOP, PHONE, barriers, visitor
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through, work_together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
HOUR = 3_600_000


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


def pages(town: Town, life: Life) -> list[str]:
    """Every page, in the states that look different."""
    now, number = town.clock(), life.numbers
    town.take(Cover(id="c-1", home=EVERYWHERE, person=OWNER, cover=WALKER, by=BOSS, from_ms=now, until_ms=now + HOUR))
    life.act("question", Act.REQUEST_EXTENSION, BOSS, hours=2, note="需要核实")
    return [
        "/", f"/reporter?as={WALKER}", "/reporter?as=resident-03", "/handler?choose=1", f"/handler?as={OWNER}",
        "/handler?as=cleaner-05", f"/supervisor?as={BOSS}", "/supervisor?late=1", "/supervisor?state=refused",
        f"/supervisor?assignee={OWNER}&all=1",
        "/covers?role=handler", "/covers?role=supervisor", "/case/350203006-G001-2611-99999",
        *(f"/case/{number[name]}" for name in ("greasy", "refused")),
        *(f"/case/{number[name]}?role=reporter" for name in ("greasy", "closed", "asked", "which", "fresh")),
        f"/case/{number['again']}?role=reporter&as=rider-02",
        *(f"/case/{number[name]}?role=handler&as={OWNER}" for name in ("fresh", "rework", "greasy")),
        f"/case/{number['lamp']}?role=handler&as=officer-street-lighting",
        f"/case/{number['question']}?role=handler&as={BOSS}",
        *(f"/case/{number[name]}?role=supervisor&as={BOSS}" for name in ("lamp", "question", "again", "which")),
        f"/case/{number['greasy']}?role=supervisor&as=inspector-1",
        "/handler?as=officer-drainage", "/handler?as=rider-02",
        f"/case/{number['water']}?role=handler&as=officer-drainage",
        f"/case/{number['errand']}?role=handler&as=rider-02",
        f"/case/{number['water']}?role=supervisor&as={BOSS}",
        f"/case/{number['pushed']}?role=supervisor&as=street-chief",
        f"/case/{number['change']}?role=handler&as=list-steward",
        f"/case/{number['water']}?role=supervisor&as={BOSS}&whistle=H21",
        f"/case/{number['refused']}?role=handler&as={OWNER}",
        "/figures", "/statistics", "/board",
        "/board?department=drainage", "/board?wall=1", "/proposals?role=supervisor",
        "/push?as=officer-parks", "/lists?as=list-steward",
    ]  # fmt: skip


@pytest.mark.parametrize(("locale", "size", "scheme"), [("zh-CN", PHONE, "dark"), ("en-GB", DESKTOP, "light")])
async def test_no_page_has_a_serious_barrier(
    town: Town, browser: Browser, locale: str, size: tuple[int, int], scheme: str
) -> None:
    """axe-core finds no serious barrier on any page, with every fold open."""
    life = live_through(town)
    work_together(life)
    addresses = pages(town, life)
    async with visitor(browser, town.url, locale=locale, size=size, color_scheme=scheme) as person:
        found = {}
        for address in addresses:
            await person.page.goto(address)
            await person.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            if barred := await barriers(person.page):
                found[address] = barred
        assert found == {}
        known = ("404", "Canvas2D")  # the case that is not there; axe-core's own look at fonts
        person.faults.found[:] = [fault for fault in person.faults.found if not any(word in fault for word in known)]


async def test_a_planted_barrier_is_found(town: Town, browser: Browser) -> None:
    """A field without a label is found."""
    async with visitor(browser, town.url) as person:
        await person.page.goto("/reporter")
        bare = "document.querySelector('textarea').closest('label').replaceWith(document.createElement('textarea'))"
        await person.page.evaluate(bare)
        assert [one.partition(":")[0] for one in await barriers(person.page)] == ["label"]
        person.faults.found.clear()
