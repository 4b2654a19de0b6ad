"""The WeChat (微信) door: an Official Account (公众号), with a callback and the customer-service messages."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.chat.runtime.context import ChatSettings
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.wechat.options import WechatOptions
from connectors.doors.wechat.platform import Wechat


def open_platform(setup: PlatformSetup) -> Platform:
    """The account of the settings. Raises `WrongDoorSettingsError`."""
    own = {name: value for name, value in setup.options.items() if name not in ChatSettings.model_fields}
    return Wechat(setup, read_options(WechatOptions, setup.name, own))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return ChatDoor(setup, open_platform(setup.platform))
