"""Pictures of the pages: `python -m tests.browser.pictures` makes those of docs/, given a folder all of them."""

import asyncio
import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser

from grid36.demo_day.writing import write_day
from schemas.case import State
from tests.browser.browsing import DESKTOP, PHONE, chromium, visitor
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_day import live_a_day
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through, work_together

DOCS = Path(__file__).parents[2] / "docs"
GAP = 24
SEED = 36
INTO_THE_STORM = 40
"""Minutes after its beginning, when most is open."""


def addresses(life: Life) -> dict[str, str]:
    """Every page worth a look, by the name of its picture."""
    number = life.numbers
    return {
        "start": "/",
        "reporter": f"/reporter?as={WALKER}",
        "handler-choose": "/handler",
        "handler": f"/handler?as={OWNER}",
        "supervisor": f"/supervisor?as={BOSS}",
        "supervisor-late": "/supervisor?late=1",
        "case": f"/case/{number['greasy']}",
        "case-handler": f"/case/{number['fresh']}?role=handler&as={OWNER}",
        "case-supervisor": f"/case/{number['lamp']}?role=supervisor&as={BOSS}",
        "case-reporter": f"/case/{number['closed']}?role=reporter&as={WALKER}",
        "called": "/handler?as=officer-drainage",
        "offers": "/handler?as=rider-02",
        "case-called": f"/case/{number['water']}?role=handler&as=officer-drainage",
        "case-whistle": f"/case/{number['water']}?role=supervisor&as={BOSS}",
        "case-joint": f"/case/{number['stairway']}?role=handler&as=officer-urban-management",
        "case-pushed": f"/case/{number['pushed']}?role=supervisor&as=street-chief",
        "case-change": f"/case/{number['change']}?role=handler&as=list-steward",
        "case-refused": f"/case/{number['refused']}?role=handler&as={OWNER}",
        "proposals": f"/proposals?role=supervisor&as={BOSS}",
        "push": "/push?as=officer-parks",
        "board": "/board",
        "figures": "/figures",
        "statistics": "/statistics",
        "statistics-all": "/statistics?view=metrics",
        "hot-spots": "/hot-spots",
        "covers": f"/covers?role=supervisor&as={BOSS}",
        "unknown": "/case/350203006-G001-2611-99999",
    }


async def shot(browser: Browser, town: Town, address: str, size: tuple[int, int], locale: str, *, dark: bool) -> bytes:
    """One page as PNG, from its top to its end but not longer than a few screens."""
    scheme = "dark" if dark else "light"
    async with visitor(browser, town.url, size=size, locale=locale, color_scheme=scheme) as person:
        await person.page.goto(address, wait_until="load")
        await person.page.wait_for_timeout(300)
        high = await person.page.evaluate("document.documentElement.scrollHeight")
        await person.page.set_viewport_size({"width": size[0], "height": min(max(high, size[1]), 4 * size[1])})
        await person.page.wait_for_timeout(200)
        person.faults.found[:] = [fault for fault in person.faults.found if "99999" not in fault and "404" not in fault]
        return await person.page.screenshot()


async def every(folder: Path) -> None:
    """All pages on a phone and a large screen, in both languages, by day and by night."""
    with tempfile.TemporaryDirectory() as home:
        async with small_town(Path(home)) as town, chromium() as browser:
            life = live_through(town)
            work_together(life)
            for name, address in addresses(life).items():
                for size, locale, dark in (
                    (PHONE, "zh-CN", False), (PHONE, "en-GB", False), (PHONE, "zh-CN", True), (DESKTOP, "en-GB", False),
                    (DESKTOP, "zh-CN", False),
                ):  # fmt: skip
                    picture = await shot(browser, town, address, size, locale, dark=dark)
                    kind = f"{name}-{'phone' if size == PHONE else 'desktop'}-{locale[:2]}{'-dark' if dark else ''}"
                    (folder / f"{kind}.png").write_bytes(picture)


async def readme(folder: Path = DOCS) -> None:
    """Reporter, handler and supervisor side by side; board and list of a supervisor in the storm of a busy shift."""
    async with chromium() as browser:
        with tempfile.TemporaryDirectory() as home:
            async with small_town(Path(home)) as town:
                live_through(town)
                result = "document.querySelector('.notice.good').closest('article').scrollIntoView()"
                shots = [await phone(browser, town, f"/reporter?as={WALKER}&lang=zh-CN", result)]
        with tempfile.TemporaryDirectory() as home:
            async with small_town(Path(home)) as town:
                plan = write_day(town.gateway.region, SEED)
                await live_a_day(town, plan, lambda moment: moment.minute > plan.storm[0] + INTO_THE_STORM, width=480)
                fresh = [case for case in town.street.cases.values() if case.state is State.DISPATCHED][-1]
                job = f"/case/{fresh.number}?role=handler&as={fresh.assignee}&lang=zh-CN"
                shots.append(await phone(browser, town, job))
                shots.append(await phone(browser, town, f"/supervisor?as={BOSS}&lang=en"))
                for locale in ("zh-CN", "en-GB"):
                    for name, address in (("board", "/board"), ("supervisor", f"/supervisor?as={BOSS}")):
                        picture = await shot(browser, town, address, DESKTOP, locale, dark=False)
                        large = Image.open(io.BytesIO(picture)).crop((0, 0, DESKTOP[0], 1200))
                        few(large).save(folder / f"{name}-{locale[:2]}.png", optimize=True)
    side_by_side(shots).save(folder / "pages.png", optimize=True)


async def phone(browser: Browser, town: Town, address: str, script: str = "") -> Image.Image:
    """What a phone shows of a page, after a script that scrolls it."""
    async with visitor(browser, town.url, size=(PHONE[0], 860), device_scale_factor=2) as person:
        await person.page.goto(address)
        await person.page.wait_for_timeout(400)
        if script:
            await person.page.evaluate(script)
            await person.page.wait_for_timeout(200)
        return Image.open(io.BytesIO(await person.page.screenshot()))


def side_by_side(shots: Sequence[Image.Image]) -> Image.Image:
    """One picture on a calm ground."""
    wide = sum(one.width for one in shots) + GAP * (len(shots) + 1)
    whole = Image.new("RGB", (wide, max(one.height for one in shots) + 2 * GAP), (207, 215, 210))
    left = GAP
    for one in shots:
        whole.paste(one, (left, GAP))
        left += one.width + GAP
    return few(whole.resize((whole.width * 2 // 3, whole.height * 2 // 3)))


def few(picture: Image.Image) -> Image.Image:
    """With few colours, to stay small."""
    return picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
        asyncio.run(every(Path(sys.argv[1])))
    else:
        asyncio.run(readme())
