"""The browser door: a chat on a page of our own, for everybody without a messenger account, and in WeChat's browser."""

from dataclasses import dataclass

from connectors.chat.options import read_options
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.browser.hook import BrowserHook
from connectors.doors.browser.options import BrowserOptions
from connectors.doors.browser.platform import BrowserChat
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.intake.context import Gateway
from schemas.names import Language


def open_platform(setup: PlatformSetup) -> BrowserChat:
    """The platform alone, to check its settings. Raises `WrongDoorSettingsError`."""
    return BrowserChat(setup.folder, read_options(BrowserOptions, setup.name, setup.options))


@dataclass(frozen=True, slots=True)
class _Demo:
    """Satisfies `DemoPeople`."""

    gateway: Gateway
    door: str

    async def invite(self, person: str) -> str:
        return (await self.gateway.contacts.invite(person=person, now_ms=self.gateway.clock())).token

    async def speaks(self, sender: str, language: Language) -> None:
        now_ms = self.gateway.clock()
        await self.gateway.contacts.heard(self.door, sender, t_ms=now_ms, chat=sender, language=language)


def open_door(setup: DoorSetup) -> Door:
    """The door; the HTTP door serves its page. Raises `WrongDoorSettingsError`."""
    gateway, options = setup.gateway, read_options(BrowserOptions, setup.name, setup.options)
    chat = BrowserChat(setup.folder, options, gateway.clock, _Demo(gateway, setup.name))
    setup.hooks[setup.name] = BrowserHook(chat, setup.name, gateway.language)
    return ChatDoor(setup, chat)
