"""A chat door in the loop of the test, on a platform that is a few lists."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self

from connectors.chat.messages import Content, Incoming, Media, Outgoing, Wrote
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.chat.runtime.door import ChatDoor
from connectors.chat.runtime.needs import TurnEngine
from connectors.clock import now_ms
from connectors.doors.contract import DoorSetup
from connectors.intake.accept import Accept, accept
from connectors.intake.context import Gateway
from connectors.replies.reply import Replies, Reply
from schemas.report import Report
from tests.contract.plain_engine import PlainEngine
from tests.contract.plain_insight import PlainInsight
from tests.processes.waiting import wait_until
from tests.worlds.doors import Doors, doors


@dataclass
class LoopPlatform:
    """A `Platform`: a test calls `brings`, and reads `sent`."""

    features: Features = field(default_factory=lambda: Features(per_second=1000, per_chat_per_minute=10_000))
    sent: list[Outgoing] = field(default_factory=list)
    answers: dict[str, deque[Exception]] = field(default_factory=dict)
    """What the next sends to a chat raise."""
    files: dict[str, bytes | Exception] = field(default_factory=dict)
    tries: int = 0
    _take: "asyncio.Future[Take]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _ids: "count[int]" = field(default_factory=count)

    async def receive(self, take: Take) -> None:
        """Wait for the test."""
        if not self._take.done():
            self._take.set_result(take)
        await asyncio.Event().wait()

    async def brings(self, who: str, content: Content | str, *, id: str = "", **fields: object) -> bool:
        """What somebody did, until it was taken."""
        made = Wrote(text=content) if isinstance(content, str) else content
        given = {"chat": f"chat-{who}", "t_ms": now_ms(), "id": id or f"m{next(self._ids)}", **fields}
        take = await self._take
        return await take(Incoming.model_validate({"sender": who, "content": made, **given}))

    @asynccontextmanager
    async def fetch(self, media: Media) -> AsyncIterator[AsyncIterator[bytes]]:
        """What the test put there."""
        self.tries += 1
        found = self.files[media.ref]
        if isinstance(found, Exception):
            raise found
        yield _pieces(found)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """As planned."""
        self.tries += 1
        planned = self.answers.get(message.chat)
        if planned:
            raise planned.popleft()
        self.sent.append(message)
        return f"p{len(self.sent)}"

    async def check(self) -> Mapping[str, str]:
        """Nobody."""
        return {}

    def said(self, who: str) -> list[str]:
        """The texts that somebody was sent."""
        return [message.text for message in self.sent if message.chat == f"chat-{who}"]


@dataclass
class SomeReplies:
    """`Replies` that a test hands out."""

    waiting: "asyncio.Queue[Reply]" = field(default_factory=asyncio.Queue)
    done: list[str] = field(default_factory=list)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Reply:
        return await self.waiting.get()

    async def sent(self, reply: Reply) -> None:
        """Remember it."""
        self.done.append(reply.id)


@dataclass
class Running:
    """The door, and what is behind it."""

    platform: LoopPlatform
    gateway: Gateway
    town: Doors
    replies: SomeReplies
    folder: Path
    run: "asyncio.Task[None]"

    def reports(self) -> list[Report]:
        """What was accepted."""
        return [Report.model_validate_json(each.row.value) for each in self.town.stored()]

    async def tell(self, *replies: Reply) -> None:
        """Hand out replies to one person, each when the one before is `sent`."""
        for reply in replies:
            self.replies.done.clear()
            self.replies.waiting.put_nowait(reply)
            await wait_until(lambda: self.replies.done, "told", 10, 0.01)

    async def until_said(self, who: str, *texts: str) -> None:
        """Wait for the texts that somebody was sent, all of them, by how they begin."""

        def complete() -> bool:
            said = self.platform.said(who)
            return len(said) >= len(texts) and all(a.startswith(b) for a, b in zip(said, texts, strict=False))

        await wait_until(complete, f"{texts}, not {self.platform.said(who)}", 10, 0.01)


@asynccontextmanager
async def running(
    home: Path,
    platform: LoopPlatform | None = None,
    engine: TurnEngine | None = None,
    accepting: Accept | None = None,
    options: Mapping[str, str] | None = None,
    clock: Callable[[], int] = now_ms,
) -> AsyncIterator[Running]:
    """The door `chat` under `home`, with the plain conversation."""
    (home / "ledger.sqlite").unlink(missing_ok=True)  # a ledger is made once
    async with doors(home) as town:
        town.gateway.clock = clock
        setup = DoorSetup("chat", town.gateway, home / "doors" / "chat", options or {})
        platform, replies = platform or LoopPlatform(), SomeReplies()
        door = ChatDoor(setup, platform, PlainInsight(town.gateway), engine or PlainEngine())
        takes: Replies = replies
        run = asyncio.create_task(door.run(accepting or partial(accept, town.gateway, door.log_names), takes))
        try:
            yield Running(platform, town.gateway, town, replies, setup.folder, run)
        finally:
            run.cancel()
            await asyncio.wait([run])


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
