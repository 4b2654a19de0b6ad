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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from connectors.intake.accept import Accepted
from connectors.intake.context import Gateway
from connectors.intake.refusal import FieldFault
from connectors.intake.submission import Submission
from connectors.replies.reply import Reply


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be done through a door."""

    photos: bool = False
    """People can send photos."""
    positions: bool = False
    """People can send where they are or mean: a position with its datum."""
    replies: bool = True
    """People are sent what happens to their cases. Without it, `run` gets no replies."""


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


class Accept(Protocol):
    """The way in."""

    async def __call__(self, submission: Submission, wrong: Sequence[FieldFault] = ()) -> Accepted:
        """Store a submission durably; on return it cannot get lost.

        Raises `Refused` with every mistake, to be told in the sender's language: `refusal.answer(language)`.
        A door that reads forms gives what is right of one with what was `wrong`, so that all is told at once.
        """


class Replies(Protocol):
    """The way out:

        async for reply in replies:
            ...  # send it, under reply.id
            await replies.sent(reply)

    The next reply for a person comes only after the one before was `sent`, so a door may send to many people at the
    same time. What was handed out and not `sent` comes again after a restart, under the same id.
    """

    def __aiter__(self) -> Self:
        """Waits for ever for what comes next."""

    async def __anext__(self) -> Reply:
        """The next reply for somebody to whom none is being sent."""

    async def sent(self, reply: Reply) -> None:
        """The person has it: it is forgotten, durably."""


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
