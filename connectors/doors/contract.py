"""What a door is: a way in for people or programs, and for some of them the way back.

A new door takes three things:

1. a folder `connectors/doors/NAME/` with a class that has what `Door` asks, and `open_door(setup)` that makes it;
2. a line in `grid36/gateway/doors.py`;
3. its texts, in the catalogues under `texts/`.

`GRID36_DOORS=http,NAME` opens it; `GRID36_DOOR_NAME_...` are its own settings. It makes a submission
(`connectors/intake/submission.py`) of each message, under an id made of its platform's own, and acknowledges the
message when `accept` has returned: what is sent again is accepted once. It sends replies under their ids. A person who
uses it, in `tests/contract/door_people.py`, lets `tests/contract/test_doors.py` hold it to that.

Doors do not import each other. They use intake, the outbox, replies, what queries the ledger has, and `streams.kafka`.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from aiohttp import web

from connectors.intake.accept import Accept
from connectors.intake.context import Gateway
from connectors.replies.reply import Replies

__all__ = ["Accept", "Capabilities", "Door", "DoorSetup", "Hook", "Replies"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be done through a door."""

    photos: bool = False
    """People can send photos."""
    positions: bool = False
    """People can send where they are or mean: a position with its datum."""
    replies: bool = True
    """People are sent what happens to their cases. Without it, `run` gets no replies."""


Hook = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Answers what a platform sends to `/doors/NAME` of the HTTP door, and to every address below it."""


@dataclass(frozen=True, slots=True)
class DoorSetup:
    """What a door is opened with."""

    name: str
    """Its name in the registry, and in the log."""
    gateway: Gateway
    """The stores, the region, the rulebook, the clock."""
    folder: Path
    """Where it may keep what it must remember; it need not be there yet."""
    options: Mapping[str, str]
    """Its own settings: `token` is GRID36_DOOR_NAME_TOKEN."""
    hooks: MutableMapping[str, Hook] = field(default_factory=dict)
    """Where a door whose platform calls us puts its hook, under its name; the HTTP door serves them."""


class Door(Protocol):
    """One way in, while it is open."""

    @property
    def log_names(self) -> tuple[str, ...]:
        """By which names the log knows what comes in here; the first where a submission names none."""

    @property
    def capabilities(self) -> Capabilities:
        """What can be done through it."""

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Take in what comes and send the replies, until cancelled.

        Outages of its platform are its own to wait out; what it raises ends the gateway.
        """
