"""Settings of the door: `GRID36_DOOR_WECOM_CORP` is `corp`, and so on; limits as the vendor's page 90236 has them."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from connectors.chat.option_types import Address
from connectors.chat.platform import Features
from connectors.chat.weixin.incoming import WeixinReading
from connectors.chat.weixin.options import CardOptions, WeixinOptions


class WecomOptions(CardOptions, WeixinOptions):
    """`corp`, `agent`, `secret`, `token` and `key` have to be set."""

    corp: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    """The id of the company, `ww...`."""
    agent: Annotated[int, Field(ge=0, lt=2**31)]
    """The AgentId of the application."""
    url: Address = "https://qyapi.weixin.qq.com"
    """Where the API is: the vendor's, or that of a private deployment."""

    @property
    def reading(self) -> WeixinReading:
        """How messages are read."""
        return replace(super().reading, follows=False)

    @property
    def features(self) -> Features:
        """What the conversation may use."""
        return Features(
            buttons=self.buttons,
            photos=True,
            pins=False,
            characters=self.text_bytes // 3,
            positions=True,
            per_second=self.per_second,
            per_chat_per_minute=self.per_minute,
        )
