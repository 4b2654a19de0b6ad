"""The browser door: a chat on a page of our own, for everybody without a messenger account, and in WeChat's browser."""

from connectors.chat.options import read_options
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.browser.hook import BrowserHook
from connectors.doors.browser.options import BrowserOptions
from connectors.doors.browser.platform import BrowserChat
from connectors.doors.contract import Door, DoorSetup, PlatformSetup


def open_platform(setup: PlatformSetup) -> BrowserChat:
    """The platform alone, to check its settings. Raises `WrongDoorSettingsError`."""
    return BrowserChat(setup.folder, read_options(BrowserOptions, setup.name, setup.options))


def open_door(setup: DoorSetup) -> Door:
    """The door; the HTTP door serves its page. Raises `WrongDoorSettingsError`."""
    gateway = setup.gateway

    async def invite(person: str) -> str:
        return (await gateway.contacts.invite(person=person, now_ms=gateway.clock())).token

    options = read_options(BrowserOptions, setup.name, setup.options)
    chat = BrowserChat(setup.folder, options, gateway.clock, invite)
    setup.hooks[setup.name] = BrowserHook(chat, setup.name, gateway.language)
    return ChatDoor(setup, chat)
