"""Which platforms a region has."""

from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.errors import WrongInput
from schemas.platform import NeighbourPlatform


class UnknownPlatform(WrongInput):
    """This region has no platform of this code. Give one of those that are known, or name it in platforms.yaml."""


def platform_of(settings: Settings, code: str) -> NeighbourPlatform:
    """The platform of this code. Raises `UnknownPlatform`."""
    known = {each.code: each for each in region_of(settings).platforms}
    if code not in known:
        raise UnknownPlatform(known=", ".join(known) or "–")
    return known[code]
