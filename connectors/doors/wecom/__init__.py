"""The WeCom (企业微信) door: an application of our own, with a callback and the API to send."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.chat.runtime.context import ChatSettings
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.wecom.options import WecomOptions
from connectors.doors.wecom.platform import Wecom


def open_platform(setup: PlatformSetup) -> Platform:
    """The application of the settings. Raises `WrongDoorSettingsError`."""
    own = {name: value for name, value in setup.options.items() if not _of_another(name)}
    return Wecom(setup, read_options(WecomOptions, setup.name, own))


def _of_another(option: str) -> bool:
    """GRID36_DOOR_WECOM_ROBOT_SECRET is a setting of the robot's door, and begins like one of ours."""
    return option in ChatSettings.model_fields or option.startswith("robot_")


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return ChatDoor(setup, open_platform(setup.platform))
