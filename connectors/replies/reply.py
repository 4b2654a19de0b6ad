"""A reply: what happened to a case, for one person who is reached through one door."""

from dataclasses import dataclass
from typing import Literal, Protocol, Self

from schemas.event import Event
from schemas.names import Language

ReplyTo = Literal["reporter", "assignee", "executor"]
"""What the person is to the case."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told of a case: by which door, as what, and in which language.

    `report` is the id of the case's report: the door that made it knows the conversation it came from. It is empty for
    somebody who handles a case that nobody reported by a door that replies.
    """

    door: str
    person: str
    to: ReplyTo
    report: str
    language: Language


@dataclass(frozen=True, slots=True)
class Reply:
    """One event of one case for one recipient.

    `id` is the same however often the reply is handed out, and no other reply has it: a door gives it to its platform,
    or remembers it, so that the person hears of the event once.
    """

    id: str
    recipient: Recipient
    case: str
    event: Event


class Replies(Protocol):
    """The replies of one door, in order for each person:

        async for reply in replies:
            ...  # send it, under reply.id
            await replies.sent(reply)

    A person's next reply comes only after the previous one was `sent`, so a door may send to many people at the
    same time. A reply that was not marked `sent` comes again after a restart, under the same id.
    """

    def __aiter__(self) -> Self:
        """Iterate without end, waiting for replies."""

    async def __anext__(self) -> Reply:
        """The next reply for a person who has no other reply in progress."""

    async def sent(self, reply: Reply) -> None:
        """Mark the reply as delivered and remove it durably."""
