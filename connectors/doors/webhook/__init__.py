"""The webhook door: programs post signed reports, and are posted what happens to them, by Standard Webhooks."""

from connectors.chat.options import read_options
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.webhook.checking import WebhookCheck
from connectors.doors.webhook.door import WebhookDoor
from connectors.doors.webhook.options import WebhookOptions


def open_platform(setup: PlatformSetup) -> WebhookCheck:
    """What `grid36 door check` calls. Raises `WrongDoorSettingsError`."""
    return WebhookCheck(setup, read_options(WebhookOptions, setup.name, setup.options))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return WebhookDoor(setup, read_options(WebhookOptions, setup.name, setup.options))
