"""Settings of the door: `GRID36_DOOR_WECHAT_APP` is `app`, and so on."""

from typing import Annotated

from pydantic import Field, StringConstraints

from connectors.chat.option_types import Address, Count
from connectors.chat.platform import Features
from connectors.chat.weixin.options import WeixinOptions


class WechatOptions(WeixinOptions):
    """`app`, `secret`, `token` and `key` have to be set."""

    app: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    """The AppID of the account, `wx...`."""
    url: Address = "https://api.weixin.qq.com"
    """Where the API is."""

    buttons: Annotated[int, Field(ge=0, le=100)] = 8
    """Lines of a menu message that can be pressed; 0: a numbered list. The page names no limit."""
    within_h: Annotated[float, Field(gt=0, le=10_000_000)] = 48.0
    """How long after their last message people can be written to."""
    most: Count = 5
    """How many messages they can be sent in that time."""
    per_minute: Count = 20

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
            unasked_within_h=self.within_h,
            most_unasked=self.most,
        )
