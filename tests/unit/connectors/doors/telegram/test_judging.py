"""What a refusal means for who wants to send."""

import pytest

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.telegram.errors import ApiFault
from connectors.doors.telegram.judging import judged


@pytest.mark.parametrize(
    ("code", "says", "error"),
    [
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (403, "Forbidden: user is deactivated", Unreachable),
        (403, "Forbidden: bot can't initiate conversation with a user", Unreachable),
        (403, "Forbidden: bot was kicked from the supergroup chat", Unreachable),
        (400, "Bad Request: chat not found", Unreachable),
        (400, "Bad Request: PEER_ID_INVALID", Unreachable),
        (400, "Bad Request: not enough rights to send text messages to the chat", Unreachable),
        (400, "Bad Request: message is too long", Unsendable),
        (400, "Bad Request: BUTTON_DATA_INVALID", Unsendable),
        (413, "Request Entity Too Large", Unsendable),
        (429, "Too Many Requests", TryLater),
        (500, "Internal Server Error", TryLater),
        (502, "Bad Gateway", TryLater),
        (401, "Unauthorized", TryLater),
    ],
)
def test_each_refusal(code: int, says: str, error: type[Exception]) -> None:
    assert type(judged(ApiFault(code, says))) is error


def test_the_pause_that_telegram_asks_for() -> None:
    later = judged(ApiFault(429, "Too Many Requests: retry after 17", retry_after_s=17))
    assert isinstance(later, TryLater)
    assert later.after_s == 17
