"""What can go wrong with WeChat, and what follows from each `errcode`.

The codes are those of the vendor's page on return codes.
"""

import re
from typing import Final

from connectors.chat.weixin.return_codes import ReturnCodes
from schemas.errors import Retry, WrongInput

NOT_NOW: Final = frozenset({45015, 45047})
"""More than 48 h since they wrote, or five messages since then: they can be written to when they write again."""
NOBODY: Final = frozenset({40003, 43004, 43019, 48002})
"""No such person, one who does not follow us, whom we blocked, or who wants no messages."""
_IP: Final = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")


class WechatAppError(WrongInput):
    """WeChat does not know this account. Copy its AppID into GRID36_DOOR_WECHAT_APP."""


class WechatSecretError(WrongInput):
    """WeChat refuses the secret. Copy the AppSecret into GRID36_DOOR_WECHAT_SECRET; was it reset or frozen?"""


class WechatAccountError(WrongInput):
    """This account may not send customer-service messages. It has to be a verified service account."""


class WechatAddressError(Retry):
    """WeChat does not trust our address. Add it to the IP whitelist of the account."""


class WechatAwayError(Retry):
    """WeChat does not answer. Check the network of this machine, and GRID36_DOOR_WECHAT_URL."""


_WRONG: Final[dict[int, type[WrongInput | Retry]]] = {
    40013: WechatAppError,
    40001: WechatSecretError,
    40125: WechatSecretError,
    40243: WechatSecretError,
    48001: WechatAccountError,
    40164: WechatAddressError,
    89503: WechatAddressError,
    89501: WechatAddressError,
    89506: WechatAddressError,
    89507: WechatAddressError,
}

CODES: Final = ReturnCodes(
    wrong=_WRONG, address=WechatAddressError, ip=_IP, away=WechatAwayError, nobody=NOBODY, not_now=NOT_NOW
)
