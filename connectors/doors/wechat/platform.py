"""One Official Account of WeChat: what it receives, fetches and sends."""

from collections.abc import Mapping, Sequence

from connectors.chat.http_client import Away
from connectors.chat.messages import Outgoing
from connectors.chat.platform import Features, PhotoFile
from connectors.chat.weixin.account import WeixinAccount
from connectors.chat.weixin.api import token_in
from connectors.chat.weixin.faults import WeixinFault
from connectors.doors.contract import PlatformSetup
from connectors.doors.wechat.errors import CODES, WechatAwayError
from connectors.doors.wechat.options import WechatOptions
from connectors.doors.wechat.sending import WechatSending


class Wechat(WeixinAccount):
    """A `Platform`. Connections are closed when nobody receives, sends or fetches any more."""

    def __init__(self, setup: PlatformSetup, options: WechatOptions) -> None:
        super().__init__(setup, options, url=options.url, me=options.app, plain_echo=True)
        self._options = options
        self._sending = WechatSending(self._api, options)

    @property
    def features(self) -> Features:
        """As the settings say."""
        return self._options.features

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
        return {"id": self._options.app, "receives": self._receives}

    async def _token(self, force: bool) -> tuple[str, float]:
        """By `stable_token`: it leaves the token of other programs as it is, where the older method ends it."""
        fields = {
            "grant_type": "client_credential",
            "appid": self._options.app,
            "secret": self._options.secret.get_secret_value(),
            "force_refresh": force,
        }
        return token_in(await self._api.call_once("/cgi-bin/stable_token", fields))
