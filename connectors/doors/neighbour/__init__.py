"""The neighbour door: asks a neighbouring city's Open311 server for requests that lie here, and takes them over."""

from connectors.chat.options import read_options
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.doors.neighbour.checking import NeighbourServer
from connectors.doors.neighbour.door import NeighbourDoor
from connectors.doors.neighbour.options import NeighbourOptions


def open_platform(setup: PlatformSetup) -> NeighbourServer:
    """What `grid36 door check` calls. Raises `WrongDoorSettingsError`."""
    return NeighbourServer(setup, read_options(NeighbourOptions, setup.name, setup.options))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls. Raises `WrongDoorSettingsError`."""
    return NeighbourDoor(setup, read_options(NeighbourOptions, setup.name, setup.options))
