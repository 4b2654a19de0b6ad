"""One application of WeCom: what it receives, fetches and sends."""

from collections.abc import Mapping, Sequence

from connectors.chat.http_client import Away
from connectors.chat.messages import Outgoing
from connectors.chat.platform import Features, PhotoFile
from connectors.chat.weixin.account import WeixinAccount
from connectors.chat.weixin.api import token_in
from connectors.chat.weixin.faults import WeixinFault
from connectors.doors.contract import PlatformSetup
from connectors.doors.wecom.errors import CODES, WecomAwayError
from connectors.doors.wecom.options import WecomOptions
from connectors.doors.wecom.sending import WecomSending


class Wecom(WeixinAccount):
    """A `Platform`. Connections are closed when nobody receives, sends or fetches any more."""

    def __init__(self, setup: PlatformSetup, options: WecomOptions) -> None:
        super().__init__(setup, options, url=options.url, me=options.corp)
        self._options = options
        self._sending = WecomSending(self._api, options)

    @property
    def features(self) -> Features:
        """As the settings say."""
        return self._options.features

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Words, a card or photos. Raises `TryLater`, `Unreachable` or `Unsendable`."""
        async with self._api.connected():
            return await self._sending.send(message, photos)

    async def check(self) -> Mapping[str, str]:
        """The application by its name.

        Raises `WecomCorpError`, `WecomSecretError`, `WecomAgentError`, `WecomAddressError` and `WecomAwayError`.
        """
        try:
            async with self._api.connected():
                agent = await self._api.call("/cgi-bin/agent/get", query={"agentid": str(self._options.agent)})
        except WeixinFault as fault:
            raise CODES.explained(fault) from None
        except Away as away:
            raise WecomAwayError(address=self._options.url, says=str(away)) from None
        return {
            "id": str(self._options.agent),
            "name": str(agent.get("name", "")),
            "receives": self._receives,
        }

    async def _token(self, _: bool) -> tuple[str, float]:
        """The same token comes until it is over, so nothing is forced."""
        secret = self._options.secret.get_secret_value()
        query = {"corpid": self._options.corp, "corpsecret": secret}
        return token_in(await self._api.call_once("/cgi-bin/gettoken", query=query))
