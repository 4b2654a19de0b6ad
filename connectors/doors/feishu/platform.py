"""One application of Feishu: what it receives, fetches and sends."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from connectors.chat.hooked import receive
from connectors.chat.http_client import Away
from connectors.chat.json_values import mapping_of, text_of
from connectors.chat.messages import Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.doors.contract import PlatformSetup
from connectors.doors.feishu.api import FeishuApi
from connectors.doors.feishu.callback import FeishuCallback
from connectors.doors.feishu.errors import FeishuAwayError, FeishuFault, explained
from connectors.doors.feishu.fetching import fetched
from connectors.doors.feishu.options import FeishuOptions
from connectors.doors.feishu.recalls import Recalls
from connectors.doors.feishu.sending import FeishuSending


class Feishu:
    """A `Platform`. Connections are closed when nobody receives, sends or fetches any more."""

    def __init__(self, setup: PlatformSetup, options: FeishuOptions) -> None:
        self._setup, self._options = setup, options
        self._api = FeishuApi(options)
        self._sending = FeishuSending(self._api)
        self._me = ""

    @property
    def features(self) -> Features:
        """As the settings say."""
        return self._options.features

    async def receive(self, take: Take) -> None:
        """Serve the hook, until cancelled. Raises `FeishuCredentialsError` and `FeishuBotError`."""
        name = self._setup.name
        callback = FeishuCallback(name, self._options, Recalls(self._api), take, lambda: self._me, _now_ms)
        async with self._api.connected():
            await receive(self._setup.hooks, name, callback.handle, self.check)

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `TryLater` or `Unsendable`."""
        return fetched(self._api, media, self._options.download_bytes)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Words, a card or photos. Raises `TryLater`, `Unreachable` or `Unsendable`."""
        async with self._api.connected():
            return await self._sending.send(message, photos)

    async def check(self) -> Mapping[str, str]:
        """The bot by its name; `receive` learns from it who we are.

        Raises `FeishuCredentialsError`, `FeishuBotError`, `FeishuScopeError` and `FeishuAwayError`.
        """
        try:
            async with self._api.connected():
                bot = mapping_of((await self._api.call("GET", "/open-apis/bot/v3/info")).get("bot"))
        except FeishuFault as fault:
            raise explained(fault) from None
        except Away as away:
            raise FeishuAwayError(address=self._options.url, says=str(away)) from None
        self._me = text_of(bot.get("open_id"), 200)
        if not self._me:
            raise FeishuAwayError(address=self._options.url, says="the answer names no bot")
        return {
            "id": self._options.app,
            "name": text_of(bot.get("app_name"), 200),
            "receives": f"/doors/{self._setup.name}",
        }


def _now_ms() -> int:
    return round(time.time() * 1000)
