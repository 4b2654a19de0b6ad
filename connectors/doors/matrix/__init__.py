"""Matrix, the self-hosted messenger: a bot's account on any homeserver, by the client-server API."""

from connectors.chat.options import read_options
from connectors.doors.contract import PlatformSetup
from connectors.doors.matrix.account import MatrixNoAccountError
from connectors.doors.matrix.platform import MatrixPlatform
from connectors.doors.matrix.settings import MatrixSettings
from connectors.intake.context import now_ms


def open_platform(setup: PlatformSetup) -> MatrixPlatform:
    """The account that the settings name. Raises `WrongDoorSettingsError`, `MatrixNoAccountError`."""
    settings = read_options(MatrixSettings, setup.name, setup.options)
    if not settings.token.get_secret_value() and not (settings.user and settings.password.get_secret_value()):
        raise MatrixNoAccountError
    return MatrixPlatform(settings, setup.folder, now_ms)
