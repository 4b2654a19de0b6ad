"""Our side in tests: the platform at a fake, and an outbox that is a list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from connectors.chat.messages import Incoming
from connectors.chat.options import read_options
from connectors.chat.runtime.backoff import Backoff
from connectors.doors.contract import Hook, PlatformSetup
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.platform import Telegram
from connectors.outbox.store import OutboxUnwritableError
from tests.processes.waiting import wait_until
from tests.worlds.telegram.server import TOKEN, FakeTelegram


class Inbox:
    """What was stored, once each; `broken` is a disk that takes nothing."""

    def __init__(self) -> None:
        self.all: list[Incoming] = []
        self.times = 0
        self.broken = False
        self.slow: dict[str, float] = {}
        """Messages that take long to store, in seconds."""

    async def __call__(self, incoming: Incoming) -> bool:
        """Store it."""
        self.times += 1
        await asyncio.sleep(self.slow.get(incoming.id, 0))
        if self.broken:
            raise OutboxUnwritableError(file="outbox.sqlite", fault="disk full")
        if any(each.id == incoming.id for each in self.all):
            return False
        self.all.append(incoming)
        return True

    async def first(self, n: int = 1) -> list[Incoming]:
        """As soon as there are so many."""
        await wait_until(lambda: len(self.all) >= n, f"{n} messages")
        return self.all[:n]


def options_at(telegram: FakeTelegram, **more: Any) -> TelegramOptions:
    """The settings of a door at the fake."""
    given = {"token": TOKEN, "url": telegram.url, "poll_s": "1"} | {name: str(each) for name, each in more.items()}
    return read_options(TelegramOptions, "telegram", given)


def bot_at(telegram: FakeTelegram, hooks: dict[str, Hook] | None = None, **more: Any) -> Telegram:
    """A bot with short pauses."""
    setup = PlatformSetup("telegram", Path("unused"), {}, {} if hooks is None else hooks)
    return Telegram(setup, options_at(telegram, **more), Backoff(0.01, 0.05))


@asynccontextmanager
async def receiving(bot: Telegram, inbox: Inbox | None = None) -> AsyncIterator[Inbox]:
    """While it receives; what it raises comes out at the end."""
    into = inbox or Inbox()
    running = asyncio.create_task(bot.receive(into))
    try:
        yield into
    finally:
        running.cancel()
        (ended,) = await asyncio.gather(running, return_exceptions=True)
    if not isinstance(ended, asyncio.CancelledError | None):
        raise ended
