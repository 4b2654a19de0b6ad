"""One account of WeCom or WeChat: served by a callback, called by an API; each says how it sends and what it proves."""

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from connectors.chat.hooked import Hook, receive
from connectors.chat.messages import Media
from connectors.chat.platform import Take
from connectors.chat.weixin.api import WeixinApi
from connectors.chat.weixin.callback import Callback, CallbackSettings
from connectors.chat.weixin.cipher import MessageCipher, key_of
from connectors.chat.weixin.fetching import fetched
from connectors.chat.weixin.options import WeixinOptions


class WeixinSetup(Protocol):
    """What of `connectors.doors.contract.PlatformSetup` is needed here."""

    @property
    def name(self) -> str:
        """Its name in the registry."""

    @property
    def hooks(self) -> MutableMapping[str, Hook]:
        """Where callbacks are served."""


class WeixinAccount(ABC):
    """The half of a `Platform` that both have. Connections are closed when nobody uses them any more."""

    def __init__(
        self, setup: WeixinSetup, options: WeixinOptions, *, url: str, me: str, plain_echo: bool = False
    ) -> None:
        """`url`: where the API is; `me`: the id for which callbacks are encrypted; `plain_echo`: see the callback."""
        self._setup, self._own = setup, options
        self._me, self._plain_echo = me, plain_echo
        self._api = WeixinApi(url, self._token, answer_s=options.answer_s, proxy=options.proxy)

    @abstractmethod
    async def check(self) -> Mapping[str, str]:
        """See `Platform.check`."""

    @abstractmethod
    async def _token(self, force: bool) -> tuple[str, float]:
        """A token of the API and for how many seconds it holds; with `force`, not the one that was given before."""

    async def receive(self, take: Take) -> None:
        """Serve the callback, until cancelled. Raises what `check` raises as a `Stop`."""
        own = self._own
        settings = CallbackSettings(
            path=self._receives, token=own.token.get_secret_value(),
            cipher=MessageCipher(key_of(own.key.get_secret_value()), self._me), reading=own.reading,
            clock=lambda: round(time.time() * 1000), fresh_s=own.fresh_s, body_bytes=own.body_bytes,
            plain_echo=self._plain_echo,
        )  # fmt: skip
        async with self._api.connected():
            await receive(self._setup.hooks, self._setup.name, Callback(settings, take).handle, self.check)

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `TryLater` or `Unsendable`."""
        return fetched(self._api, media, self._own.download_bytes)

    @property
    def _receives(self) -> str:
        return f"/doors/{self._setup.name}"
