"""What can go wrong with WeChat, and what follows from each `errcode`.

The codes are those of the vendor's page on return codes.
"""

import logging
import re
from typing import Final

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.chat.weixin.faults import BUSY, OLD_TOKEN, WeixinFault
from schemas.errors import Retry, WrongInput

NOT_NOW: Final = frozenset({45015, 45047})
"""More than 48 h since they wrote, or five messages since then: they can be written to when they write again."""
NOBODY: Final = frozenset({40003, 43004, 43019, 48002})
"""No such person, one who does not follow us, whom we blocked, or who wants no messages."""
_IP: Final = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")

log = logging.getLogger(__name__)


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


def explained(fault: WeixinFault) -> WrongInput | Retry:
    """The error that says what to configure."""
    kind = _WRONG.get(fault.code, WechatAwayError)
    found = _IP.search(fault.says)
    if kind is WechatAddressError and found:
        return WechatAddressError(address=found.group(1))
    return kind(says=str(fault))


def judged(fault: WeixinFault, patience_s: float) -> TryLater | Unreachable | Unsendable:
    """What it means for a message; `patience_s` where the platform does not say how long to wait."""
    if fault.code in BUSY:
        return TryLater(str(fault), patience_s if fault.code != -1 else None)
    if fault.code in _WRONG:
        log.error("messages wait until somebody mends this: %s", explained(fault))
        return TryLater(str(fault), patience_s)
    if fault.code in OLD_TOKEN:  # two in a row: another program fetches tokens too
        return TryLater(str(fault))
    if fault.code in NOT_NOW:
        return Unreachable(f"only after they write again: {fault}")
    if fault.code in NOBODY:
        return Unreachable(str(fault))
    return Unsendable(str(fault))
