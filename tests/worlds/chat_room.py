"""A gateway with the chat in the browser, without Kafka: the page, its door, and any conversation behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp.test_utils import TestServer

from connectors.accounts.store import Accounts
from connectors.chat.runtime.door import ChatDoor
from connectors.chat.runtime.needs import ENGINE, TurnEngine
from connectors.contacts.book import ContactBook
from connectors.doors.browser import open_door
from connectors.doors.browser.platform import BrowserChat
from connectors.doors.contract import DoorSetup, Hook
from connectors.doors.http.app import create_app
from connectors.intake.accept import accept
from connectors.intake.background import background
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.store import Outbox, OutboxFile
from connectors.pages.app import add_chat, add_pages
from connectors.photos.store import PhotoStore
from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from schemas.codec import decode
from schemas.report import Report
from schemas.system import Mode, System
from tests.worlds.small_town import EXAMPLE

NAME = "browser"


@dataclass
class ChatRoom:
    """A running gateway; `url` is for browsers."""

    url: str
    gateway: Gateway
    chat: BrowserChat
    home: Path

    def reports(self) -> list[Report]:
        """What was reported, seen by another reader of the outbox."""
        file = OutboxFile(self.home / "outbox.sqlite")
        try:
            return [decode(Report, each.row.value) for each in file.pending(0, 1000)]
        finally:
            file.close()


@asynccontextmanager
async def chat_room(
    home: Path, *, engine: TurnEngine = ENGINE, port: int = 0, **options: Any
) -> AsyncIterator[ChatRoom]:
    """Open under `home`, which may have been used before; `port` opens it again where pages know it."""
    region, rulebook = load_region(EXAMPLE), load_rulebook(EXAMPLE)
    gateway = Gateway(
        outbox=Outbox(home / "outbox.sqlite"),
        ledger=Ledger(home / "ledger.sqlite"),
        photos=PhotoStore(home / "photos", ZoneInfo(region.zone)),
        recordings=RecordingStore(home / "recordings"),
        contacts=ContactBook(home / "contacts.sqlite"),
        accounts=Accounts(home / "accounts.sqlite"),
        demo=True,
        region=region,
        rulebook=rulebook,
        system=System(partitions=4, mode=Mode.LIVE, region="r", rulebook="b"),
    )
    hooks: dict[str, Hook] = {}
    given = {name: str(value) for name, value in options.items()}
    door = open_door(DoorSetup(NAME, gateway, home / "door", given, hooks))
    assert isinstance(door, ChatDoor)
    assert isinstance(door.platform, BrowserChat)
    door.engine = engine
    app = create_app(gateway, partial(accept, gateway, ("web", "cli")), pages=[add_pages, add_chat], hooks=hooks)
    server = TestServer(app, host="127.0.0.1", port=port or None)
    async with background(gateway):
        running = asyncio.create_task(door.run(partial(accept, gateway, door.log_names), None))
        await server.start_server()
        try:
            yield ChatRoom(str(server.make_url("")).rstrip("/"), gateway, door.platform, home)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await server.close()
