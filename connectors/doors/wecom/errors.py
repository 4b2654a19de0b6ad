"""What can go wrong with WeCom, and what follows from each `errcode`.

The codes are those of the vendor's page 90313.
"""

import re
from typing import Final

from connectors.chat.weixin.return_codes import ReturnCodes
from schemas.errors import Retry, WrongInput

NOBODY: Final = frozenset({40003, 46004, 60011, 60111, 81013, 50002})
"""No such member, or one who may not use the application."""
_IP: Final = re.compile(r"from ip: ([0-9a-fA-F.:]{3,45})")


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

CODES: Final = ReturnCodes(wrong=_WRONG, address=WecomAddressError, ip=_IP, away=WecomAwayError, nobody=NOBODY)
