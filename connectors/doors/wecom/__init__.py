"""The WeCom (企业微信) door: an application of our own, with a callback and the API to send."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.doors.contract import PlatformSetup
from connectors.doors.wecom.options import WecomOptions
from connectors.doors.wecom.platform import Wecom


def open_platform(setup: PlatformSetup) -> Platform:
    """The application of the settings. Raises `WrongDoorSettingsError`."""
    return Wecom(setup, read_options(WecomOptions, setup.name, setup.options))
