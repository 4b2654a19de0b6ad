"""Fetches files beside the turns, so that a slow one holds up nobody but its own sender."""

import asyncio
import logging
from collections.abc import Callable

from connectors.chat.messages import Incoming
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.context import ChatContext
from connectors.chat.runtime.media import MediaStore
from connectors.chat.runtime.storage.inbox import InboxRow
from schemas.errors import Retry

log = logging.getLogger(__name__)


class Fetching:
    """One task for each message whose file is not here yet; `close` when done."""

    def __init__(self, chat: ChatContext, media: MediaStore) -> None:
        self._chat, self._media = chat, media
        self.here: Callable[[str], None] = lambda _: None
        """Called with a sender whose file is here."""
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def waits(self, row: InboxRow) -> bool:
        """Whether the turn of this message has to wait for its file, which is fetched from now on."""
        if row.incoming is None or not self._media.wants(row.incoming):
            return False
        if row.seq not in self._tasks:
            self._tasks[row.seq] = asyncio.create_task(self._fetch(row, row.incoming))
        return True

    async def close(self) -> None:
        """Leave what is not here yet; it is fetched when the door opens again."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _fetch(self, row: InboxRow, incoming: Incoming) -> None:
        pauses = Backoff()
        while True:
            try:
                await self._chat.store.fetched(row, await self._media.fetched(incoming))
                break
            except Retry as fault:
                log.warning("a file at the door %s waits: %s", self._chat.name, fault)
                await asyncio.sleep(pauses.next_s())
        del self._tasks[row.seq]
        self.here(row.sender)
