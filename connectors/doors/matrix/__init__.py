"""Matrix, the self-hosted messenger: a bot's account on any homeserver, by the client-server API."""

from connectors.chat.options import read_options
from connectors.chat.runtime.context import ChatSettings
from connectors.chat.runtime.door import ChatDoor
from connectors.clock import now_ms
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.matrix.account import MatrixNoAccountError
from connectors.doors.matrix.platform import MatrixPlatform
from connectors.doors.matrix.settings import MatrixSettings


def open_platform(setup: PlatformSetup) -> MatrixPlatform:
    """The account that the settings name. Raises `WrongDoorSettingsError`, `MatrixNoAccountError`."""
    own = {name: value for name, value in setup.options.items() if name not in ChatSettings.model_fields}
    settings = read_options(MatrixSettings, setup.name, own)
    if not settings.token.get_secret_value() and not (settings.user and settings.password.get_secret_value()):
        raise MatrixNoAccountError
    return MatrixPlatform(settings, setup.folder, now_ms)


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises what `open_platform` raises."""
    return ChatDoor(setup, open_platform(setup.platform))
