"""What several acceptance tests share: one browser, in the one loop that it lives in."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.browsing import chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless chromium; each visitor has a profile of their own. Tests that use it run in the loop of the session."""
    async with chromium() as running:
        yield running
