"""The door of any chat platform: `ChatDoor(setup, platform)`.

The order never changes: the platform verifies; `take` stores durably; the platform acknowledges; files are fetched; one
turn of the conversation follows from each message; what it submits is accepted; what it says, remembers and the end of
its turn are one transaction; then it is sent. Killed anywhere, a gateway goes on there when it starts again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from connectors.chat.knowledge.insight import LedgerInsight
from connectors.chat.messages import Incoming
from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.clockwork import prune, wake_on_time
from connectors.chat.runtime.context import ChatContext, ChatSettings
from connectors.chat.runtime.digests import Digests
from connectors.chat.runtime.fetching import Fetching
from connectors.chat.runtime.lanes import Lanes
from connectors.chat.runtime.media import MediaStore
from connectors.chat.runtime.needs import ENGINE, Insight, TurnEngine
from connectors.chat.runtime.news import News
from connectors.chat.runtime.sending import Sending
from connectors.chat.runtime.side_by_side import side_by_side, where
from connectors.chat.runtime.storage.inbox import key_of
from connectors.chat.runtime.storage.store import ChatStore
from connectors.chat.runtime.turns import Turns
from connectors.intake.accept import Accept
from connectors.intake.capabilities import Capabilities
from connectors.intake.context import Gateway
from connectors.replies.reply import Replies
from schemas.errors import Retry, Stop

TURNS_AT_ONCE: Final = 128
"""How many people's turns are taken side by side."""
SENT_AT_ONCE: Final = 16

log = logging.getLogger(__name__)


class Setup(Protocol):
    """What of `connectors.doors.contract.DoorSetup` is needed here."""

    @property
    def name(self) -> str:
        """Its name in the registry."""

    @property
    def gateway(self) -> Gateway:
        """What all doors share."""

    @property
    def folder(self) -> Path:
        """For its own files."""

    @property
    def options(self) -> Mapping[str, str]:
        """Its settings."""


class ChatDoor:
    """Satisfies `connectors.doors.contract.Door`."""

    def __init__(
        self, setup: Setup, platform: Platform, insight: Insight | None = None, engine: TurnEngine = ENGINE
    ) -> None:
        """Opens nothing yet. What is public may be replaced until `run`, which tests do.

        Raises `connectors.chat.options.WrongDoorSettingsError`.
        """
        self.log_names = (setup.name,)
        self.capabilities = Capabilities(photos=True, positions=platform.features.positions)
        self.platform, self.engine = platform, engine
        self.insight: Insight = insight or LedgerInsight(setup.gateway, positions=platform.features.positions)
        self._setup = setup
        self._settings = read_options(ChatSettings, setup.name, setup.options)

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Hold conversations until cancelled. Every outage is waited out; raises what the platform raises as a `Stop`,
        and `OutboxUnwritableError` for a file that cannot be opened.
        """
        store = ChatStore(self._setup.folder)
        chat = ChatContext(
            self._setup.name, self._setup.gateway, self.platform, self.insight, store, self._settings, self.engine
        )
        gateway = chat.gateway
        media = MediaStore(chat.platform.fetch, gateway.photos, gateway.recordings, self._settings.fetch_patience_s)
        sends = Sending(chat)
        sending = Lanes(sends.step, SENT_AT_ONCE, fatal=Stop)
        fetching = Fetching(chat, media)
        turns = Turns(chat, accept, fetching, sending.wake)
        takes = Lanes(turns.step, TURNS_AT_ONCE)
        fetching.here = takes.wake
        digests = Lanes(Digests(chat, turns, sending.wake).step, TURNS_AT_ONCE)
        works = [
            self._resume(chat, takes, sending), sending.run(), takes.run(), self._receive(chat, takes, sending),
            wake_on_time(chat, turns.changed, takes.wake, digests.wake), digests.run(), prune(chat),
        ]  # fmt: skip
        if replies is not None:
            news = News(chat, replies, turns, sending.wake)
            telling = Lanes(news.step, TURNS_AT_ONCE)
            works += [news.read(telling.wake), telling.run()]
        try:
            await side_by_side(*works)
        finally:
            closing = asyncio.ensure_future(_close(sends, fetching, store))
            while not closing.done():  # whoever ends us may lose patience; what is closed must be closed
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.shield(closing)

    async def _resume(self, chat: ChatContext, turns: Lanes, sending: Lanes) -> None:
        """Go on with what an earlier run left."""
        pauses = Backoff()
        while True:
            try:
                for sender in await chat.store.senders():
                    turns.wake(sender)
                for place in await chat.store.chats():
                    sending.wake(place)
            except Retry as fault:
                log.warning("the door %s waits: %s", chat.name, fault)
                await asyncio.sleep(pauses.next_s())
            else:
                return

    async def _receive(self, chat: ChatContext, turns: Lanes, sending: Lanes) -> None:
        """Let the platform bring what people send; begin again when its code fails."""

        async def take(incoming: Incoming) -> bool:
            if incoming.group and not incoming.addressed:
                return False
            key = key_of(chat.name, incoming.id)
            new, released = await chat.store.take(key, incoming, chat.gateway.clock())
            if new:
                turns.wake(incoming.sender)
            if released:
                sending.wake(incoming.chat)
            return new

        pauses = Backoff()
        while True:
            began_s = asyncio.get_running_loop().time()
            try:
                await chat.platform.receive(take)
            except Stop:
                raise
            except Exception as fault:  # noqa: BLE001 - whatever a platform does, the door goes on
                log.error("the door %s begins again to receive: %s", chat.name, where(fault))  # noqa: TRY400 - a traceback may show a token or words
            if asyncio.get_running_loop().time() - began_s > pauses.cap_s:
                pauses.over()
            await asyncio.sleep(pauses.next_s())


async def _close(sends: Sending, fetching: Fetching, store: ChatStore) -> None:
    await sends.close()
    await fetching.close()
    await store.close()
