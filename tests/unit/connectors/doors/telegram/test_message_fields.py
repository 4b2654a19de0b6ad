"""Every field that a message can have, as python-telegram-bot knows them, is what somebody sent or it is not."""

import pytest
from telegram import Message

from connectors.doors.telegram.contents import FILES
from connectors.doors.telegram.message_fields import first_sent
from connectors.doors.telegram.shapes import TelegramMessage

SENT = {
    *FILES,
    "photo",
    "live_photo",
    "location",
    "venue",
    "contact",
    "dice",
    "poll",
    "game",
    "story",
    "checklist",
    "invoice",
    "paid_media",
    "giveaway",
    "giveaway_winners",
}
OURS = {field.alias or name for name, field in TelegramMessage.model_fields.items()}
KNOWN = {name for name in Message.__slots__ if not name.startswith("_") and name != "from_user"} - OURS


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_each_field(name: str) -> None:
    assert bool(first_sent([name])) == (name in SENT)


def test_a_field_that_nobody_knows_was_sent() -> None:
    assert first_sent(["via_bot", "hologram"]) == "hologram"
