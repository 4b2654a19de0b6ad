"""A chat door in a night or in a morning, for tests that kill it: `python -m ... HOME NOW_MS KILL`.

It tells replies that are in `replies.sqlite` already; what its platform was sent is in `out.jsonl`. KILL as in
`door_process`: `handed`, `sent` (a reply was handled, and nobody said so), `digested` (what waited is about to be one
message), `sending`, `posted`; `never`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.digest import Morning
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Knowledge, Say, Turn
from connectors.chat.messages import Media, Outgoing, SayKind
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import DoorSetup
from connectors.intake.accept import accept
from connectors.replies.feed import ReplyFeed
from connectors.replies.reply import Reply
from tests.contract.plain_engine import PlainEngine
from tests.contract.plain_insight import PlainInsight
from tests.processes.door_process import KilledPlatform, KilledReplies, Killer
from tests.worlds.doors import doors

DOOR, PERSON = "chat", "p1"
KINDS = (SayKind.NEWS, SayKind.JOB, SayKind.REFUSAL)


def kind_of(reply: str) -> SayKind:
    """Of what kind the message of a reply is, by the number of its event."""
    return KINDS[int(reply.partition("/")[0].partition("-")[2]) % len(KINDS)]


class NightEngine(PlainEngine):
    """Says of each reply which it is."""

    def __init__(self, killer: Killer) -> None:
        self._killer = killer

    def notice(self, state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
        """Of the kind that its number says."""
        return Turn(state, say=(Say(f"now {reply.id}", kind=kind_of(reply.id)),))

    def digest(self, state: Conversation, mornings: Sequence[Morning], knowledge: Knowledge, source: str) -> Turn:
        """As the plain one says it."""
        turn = super().digest(state, mornings, knowledge, source)
        self._killer.at("digested")
        return turn


class FilePlatform:
    """A `Platform` that writes down what it is sent, and brings nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.features = Features(per_second=1000, per_chat_per_minute=10_000)

    async def receive(self, take: Take) -> None:
        """Nobody writes."""
        await asyncio.Event().wait()

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Nobody sends anything."""
        raise NotImplementedError

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """A line."""
        with self._file.open("a", encoding="utf-8") as out:
            out.write(message.model_dump_json() + "\n")
        return f"p-{message.id}"

    async def check(self) -> Mapping[str, str]:
        """Nobody."""
        return {}


async def main(home: Path, now_ms: int, kill: str) -> None:
    """Run until killed."""
    killer = Killer(kill)
    (home / "ledger.sqlite").unlink(missing_ok=True)  # a ledger is made once
    async with doors(home) as town:
        book, town.gateway.clock = town.gateway.contacts, lambda: now_ms
        contact = await book.heard(DOOR, "ana", t_ms=1, chat="chat-ana")
        if contact.person != PERSON:
            await book.bind(DOOR, "ana", (await book.invite(person=PERSON, now_ms=1)).token, 1)
        feed = ReplyFeed(home / "replies.sqlite", {DOOR: DOOR}, town.gateway.clock)
        setup = DoorSetup(DOOR, town.gateway, home / "doors" / DOOR, {})
        platform = KilledPlatform(FilePlatform(home / "out.jsonl"), killer)
        door = ChatDoor(setup, platform, PlainInsight(town.gateway), NightEngine(killer))
        await door.run(partial(accept, town.gateway, door.log_names), KilledReplies(feed.of(DOOR), killer))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
