"""A reply: one event of a case for one person, sent through one door."""

from dataclasses import dataclass
from typing import Literal, Protocol, Self

from schemas.event import Event
from schemas.names import Language

ReplyTo = Literal[
    "reporter", "follower", "assignee", "executor", "decider", "superior", "officer", "evaluator", "on_duty", "off_duty"
]  # fmt: skip
"""The person's relation to the case: who reported it, or a case that was merged into it; who handles it; who is asked
to decide; on whose rung it is now; whose department is called; who rates how a department reported in; who is on duty
while the one who handles it is off, and that one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets replies about a case: through which door, in which relation, and in which language.

    `report` is the id of the case's report, by which its door finds the conversation. It is empty for a handler of a
    case that was not reported through a door that replies.
    """

    door: str
    person: str
    to: ReplyTo
    report: str
    language: Language


@dataclass(frozen=True, slots=True)
class Reply:
    """One event of one case for one recipient.

    `id` is unique and the same on every delivery: a door passes it to its platform, or remembers it, so that the
    person gets the reply once.
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
