"""What follows from a refusal of Telegram: try later, this person cannot be reached, or never."""

from typing import Final

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.telegram.errors import ApiFault

NOBODY: Final = (
    "chat not found",
    "user not found",
    "user_id_invalid",
    "peer_id_invalid",
    "user is deactivated",
    "group chat was deactivated",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
)
"""What the Bot API says with status 400 where a person or group cannot be written to."""


def judged(fault: ApiFault) -> TryLater | Unreachable | Unsendable:
    """The error for the sender of a message, or for who fetches a file."""
    says = str(fault)
    if fault.retry_after_s is not None or fault.code == 429:
        return TryLater(says, fault.retry_after_s)
    if fault.code >= 500 or fault.code in (401, 404, 409):  # a token that is refused ends `receive`, with words
        return TryLater(says)
    if fault.code == 403 or any(words in fault.says.lower() for words in NOBODY):
        return Unreachable(says)
    return Unsendable(says)
