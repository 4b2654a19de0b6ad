"""The Telegram door: one bot, by polling or by a webhook, on the Bot API."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.chat.runtime.context import ChatSettings
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.platform import Telegram


def open_platform(setup: PlatformSetup) -> Platform:
    """The bot of the settings. Raises `WrongDoorSettingsError`."""
    own = {name: value for name, value in setup.options.items() if name not in ChatSettings.model_fields}
    return Telegram(setup, read_options(TelegramOptions, setup.name, own))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return ChatDoor(setup, open_platform(setup.platform))
