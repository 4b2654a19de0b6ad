"""The contract of a door: a way in for people or programs, with or without replies.

To add a door:

1. add a folder `connectors/doors/NAME/` with a class that implements `Door`, and `open_door(setup)` that creates it;
2. add a line to `grid36/gateway/doors.py`;
3. add its texts to the catalogues under `texts/`.

`GRID36_DOORS=http,NAME` opens it; `GRID36_DOOR_NAME_...` are its settings. It turns each message into a submission
(`connectors/intake/submission.py`) whose id is derived from the platform's own, and acknowledges the message after
`accept` returns, so a message that is sent again is accepted once. It sends replies under their ids. Add a person who
uses it to `tests/contract/door_people.py`; `tests/contract/test_doors.py` then checks all this.

Doors do not import each other. They use intake, the outbox, replies, the ledger's queries, and `streams.kafka`.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from aiohttp import web

from connectors.intake.accept import Accept
from connectors.intake.capabilities import Capabilities
from connectors.intake.context import Gateway
from connectors.replies.reply import Replies

__all__ = ["Accept", "Capabilities", "Door", "DoorSetup", "Hook", "PlatformSetup", "Replies"]


Hook = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Handles requests of a platform to `/doors/NAME` of the HTTP door and to every path below it, that of the door
`open311` also below `/open311/v2`."""


@dataclass(frozen=True, slots=True)
class PlatformSetup:
    """The argument of `open_platform`: what a platform may know; no store and no region."""

    name: str
    folder: Path
    options: Mapping[str, str] = field(repr=False)
    hooks: MutableMapping[str, Hook] = field(default_factory=dict)
    address: str = ""
    """Where the pages are opened, for a check."""


@dataclass(frozen=True, slots=True)
class DoorSetup:
    """The arguments of `open_door`."""

    name: str
    """Its name in the registry, and in the log."""
    gateway: Gateway
    """The stores, the region, the rulebook, the clock."""
    folder: Path
    """A folder for the door's own state; it may not exist yet."""
    options: Mapping[str, str] = field(repr=False)
    """Its own settings: `token` is GRID36_DOOR_NAME_TOKEN. They hold secrets, so no log shows them."""
    hooks: MutableMapping[str, Hook] = field(default_factory=dict)
    """Hooks by door name: a door whose platform calls us adds its own here; the HTTP door serves them."""
    pages: tuple[Callable[[web.Application], None], ...] = ()
    """What adds pages of the gateway, beside its own, to the HTTP door."""

    @property
    def platform(self) -> PlatformSetup:
        """What the platform of a chat door is opened with."""
        return PlatformSetup(self.name, self.folder, self.options, self.hooks)


class Door(Protocol):
    """An open door."""

    @property
    def log_names(self) -> tuple[str, ...]:
        """The names by which the log knows this door; the first is used for a submission that names none."""

    @property
    def capabilities(self) -> Capabilities:
        """What this door supports."""

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Accept submissions and send replies until cancelled.

        The door waits out its platform's outages itself. A `Stop` closes this door and leaves the others open, but for
        the HTTP door, by which `grid36` reaches the gateway; any other exception ends the gateway.
        """
