"""Calls that wait out Telegram's absences, with growing pauses."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from connectors.chat.http_client import Away
from connectors.chat.runtime.backoff import Backoff
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault, TelegramTokenError

log = logging.getLogger(__name__)


class PatientCalls:
    """The pauses of one account: each is longer than the one before, until something worked."""

    def __init__(self, pauses: Backoff) -> None:
        self._pauses = pauses

    async def call(self, api: BotApi, method: str, fields: Mapping[str, object]) -> Any:
        """The result, however long it takes.

        Raises `TelegramTokenError`, and `ApiFault` for a request that Telegram will never take.
        """
        while True:
            try:
                result = await api.call(method, fields)
            except ApiFault as fault:
                refuse_token(fault)
                if fault.code == 400:
                    raise
                await self.wait(fault, fault.retry_after_s)
            except Away as away:
                await self.wait(away)
            else:
                self.over()
                return result

    async def wait(self, why: Exception, after_s: float | None = None) -> None:
        """The next pause, or the one that Telegram asks for."""
        pause = self._pauses.next_s() if after_s is None else after_s
        log.warning("Telegram: %s; again in %.1f s", why, pause)
        await asyncio.sleep(pause)

    def over(self) -> None:
        """It worked: the next pause is a short one."""
        self._pauses.over()


def refuse_token(fault: ApiFault) -> None:
    """Raises `TelegramTokenError` where Telegram does not know the bot."""
    if fault.code in (401, 404):
        raise TelegramTokenError(says=fault.says) from None
