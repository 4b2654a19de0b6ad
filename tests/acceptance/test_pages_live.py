"""The pages on a whole system: three people in three browsers, a real Kafka, a real worker, gateway and ledger."""

import signal
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.browsing import DESKTOP, visitor
from tests.browser.page_story import LIVE_MS, play
from tests.processes.system import System

pytestmark = [
    pytest.mark.browser, pytest.mark.kafka, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"),
]  # fmt: skip


async def test_the_story_of_the_pages_on_a_real_system(tmp_path: Path, kafka: str, browser: Browser) -> None:
    """Three people report, fix and verify on a whole system, and a page survives the death of its gateway."""
    with System(tmp_path / "home", kafka=kafka) as system:
        played = await play(browser, system.address)
        assert played.number.split("-")[1] == "G001"
        assert [line.split("\n")[0] for line in played.timeline] == ["上报", "派遣", "处置完成", "结案"]
        async with visitor(browser, system.address, size=DESKTOP) as person:
            page = person.page
            await page.goto("/supervisor?state=all")
            await expect(page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)
            assert system.signal("gateway", signal.SIGKILL)
            await expect(page.locator("#live")).to_have_class("quiet off", timeout=LIVE_MS)
            await expect(page.locator("#live")).to_have_class("quiet on", timeout=90_000)
            person.faults.found.clear()  # a browser complains about a server that is away
            second = await play(browser, system.address, words="路面油污，又出现了")
            await expect(page.locator(f"[id='c-{second.number}'] .chip.closed")).to_be_visible(timeout=LIVE_MS)
            await expect(page.locator("#cases > li[data-case]")).to_have_count(2)
