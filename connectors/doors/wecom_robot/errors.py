"""What can go wrong with the robot, by what has to be done next."""

from typing import Final

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.chat.weixin.faults import BUSY
from schemas.errors import Retry, Stop, WrongInput

NOBODY: Final = frozenset({40003, 60111, 81013, 93006})
"""No such person or chat. The vendor lists no codes of the robot: these are those of its other APIs."""


class RobotSecretError(WrongInput):
    """WeCom refuses the robot. Correct GRID36_DOOR_WECOM_ROBOT_BOT and _SECRET, those of its long connection."""


class RobotTakenError(Stop):
    """Another program connected as the same robot, which ended our connection. Run one gateway for each robot."""


class RobotAwayError(Retry):
    """The long connection of WeCom does not answer. Check the network, and GRID36_DOOR_WECOM_ROBOT_URL."""


class RobotFault(Exception):
    """The answer to a frame has an `errcode`."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(f"{code} {says}")
        self.code = code


class NotAFrameError(ValueError):
    """This has not the shape of a frame."""


def judged(fault: RobotFault, patience_s: float) -> TryLater | Unreachable | Unsendable:
    """What it means for a message; `patience_s` where the platform does not say how long to wait."""
    if fault.code in BUSY:
        return TryLater(str(fault), patience_s if fault.code != -1 else None)
    if fault.code in NOBODY:
        return Unreachable(str(fault))
    return Unsendable(str(fault))
