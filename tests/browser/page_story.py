"""The 36 minutes, acted on the pages by three people at once, on any running system of the example street.

`play(url)` is the whole story. It moves no clock: on a live system it takes as long as the people take.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser.browsing import DESKTOP, Visitor, visitor
from tests.worlds.drawn_photos import street_photo

REPORTER = "patroller-01"
HANDLER = "supervisor-01"
SUPERVISOR = "duty-desk"
ADDRESS = "湖滨南路12-8号"
WORDS = "路面油污"
LIVE_MS = 20_000
"""A busy machine is slow at times; a person sees it in well under a second on an idle one."""

Between = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Played:
    """What the story left behind: the case, and the lines of its timeline as its page shows them."""

    number: str
    timeline: list[str]


async def _nothing() -> None:
    return None


async def play(
    browser: Browser,
    url: str,
    *,
    words: str = WORDS,
    address: str = ADDRESS,
    while_handling: Between = _nothing,
    sign_in: Mapping[str, str] = MappingProxyType({}),
) -> Played:
    """Report by address with a photo, handle with an after-photo, verify; a supervisor sees each step live.

    `while_handling` is awaited between dispatch and the after-photo, for tests that move a clock or kill something.
    `sign_in` has a link for each person; without links it is the demo, where everybody may be anybody.
    """
    async with AsyncExitStack() as stack:

        async def enter(path: str, who: str, **how: Any) -> Visitor:
            person = await stack.enter_async_context(visitor(browser, url, **how))
            await person.page.goto(f"{sign_in[who]}?to={path}" if sign_in else f"{path}?as={who}")
            if sign_in:
                await person.page.locator("button.main").click()
            return person

        reporter = await enter("/reporter", REPORTER)
        handler = await enter("/handler", HANDLER)
        supervisor = await enter("/supervisor", SUPERVISOR, size=DESKTOP)
        await expect(supervisor.page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
        closed = int(await supervisor.page.locator(".count.closed b").inner_text())

        number = await _report(reporter.page, words, address)
        row = supervisor.page.locator(f"[id='c-{number}']")
        await expect(row.locator(".chip.dispatched")).to_be_visible(timeout=LIVE_MS)

        await while_handling()
        await _handle(handler.page, number)
        await expect(row.locator(".chip.resolved")).to_be_visible(timeout=LIVE_MS)

        await _verify(reporter.page, number)
        await expect(row).to_have_count(0, timeout=LIVE_MS)  # the list shows open cases
        await expect(supervisor.page.locator(".count.closed b")).to_have_text(str(closed + 1), timeout=LIVE_MS)

        await supervisor.page.goto(f"/case/{quote(number)}")
        await expect(supervisor.page.locator("#timeline li.closed")).to_be_visible()
        lines = await supervisor.page.locator("#timeline > li").all_inner_texts()
        return Played(number, lines)


async def _report(page: Page, words: str, address: str) -> str:
    """By address, with a photo; the number of the case comes by itself."""
    form = page.locator("form.report")
    photo: FilePayload = {"name": "before.jpg", "mimeType": "image/jpeg", "buffer": street_photo(clean=False)}
    await form.locator("input[name=photos]").set_input_files(photo)
    await form.locator("textarea[name=text]").fill(words)
    await form.locator("input[name=address]").fill(address)
    before = await page.locator("#mine article[data-case]").count()
    async with page.expect_response("**/api/reports") as answer:
        await form.locator("button[type=submit].main").click()
    assert (await answer.value).status == 202
    card = page.locator(f"[id='r-{(await (await answer.value).json())['report']}']")
    await expect(card).to_be_visible(timeout=LIVE_MS)
    await expect(page.locator("#mine article[data-case]")).to_have_count(before + 1, timeout=LIVE_MS)
    await expect(card.locator(".chip.dispatched")).to_be_visible(timeout=LIVE_MS)
    return str(await card.get_attribute("data-case"))


async def _handle(page: Page, number: str) -> None:
    """The job is there without a reload; it is opened, and resolved with an after-photo."""
    job = page.locator(f"[id='c-{number}']")
    await expect(job).to_be_visible(timeout=LIVE_MS)
    await job.locator("a.title").click()
    photo: FilePayload = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": street_photo(clean=True)}
    await page.locator(".done input[name=photos]").set_input_files(photo)
    await page.locator(".done button.main").click()
    await expect(page.locator("#head .chip.resolved")).to_be_visible(timeout=LIVE_MS)


async def _verify(page: Page, number: str) -> None:
    """The after-photo comes by itself, with two big buttons; one tap and the case is closed."""
    card = page.locator(f"[data-case='{number}']")
    await expect(card.locator(".said.after img")).to_be_visible(timeout=LIVE_MS)
    await card.locator("form.verify button").click()
    await expect(card.locator(".chip.closed")).to_be_visible(timeout=LIVE_MS)
