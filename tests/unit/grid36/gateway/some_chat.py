"""The least that the module of a chat door has for `grid36 door check`."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.doors.contract import PlatformSetup


@dataclass(frozen=True)
class SomePlatform:
    """Remembers how it was opened."""

    setup: PlatformSetup

    async def check(self) -> Mapping[str, str]:
        """Who we are there."""
        return {"name": "Some bot", "server": "here"}


def open_platform(setup: PlatformSetup) -> SomePlatform:
    """What the command calls."""
    return SomePlatform(setup)
