"""The WeChat (微信) door: an Official Account (公众号), with a callback and the customer-service messages."""

from connectors.chat.options import read_options
from connectors.chat.platform import Platform
from connectors.doors.contract import PlatformSetup
from connectors.doors.wechat.options import WechatOptions
from connectors.doors.wechat.platform import Wechat


def open_platform(setup: PlatformSetup) -> Platform:
    """The account of the settings. Raises `WrongDoorSettingsError`."""
    return Wechat(setup, read_options(WechatOptions, setup.name, setup.options))
