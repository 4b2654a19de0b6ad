"""Pictures of the chat: `python -m tests.browser.chat_pictures FOLDER` plays the story and takes one of each step."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page

from tests.browser.browsing import DESKTOP, chromium, visitor
from tests.browser.chat_story import WORDS, play
from tests.processes.system import System

DEMO = "GRID36_DOOR_BROWSER_DEMO"


async def take(folder: Path, url: str) -> None:
    """Both languages on two phones, and the page that shows them side by side."""
    async with chromium() as browser:
        for language in WORDS:

            async def look(step: str, page: Page, language: str = language) -> None:
                await page.wait_for_timeout(300)
                await page.screenshot(path=folder / f"chat-{language}-{step}.png")

            await play(browser, url, language, look)
            locale = "en-GB" if language == "en" else language
            async with visitor(browser, url, size=DESKTOP, locale=locale) as person:
                await person.page.goto("/demo")
                await person.page.wait_for_timeout(3000)
                await person.page.screenshot(path=folder / f"chat-{language}-demo.png")


def main(folder: Path) -> None:
    """On a system of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        system = System(Path(home))
        system.environment[DEMO] = "true"
        with system:
            asyncio.run(take(folder, system.address))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
