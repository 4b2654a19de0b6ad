"""A gateway with one door, for tests that kill it: `python -m ... HOME SERVERS PREFIX DOOR KILL`.

KILL says when it kills itself, as `kill -9` does: between which steps, and at which time of them. `accepted:1`: a
submission is stored, and the door does not know it yet; `handed:2`: a reply is read, and the door has not sent it;
`sent:1`: the door has sent it, and has not said so yet; `never`. Of a chat besides: `stored`, before its platform can
acknowledge; `fetching` and `fetched`, around a file; `turned`, before what follows is submitted; `sending`, when all of
a turn is written; `posted`, before it is written that the platform has a message.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Heard, Knowledge, Turn
from connectors.chat.messages import Incoming, Media, Outgoing
from connectors.chat.platform import PhotoFile, Platform, Take
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Accept, Capabilities, Door, DoorSetup, Replies
from connectors.intake.accept import Accepted
from connectors.intake.refusal import FieldFault
from connectors.intake.submission import Submission
from connectors.replies.reply import Reply
from grid36.gateway.doors import DOORS, Opener, folder
from grid36.gateway.run import serve
from grid36.settings import Settings
from grid36.system.create import KnownSystem
from grid36.system.region_files import files_of
from schemas.content import content_address
from schemas.system import Mode, System
from tests.contract.plain_engine import PlainEngine
from tests.contract.plain_insight import PlainInsight


def plain(opener: Opener) -> Opener:
    """The same door with the plain conversation, if it is a chat: what is said there is tested elsewhere."""

    def opened(settings: Settings, setup: DoorSetup) -> Door:
        door = opener(settings, setup)
        if isinstance(door, ChatDoor):
            door.engine, door.insight = PlainEngine(), PlainInsight(setup.gateway)
        return door

    return opened


REGISTRY: Final[Mapping[str, Opener]] = {
    **{name: plain(opener) for name, opener in DOORS.items()},
    "stub": folder("tests.contract.stub_door"),
    "chat": plain(folder("tests.contract.stub_chat")),
}
"""All doors there are, and two more by a line each."""
PARTITIONS: Final = 2


def known_system(settings: Settings) -> KnownSystem:
    """The example street, live, without asking a log."""
    files = files_of(settings)
    system = System(
        partitions=PARTITIONS,
        mode=Mode.LIVE,
        region=content_address(files.region),
        rulebook=content_address(files.rulebook),
    )
    return KnownSystem(region=files.region, rulebook=files.rulebook, system=system)


class KilledDoor:
    """A door whose process ends between two steps."""

    def __init__(self, door: Door, killer: "Killer") -> None:
        self.log_names: tuple[str, ...] = door.log_names
        self.capabilities: Capabilities = door.capabilities
        self._door = door
        self._killer = killer

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """The door's own, with a way in and a way out that do not come back."""

        async def accepting(submission: Submission, wrong: Sequence[FieldFault] = ()) -> Accepted:
            accepted = await accept(submission, wrong)
            self._killer.at("accepted")
            return accepted

        await self._door.run(accepting, None if replies is None else KilledReplies(replies, self._killer))


class KilledReplies:
    """Replies that end before one is handed to the door, or before it can say that it has sent one."""

    def __init__(self, replies: Replies, killer: "Killer") -> None:
        self._replies = replies
        self._killer = killer

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Reply:
        reply = await anext(self._replies)
        self._killer.at("handed")
        return reply

    async def sent(self, reply: Reply) -> None:
        """As the door says it."""
        self._killer.at("sent")
        await self._replies.sent(reply)


class Killer:
    """Ends this process when a step comes the n-th time."""

    def __init__(self, kill: str) -> None:
        self._step, _, times = kill.partition(":")
        self._left = int(times or 0)

    def at(self, step: str) -> None:
        """A step is reached."""
        self._left -= step == self._step
        if step == self._step and self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class KilledPlatform:
    """A chat platform whose process ends between two steps."""

    def __init__(self, platform: Platform, killer: "Killer") -> None:
        self._platform, self._killer = platform, killer
        self.features, self.check = platform.features, platform.check

    async def receive(self, take: Take) -> None:
        """Ends when something is stored, before it can be acknowledged."""

        async def taking(incoming: Incoming) -> bool:
            new = await take(incoming)
            self._killer.at("stored")
            return new

        await self._platform.receive(taking)

    @asynccontextmanager
    async def fetch(self, media: Media) -> AsyncIterator[AsyncIterator[bytes]]:
        """Ends before, or when all is here."""
        self._killer.at("fetching")
        async with self._platform.fetch(media) as chunks:
            yield chunks
        self._killer.at("fetched")

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Ends before, or when the platform has it."""
        self._killer.at("sending")
        platform_id = await self._platform.send(message, photos)
        self._killer.at("posted")
        return platform_id


class KilledEngine(PlainEngine):
    """A conversation whose process ends when it knows what follows."""

    def __init__(self, killer: "Killer") -> None:
        self._killer = killer

    def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
        """As the plain one says it."""
        turn = super().take(state, heard, knowledge)
        if turn.submit:
            self._killer.at("turned")
        return turn


def killed(opener: Opener, kill: str) -> Opener:
    """The same door, to be killed."""

    def opened(settings: Settings, setup: DoorSetup) -> Door:
        door, killer = opener(settings, setup), Killer(kill)
        if isinstance(door, ChatDoor):
            door.platform, door.engine = KilledPlatform(door.platform, killer), KilledEngine(killer)
        return KilledDoor(door, killer)

    return opened


async def main(home: Path, servers: str, prefix: str, door: str, kill: str) -> None:
    """Serve until killed."""
    settings = Settings(home=home, kafka=servers, topic_prefix=prefix, partitions=PARTITIONS, doors=door)
    registry = {name: killed(opener, kill) for name, opener in REGISTRY.items()}
    await serve(settings, servers, known_system(settings), asyncio.Event(), registry)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
