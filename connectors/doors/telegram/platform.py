"""One bot of Telegram: what it receives, fetches and sends."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from pydantic import ValidationError

from connectors.chat.http_client import Away
from connectors.chat.messages import Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.chat.runtime.backoff import Backoff
from connectors.doors.contract import PlatformSetup
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.checking import checked
from connectors.doors.telegram.errors import ApiFault, TelegramAwayError, TelegramWebhookSetError
from connectors.doors.telegram.fetching import fetched
from connectors.doors.telegram.menu import show_menu
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.parts import SentParts, send
from connectors.doors.telegram.patient_calls import PatientCalls, refuse_token
from connectors.doors.telegram.polling import Polling
from connectors.doors.telegram.shapes import TelegramUser
from connectors.doors.telegram.update_intake import UpdateIntake
from connectors.doors.telegram.webhook import Webhook, is_hook_of

FIRST_PAUSE_S: Final = 1.0
"""Pauses begin here and grow up to a minute."""


class Telegram:
    """A `Platform`. Connections are closed when nobody receives, sends or fetches any more."""

    def __init__(self, setup: PlatformSetup, options: TelegramOptions, pauses: Backoff | None = None) -> None:
        self._setup = setup
        self._options = options
        self._api = BotApi(options)
        self._patient = PatientCalls(pauses or Backoff(FIRST_PAUSE_S))
        self._sent_parts = SentParts()

    @property
    def features(self) -> Features:
        """As the settings say."""
        return self._options.features

    async def receive(self, take: Take) -> None:
        """Poll, or let Telegram call the hook, until cancelled.

        Raises `TelegramTokenError`, `TelegramOtherPollerError`, `TelegramHookError` and `TelegramWebhookSetError`.
        """
        async with self._api.connected():
            intake = UpdateIntake(self._api, await self._me(), take)
            await show_menu(self._api)
            try:
                if self._options.webhook is None:
                    await self._end_our_webhook()
                    await Polling(self._api, self._options, self._patient).run(intake)
                else:
                    await Webhook(self._api, self._options, self._setup, self._patient).run(intake)
            finally:
                await intake.close()

    async def _me(self) -> TelegramUser:
        try:
            return TelegramUser.model_validate(await self._patient.call(self._api, "getMe", {}))
        except ValidationError:
            raise TelegramAwayError(address=self._options.url, says="getMe names no bot") from None

    async def _end_our_webhook(self) -> None:
        """Polling is refused while there is a webhook; one of another program is not ours to remove."""
        info = await self._patient.call(self._api, "getWebhookInfo", {})
        address = str(info.get("url") or "") if isinstance(info, dict) else ""
        if address and not is_hook_of(address, self._setup.name):
            raise TelegramWebhookSetError(address=address)
        if address:
            await self._patient.call(self._api, "deleteWebhook", {})

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `TryLater`, `TooLarge` or `Unsendable`."""
        return fetched(self._api, media, self._options.download_bytes)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """All parts of a message; when it is sent again, only those that are missing.

        The id is that of the part with the words. Raises `TryLater`, `Unreachable` or `Unsendable`.
        """
        return await send(self._api, message, photos, self._options, self._sent_parts)

    async def check(self) -> Mapping[str, str]:
        """The bot, and how it receives.

        Raises `TelegramTokenError`, `TelegramWebhookSetError` and `TelegramAwayError`.
        """
        try:
            async with self._api.connected():
                me = await self._api.call("getMe", {})
                info = await self._api.call("getWebhookInfo", {})
        except ApiFault as fault:
            refuse_token(fault)
            raise TelegramAwayError(address=self._options.url, says=str(fault)) from None
        except Away as away:
            raise TelegramAwayError(address=self._options.url, says=str(away)) from None
        return checked(me, info, self._options, self._setup.name)
