"""What can go wrong with Feishu, and what follows from each code of its API."""

import logging
from typing import Final

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from schemas.errors import Retry, WrongInput

OLD_TOKEN: Final = frozenset({99991661, 99991663, 99991664, 99991668, 99991671, 99991677})
"""The access token is over, or is none."""
TOO_MUCH: Final = 99991400
BUSY: Final = frozenset({TOO_MUCH, 11232, 11233, 11247, 230020, 230049, 1000004, 1000005, 1500, 1663})
"""Too many calls, or the same message is being sent at this moment, or theirs is busy."""
NOBODY: Final = frozenset({230002, 230013, 230018, 230029, 230034, 230035, 230038, 230053, 232009})
"""Not in the group, not one of those for whom the application is available, gone, muted, or does not want our messages.
"""
GONE: Final = frozenset({230011, 230110})
"""The message that was to be answered was withdrawn."""
PATIENCE_S: Final = 60.0

log = logging.getLogger(__name__)


class FeishuCredentialsError(WrongInput):
    """Feishu does not know this app, or refuses its secret. Copy both again: GRID36_DOOR_FEISHU_APP and _SECRET."""


class FeishuBotError(WrongInput):
    """The app has no bot. Add the feature Bot in the developer console, and publish a version."""


class FeishuScopeError(Retry):
    """The app lacks a permission. Grant the one that is named in the developer console, and publish a version."""


class FeishuAwayError(Retry):
    """Feishu does not answer. Check the network of this machine, and GRID36_DOOR_FEISHU_URL and _PROXY."""


class FeishuFault(Exception):
    """The API answered with a code."""

    def __init__(self, code: int, says: str, after_s: float | None = None) -> None:
        super().__init__(f"{code} {says}")
        self.code = code
        self.says = says
        self.after_s = after_s
        """After which time it may be tried again, where Feishu says so."""


class UnreadableEventError(ValueError):
    """This has not the shape of an event of Feishu."""


_WRONG: Final[dict[int, type[WrongInput | Retry]]] = {
    **dict.fromkeys((10003, 10005, 10012, 10013, 10014, 10015), FeishuCredentialsError),
    **dict.fromkeys((11205, 230006), FeishuBotError),
    **dict.fromkeys((99991672, 99991679, 230027), FeishuScopeError),
}


def explained(fault: FeishuFault) -> WrongInput | Retry:
    """The error that says what to configure."""
    return _WRONG.get(fault.code, FeishuAwayError)(says=str(fault))


def judged(fault: FeishuFault) -> TryLater | Unreachable | Unsendable:
    """What it means for a message, or for who fetches a file."""
    if fault.code in BUSY or fault.code in OLD_TOKEN:
        return TryLater(str(fault), fault.after_s)
    if fault.code in _WRONG:
        log.error("messages wait until somebody mends this: %s", explained(fault))
        return TryLater(str(fault), PATIENCE_S)
    if fault.code in NOBODY:
        return Unreachable(str(fault))
    return Unsendable(str(fault))
