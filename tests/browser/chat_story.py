"""The 36 minutes on two phones in the browser chat, acted by people who look and tap, on any running demo.

`play(browser, url, language)` takes as long as the people take; `look` is called at each step, for pictures.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.browsing import visitor
from tests.worlds.drawn_photos import street_photo

REPORTER: Final = "rider-01"
HANDLER: Final = "supervisor-03"
LIVE_MS: Final = 30_000
WORDS: Final = {
    "zh-CN": ("路面有油污，很滑", "晨光街1号", "哪里", "已受理", "新任务", "已处置", "结案"),
    "en": ("greasy pavement, slippery", "1 Dawn Street", "Where", "Received", "New job", "Done", "losed"),
}
"""What is written, and what is read: question, receipt, job, result, end."""
LOCALES: Final = {"zh-CN": "zh-CN", "en": "en-GB"}

Look = Callable[[str, Page], Awaitable[None]]


async def _nobody(_: str, __: Page) -> None:
    return None


async def play(browser: Browser, url: str, language: str, look: Look = _nobody) -> str:
    """Photo, words, the bot's question, the place; the job; the after-photo in answer to it; the word. The case."""
    words, address, asking, receipt, job, result, end = WORDS[language]
    async with AsyncExitStack() as stack:
        pages = []
        for person in (REPORTER, HANDLER):
            visiting = await stack.enter_async_context(visitor(browser, url, locale=LOCALES[language]))
            await visiting.page.goto(f"/chat?as={person}&lang={language}")
            await expect(visiting.page.locator("#state")).to_have_class("on", timeout=LIVE_MS)
            await expect(visiting.page.locator(".said.bot").first).to_be_visible(timeout=LIVE_MS)
            pages.append(visiting.page)
        rider, owner = pages
        await look("1-begin", rider)
        await rider.locator("#photo").set_input_files(_photo(clean=False))
        await _write(rider, words)
        question = await _next(rider, asking, buttons=True)
        await look("2-question", rider)
        await rider.reload()
        await expect(rider.locator(f"#{await question.get_attribute('id')}")).to_be_visible(timeout=LIVE_MS)
        await rider.click("#place")
        await look("3-place", rider)
        await rider.locator("#address input").fill(address)
        await rider.locator("#address button").click()
        await _next(rider, receipt)
        await look("4-received", rider)

        task = await _next(owner, job, buttons=True)
        await look("5-job", owner)
        await task.locator(".meta button").click()
        await owner.locator("#photo").set_input_files(_photo(clean=True))
        await _next(owner, result)
        await look("6-done", owner)

        asked = await _next(rider, result, buttons=True)
        await expect(asked.locator("img")).to_be_visible()
        await look("7-result", rider)
        await asked.locator(".choices .button").first.click()
        await _next(rider, end)
        await expect(asked.locator(".choices .button").first).to_have_attribute("aria-pressed", "true")
        await look("8-closed", rider)
        await _next(owner, end)
        await look("9-closed-handler", owner)
        return await asked.inner_text()


async def _write(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.click("#send")


async def _next(page: Page, words: str, *, buttons: bool = False) -> Locator:
    """The bot's last message, once it has these words, and buttons."""
    said = page.locator(".said.bot").last
    await expect(said).to_contain_text(words, timeout=LIVE_MS)
    if buttons:
        await expect(said.locator(".choices .button").first).to_be_visible(timeout=LIVE_MS)
    return page.locator(f"[id='{await said.get_attribute('id')}']")


def _photo(*, clean: bool) -> FilePayload:
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": street_photo(clean=clean)}
