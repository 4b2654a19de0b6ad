"""Pictures of chat and form: `python -m tests.browser.chat_pictures FOLDER` plays the story, one picture a step.

Without FOLDER it makes those of docs/: two phones side by side.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from tests.browser import form_pictures
from tests.browser.browsing import DESKTOP, chromium, visitor
from tests.browser.chat_story import WORDS, play
from tests.processes.system import System

DEMO = "GRID36_DOOR_BROWSER_DEMO"
DOCS = Path(__file__).parents[2] / "docs"
GAP = 24


async def take(folder: Path, url: str, link: str) -> None:
    """Both languages on two phones, the page that shows them side by side, and the form; `link` is a personal one."""
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
        for language in WORDS:
            await form_pictures.take(browser, url, folder, language, link)


def side_by_side(folder: Path, language: str) -> Image.Image:
    """What the rider reads first, the job on the other phone, and what the rider reads last."""
    shots = [Image.open(folder / f"chat-{language}-{step}.png") for step in ("4-received", "5-job", "7-result")]
    wide, high = shots[0].size
    picture = Image.new("RGB", (len(shots) * (wide + GAP) - GAP, high), "white")
    for n, each in enumerate(shots):
        picture.paste(each, (n * (wide + GAP), 0))
    return picture.quantize(128)


def main(folder: Path) -> None:
    """On a system of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        system = System(Path(home))
        system.environment[DEMO] = "true"
        with system:
            link = str(system.ask("person", "invite", "supervisor-03")["links"]["form"])
            asyncio.run(take(folder, system.address, link))


def docs() -> None:
    """The pictures of the READMEs."""
    with tempfile.TemporaryDirectory() as made:
        main(Path(made))
        for language in WORDS:
            side_by_side(Path(made), language).save(DOCS / f"phones-{language[:2]}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1])) if sys.argv[1:] else docs()
