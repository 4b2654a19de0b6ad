"""One Official Account of WeChat: what it receives, fetches and sends."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from connectors.chat.hooked import receive
from connectors.chat.http_client import Away
from connectors.chat.messages import Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.chat.weixin.api import WeixinApi, token_in
from connectors.chat.weixin.callback import Callback, CallbackSettings
from connectors.chat.weixin.cipher import MessageCipher, key_of
from connectors.chat.weixin.faults import WeixinFault
from connectors.chat.weixin.fetching import fetched
from connectors.doors.contract import PlatformSetup
from connectors.doors.wechat.errors import CODES, WechatAwayError
from connectors.doors.wechat.options import WechatOptions
from connectors.doors.wechat.sending import WechatSending


class Wechat:
    """A `Platform`. Connections are closed when nobody receives, sends or fetches any more."""

    def __init__(self, setup: PlatformSetup, options: WechatOptions) -> None:
        self._setup, self._options = setup, options
        self._api = WeixinApi(options.url, self._token, answer_s=options.answer_s, proxy=options.proxy)
        self._sending = WechatSending(self._api, options)

    @property
    def features(self) -> Features:
        """As the settings say."""
        return self._options.features

    async def receive(self, take: Take) -> None:
        """Serve the callback, until cancelled. Raises `WechatAppError` and `WechatSecretError`."""
        options = self._options
        settings = CallbackSettings(
            path=f"/doors/{self._setup.name}",
            token=options.token.get_secret_value(),
            cipher=MessageCipher(key_of(options.key.get_secret_value()), options.app),
            reading=options.reading,
            clock=lambda: round(time.time() * 1000),
            fresh_s=options.fresh_s,
            body_bytes=options.body_bytes,
            plain_echo=True,
        )
        async with self._api.connected():
            await receive(self._setup.hooks, self._setup.name, Callback(settings, take).handle, self.check)

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `TryLater` or `Unsendable`."""
        return fetched(self._api, media, self._options.download_bytes)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Words, a menu or photos. Raises `TryLater`, `Unreachable` or `Unsendable`."""
        async with self._api.connected():
            return await self._sending.send(message, photos)

    async def check(self) -> Mapping[str, str]:
        """The account. Whether it may send shows only when it sends.

        Raises `WechatAppError`, `WechatSecretError`, `WechatAddressError` and `WechatAwayError`.
        """
        try:
            async with self._api.connected():
                await self._api.call("/cgi-bin/get_api_domain_ip")
        except WeixinFault as fault:
            raise CODES.explained(fault) from None
        except Away as away:
            raise WechatAwayError(address=self._options.url, says=str(away)) from None
        return {"id": self._options.app, "receives": f"/doors/{self._setup.name}"}

    async def _token(self, force: bool) -> tuple[str, float]:
        """By `stable_token`: it leaves the token of other programs as it is, where the older method ends it."""
        fields = {
            "grant_type": "client_credential",
            "appid": self._options.app,
            "secret": self._options.secret.get_secret_value(),
            "force_refresh": force,
        }
        return token_in(await self._api.call_once("/cgi-bin/stable_token", fields))
