"""The menu of commands beside the text field of a private chat, in the language of the app."""

import logging
from typing import Final

from connectors.chat.http_client import Away
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault
from schemas.names import Language
from texts.catalogue import say

COMMANDS: Final = ("reports", "jobs", "off", "signin", "language", "help")
"""Words that the conversation takes for a command, with the slash that Telegram puts before them."""
SHOWN_TO: Final = {"type": "all_private_chats"}
CODES: Final = {Language.EN: "", Language.ZH: "zh"}
"""What Telegram calls the language; English is for everybody else."""

log = logging.getLogger(__name__)


async def show_menu(api: BotApi) -> None:
    """Set it; people can write without it, so a failure is only logged."""
    try:
        for language, code in CODES.items():
            await api.call("setMyCommands", menu_in(language, code))
    except (ApiFault, Away) as fault:
        log.warning("Telegram: the menu could not be set: %s", fault)


def menu_in(language: Language, code: str) -> dict[str, object]:
    """The fields of the call for one language."""
    commands = [{"command": name, "description": say(language, f"telegram.menu.{name}")} for name in COMMANDS]
    return {"commands": commands, "scope": SHOWN_TO, **({"language_code": code} if code else {})}
