"""The 36 minutes on two phones in a real browser, on a real Kafka: report, question, receipt, job, photo, verdict."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser.chat_pictures import DEMO
from tests.browser.chat_story import WORDS, play
from tests.processes.system import System

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    """A system that opens the chat of any person of the example street on this machine."""
    system = System(tmp_path_factory.mktemp("demo") / "home", kafka=kafka)
    system.environment[DEMO] = "true"
    with system:
        yield system


@pytest.mark.parametrize("language", WORDS)
async def test_the_story_on_two_phones(demo: System, browser: Browser, language: str) -> None:
    """Photo, words and place in separate messages, with a reload in the middle; each step is said on both phones."""
    steps: list[str] = []

    async def look(step: str, page: Page) -> None:
        steps.append(step)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await play(browser, demo.address, language, look)
    assert len(steps) == 9
    balance = demo.settled_balance()
    assert (balance["balanced"], balance["accepted"]) == (True, list(WORDS).index(language) + 1)
