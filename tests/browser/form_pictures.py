"""Pictures of the form on a phone: what a newcomer sees, mistakes, a report that waits, what came of it.

`chat_pictures` takes them with the others; `take` works on any running system of the example street.
"""

from pathlib import Path
from typing import Final

from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser.browsing import visitor
from tests.worlds.drawn_photos import street_photo

SMALL: Final = (360, 640)
WORDS: Final = {"zh-CN": ("路灯不亮", "湖滨南路12-8号"), "en": ("a street lamp is broken", "9 Cloudsail Road")}
LIVE_MS: Final = 30_000


async def take(browser: Browser, url: str, folder: Path, language: str, link: str = "") -> None:
    """One picture of each step; `link` is a personal link, for somebody who is known."""
    words, address = WORDS[language]
    locale = "en-GB" if language == "en" else language
    async with visitor(browser, url, size=SMALL, locale=locale) as person:
        page = person.page

        async def look(step: str) -> None:
            await page.wait_for_timeout(300)
            await page.screenshot(path=folder / f"form-{language}-{step}.png", full_page=True)

        await page.goto(f"/form?lang={language}")
        await look("1-begin")
        await page.click("#send")
        await look("2-mistake")
        photo: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": street_photo(clean=False)}
        await page.set_input_files("#photos", photo)
        await page.fill("#text", words)
        await page.fill("#address", address)
        await page.locator("#pin summary").click()
        await expect(page.locator("#map svg")).to_be_visible()
        await _open(page)
        await look("3-written")
        await person.context.set_offline(True)
        await page.click("#send")
        await expect(page.locator("#queue .waiting")).to_be_visible()
        await page.wait_for_timeout(500)
        await look("4-waiting")
        await person.context.set_offline(False)
        await expect(page.locator("#mine [data-case]").first).to_be_visible(timeout=LIVE_MS)
        await look("5-received")
        person.faults.found.clear()  # it was offline
        if link:
            await page.goto(f"{link}{'&' if '?' in link else '?'}lang={language}")
            await look("6-by-link")
            await page.goto("/handler")
            await look("7-jobs")


async def _open(page: Page) -> None:
    await page.evaluate("document.querySelectorAll('#more').forEach((one) => (one.open = true))")
