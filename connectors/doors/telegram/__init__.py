"""The Telegram door: one bot, by polling or by a webhook, on the Bot API."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.doors.contract import PlatformSetup
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.platform import Telegram


def open_platform(setup: PlatformSetup) -> Platform:
    """The bot of the settings. Raises `WrongDoorSettingsError`."""
    return Telegram(setup, read_options(TelegramOptions, setup.name, setup.options))
