"""The Open311 door: a GeoReport v2 server, by which apps and cities file requests and ask what became of them."""

from connectors.chat.options import read_options
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.open311.checking import Open311Server
from connectors.doors.open311.door import Open311Door
from connectors.doors.open311.options import Open311Options


def open_platform(setup: PlatformSetup) -> Open311Server:
    """What `grid36 door check` calls. Raises `WrongDoorSettingsError`."""
    return Open311Server(setup, read_options(Open311Options, setup.name, setup.options))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return Open311Door(setup, read_options(Open311Options, setup.name, setup.options))
