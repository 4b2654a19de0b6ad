"""The fake, a phone, and a bot that polls it."""

from collections.abc import AsyncIterator

import pytest

from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import FakeTelegram


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A Telegram of our own."""
    async with FakeTelegram().running() as fake:
        yield fake


@pytest.fixture
def phone(telegram: FakeTelegram) -> Phone:
    """Somebody who uses it."""
    return Phone(telegram.mail)
