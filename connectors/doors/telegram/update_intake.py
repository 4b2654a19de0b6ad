"""The way of an update: read it, store it, stop the spinning of its button. Polling and webhook share it."""

import asyncio
import logging
import time
from collections import OrderedDict
from contextlib import suppress
from typing import Final

from connectors.chat.http_client import Away
from connectors.chat.messages import Incoming, Pressed, SentMedia
from connectors.chat.platform import Take
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault, NotAnUpdateError
from connectors.doors.telegram.reading import incoming_of, read_update
from connectors.doors.telegram.shapes import TelegramUser

ALBUMS: Final = 200

log = logging.getLogger(__name__)


class UpdateIntake:
    """One bot's way in."""

    def __init__(self, api: BotApi, me: TelegramUser, take: Take) -> None:
        self._api = api
        self._me = me
        self._take = take
        self._albums = OrderedDict[tuple[str, str], None]()
        """Albums of groups that were meant for us: only one part of an album carries the words."""
        self._answers = set[asyncio.Task[None]]()

    def read(self, raw: object) -> Incoming | None:
        """What somebody did; None for what is nothing to us, or cannot be read. To be called in Telegram's order."""
        try:
            incoming = incoming_of(read_update(raw), self._me, round(time.time() * 1000))
        except NotAnUpdateError as error:
            log.warning("passed over an update that could not be read: %s", error)
            return None
        return None if incoming is None else self._with_its_album(incoming)

    async def take(self, incoming: Incoming) -> None:
        """On return it is stored. Raises what `Take` raises: then nothing may be acknowledged."""
        await self._take(incoming)
        if isinstance(incoming.content, Pressed):
            self._stop_spinning(incoming.id)

    async def close(self) -> None:
        """Wait for nothing: a button that goes on spinning harms nobody."""
        for task in self._answers:
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)

    def _with_its_album(self, incoming: Incoming) -> Incoming:
        content = incoming.content
        if not incoming.group or not isinstance(content, SentMedia) or not content.album:
            return incoming
        album = (incoming.chat, content.album)
        if incoming.addressed:
            self._albums[album] = None
            if len(self._albums) > ALBUMS:
                self._albums.popitem(last=False)
        return incoming.model_copy(update={"addressed": album in self._albums})

    def _stop_spinning(self, query: str) -> None:
        task = asyncio.create_task(self._answer(query))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, query: str) -> None:
        with suppress(ApiFault, Away):  # too late, or away: the press itself is stored
            await self._api.call("answerCallbackQuery", {"callback_query_id": query})
