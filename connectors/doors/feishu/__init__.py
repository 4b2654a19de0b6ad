"""The Feishu (飞书) door: an application of our own with a bot, called by events, sending by the API."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.chat.runtime.context import ChatSettings
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.feishu.options import FeishuOptions
from connectors.doors.feishu.platform import Feishu


def open_platform(setup: PlatformSetup) -> Platform:
    """The application of the settings. Raises `WrongDoorSettingsError`."""
    own = {name: value for name, value in setup.options.items() if name not in ChatSettings.model_fields}
    return Feishu(setup, read_options(FeishuOptions, setup.name, own))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return ChatDoor(setup, open_platform(setup.platform))
