"""The WeCom robot (企业微信智能机器人) door: one long connection that we open, so no public address is needed."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.chat.runtime.context import ChatSettings
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.wecom_robot.options import RobotOptions
from connectors.doors.wecom_robot.platform import WecomRobot


def open_platform(setup: PlatformSetup) -> Platform:
    """The robot of the settings. Raises `WrongDoorSettingsError`."""
    own = {name: value for name, value in setup.options.items() if name not in ChatSettings.model_fields}
    return WecomRobot(setup, read_options(RobotOptions, setup.name, own))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return ChatDoor(setup, open_platform(setup.platform))
