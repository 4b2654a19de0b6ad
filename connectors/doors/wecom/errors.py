"""What can go wrong with WeCom, and what follows from each `errcode`.

The codes are those of the vendor's page 90313.
"""

import logging
import re
from typing import Final

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.chat.weixin.faults import BUSY, OLD_TOKEN, WeixinFault
from schemas.errors import Retry, WrongInput

NOBODY: Final = frozenset({40003, 46004, 60011, 60111, 81013, 50002})
"""No such member, or one who may not use the application."""
_IP: Final = re.compile(r"from ip: ([0-9a-fA-F.:]{3,45})")

log = logging.getLogger(__name__)


class WecomCorpError(WrongInput):
    """WeCom does not know this company. Copy the company id into GRID36_DOOR_WECOM_CORP."""


class WecomSecretError(WrongInput):
    """WeCom refuses the secret. Copy that of this application into GRID36_DOOR_WECOM_SECRET."""


class WecomAgentError(WrongInput):
    """The secret is of another application. Copy the AgentId beside the secret into GRID36_DOOR_WECOM_AGENT."""


class WecomAddressError(Retry):
    """WeCom does not trust our address. Add it to the application's trusted IPs in the console."""


class WecomAwayError(Retry):
    """WeCom does not answer. Check the network of this machine, and GRID36_DOOR_WECOM_URL."""


_WRONG: Final[dict[int, type[WrongInput | Retry]]] = {
    40013: WecomCorpError,
    40001: WecomSecretError,
    40056: WecomAgentError,
    301002: WecomAgentError,
    60020: WecomAddressError,
}


def explained(fault: WeixinFault) -> WrongInput | Retry:
    """The error that says what to configure."""
    kind = _WRONG.get(fault.code, WecomAwayError)
    found = _IP.search(fault.says)
    if kind is WecomAddressError and found:
        return WecomAddressError(address=found.group(1))
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
    if fault.code in NOBODY:
        return Unreachable(str(fault))
    return Unsendable(str(fault))
