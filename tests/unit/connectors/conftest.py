"""What tests of the pages share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from tests.worlds.small_town import Town, small_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The example street with the real gateway, without Kafka."""
    async with small_town(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[ClientSession]:
    """Keeps cookies, follows redirects, knows no script."""
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as session:
        yield session
