"""Each chat platform as a test holds it: people write there, and see what they were sent.

A new chat gets one entry in `WORLDS`: something that satisfies `ChatWorld`, in front of the fake or the real server
that its door is pointed at. `test_doors.py` and `test_chat_doors.py` then check what all doors and all chats promise.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal, Protocol
from urllib.parse import quote

from connectors.chat.messages import (
    Content,
    Incoming,
    Media,
    MediaKind,
    SentMedia,
    SharedPosition,
    Wrote,
)
from connectors.clock import now_ms
from schemas.datum import Datum

Trouble = tuple[Literal["later"], float] | tuple[Literal["never", "blocked", "refused"], str]
"""What a platform may answer: try again after seconds; this never goes; this person blocked us; we are refused."""


@dataclass(frozen=True)
class Shown:
    """A message as its reader sees it; `message` is the platform's id, to be quoted."""

    text: str
    buttons: tuple[str, ...] = ()
    message: str = ""


class ChatWorld(Protocol):
    """One platform and the people there, who are called by any name. It outlives the gateway, as platforms do."""

    @property
    def options(self) -> Mapping[str, str]:
        """The settings of the door that lead here: `token` is GRID36_DOOR_NAME_TOKEN."""

    def account(self, who: str) -> tuple[str, str]:
        """The platform's ids of a person and of their own chat: `Incoming.sender` and `Incoming.chat`."""

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """Somebody writes, perhaps in answer to a message; something by which it can be brought `again`."""

    async def sends_photo(self, who: str, content: bytes) -> str:
        """Somebody sends a picture."""

    async def sends_voice(self, who: str, content: bytes) -> str:
        """Somebody sends a voice message; not asked of a platform that brings its words alone."""

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """Somebody sends a position, degrees WGS-84; not asked of a platform without positions."""

    async def again(self, message: str) -> None:
        """The platform brings a message once more, as it does when it believes that nobody took it."""

    def plan(self, who: str, *troubles: Trouble) -> None:
        """What the platform answers to the next messages that we send to this person, one each."""

    def plan_files(self, *troubles: Trouble) -> None:
        """What it answers when we fetch the next file."""

    def shown(self, who: str) -> list[Shown]:
        """What somebody was sent, in order."""


@dataclass
class StubWorld:
    """The folder of `stub_chat`."""

    folder: Path
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def options(self) -> Mapping[str, str]:
        """Where the platform and its people meet."""
        return {"folder": str(self.folder)}

    def account(self, who: str) -> tuple[str, str]:
        """Their name."""
        return who, f"chat-{who}"

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """A file."""
        return self._bring(who, Wrote(text=text), quotes)

    async def sends_photo(self, who: str, content: bytes) -> str:
        """Two files."""
        return self._sends(who, MediaKind.PHOTO, content)

    async def sends_voice(self, who: str, content: bytes) -> str:
        """Two files."""
        return self._sends(who, MediaKind.VOICE, content)

    def _sends(self, who: str, kind: MediaKind, content: bytes) -> str:
        ref = f"file-{next(self._numbers)}"
        file = self.folder / "files" / ref
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return self._bring(who, SentMedia(media=Media(kind=kind, ref=ref)))

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """A file."""
        return self._bring(who, SharedPosition(lon=lon, lat=lat, datum=Datum.WGS84))

    async def again(self, message: str) -> None:
        """The same file."""
        copy = self.folder / "all" / f"{message}.json"
        self._put(f"{next(self._numbers):06}", copy.read_text())

    def plan(self, who: str, *troubles: Trouble) -> None:
        """A file each."""
        self._plan(self.account(who)[1], troubles)

    def plan_files(self, *troubles: Trouble) -> None:
        """All files share one plan."""
        self._plan("file", troubles)

    def refuse_us(self) -> None:
        """From now on the platform wants nothing to do with our account."""
        self._plan("receive", (("refused", ""),))

    def shown(self, who: str) -> list[Shown]:
        """The lines of the person's chat."""
        chat = self.account(who)[1]
        file = self.folder / "out" / f"{quote(chat, safe='')}.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [_shown(json.loads(line), f"{chat}/{n}") for n, line in enumerate(lines, 1)]

    def _bring(self, who: str, content: Content, quotes: str = "") -> str:
        name, (sender, chat) = f"{next(self._numbers):06}", self.account(who)
        incoming = Incoming(id=name, sender=sender, chat=chat, t_ms=now_ms(), content=content, quotes=quotes)
        copy = self.folder / "all" / f"{name}.json"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(incoming.model_dump_json())
        self._put(name, incoming.model_dump_json())
        return name

    def _put(self, name: str, text: str) -> None:
        inbox = self.folder / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / f"{name}.new").write_text(text)
        (inbox / f"{name}.new").rename(inbox / f"{name}.json")

    def _plan(self, name: str, troubles: tuple[Trouble, ...]) -> None:
        plans = self.folder / "plan"
        plans.mkdir(parents=True, exist_ok=True)
        for trouble, what in troubles:
            (plans / f"{quote(name, safe='')}.{next(self._numbers):06}.json").write_text(json.dumps({trouble: what}))


def _shown(line: dict[str, Any], message: str) -> Shown:
    return Shown(
        "\n".join(filter(None, (line["text"], line["link"]))),
        tuple(button["label"] for button in line["buttons"]),
        message,
    )


@asynccontextmanager
async def stub_world(folder: Path) -> AsyncIterator[ChatWorld]:
    """A folder in a folder."""
    yield StubWorld(folder / "platform")


def _telegram(folder: Path) -> AbstractAsyncContextManager[ChatWorld]:
    from tests.contract.telegram_world import telegram_world

    return telegram_world(folder)


def _matrix(folder: Path) -> AbstractAsyncContextManager[ChatWorld]:
    from tests.contract.matrix_world import matrix_world

    return matrix_world(folder)


def _browser(folder: Path) -> AbstractAsyncContextManager[ChatWorld]:
    from tests.contract.browser_world import browser_world

    return browser_world(folder)


def _feishu(folder: Path) -> AbstractAsyncContextManager[ChatWorld]:
    from tests.contract.feishu_world import feishu_world

    return feishu_world(folder)


def _called(door: str) -> Callable[[Path], AbstractAsyncContextManager[ChatWorld]]:
    def world(folder: Path) -> AbstractAsyncContextManager[ChatWorld]:
        from tests.contract.weixin_worlds import callback_world

        return callback_world(folder, door)

    return world


def _robot(folder: Path) -> AbstractAsyncContextManager[ChatWorld]:
    from tests.contract.weixin_worlds import robot_world

    folder.mkdir(parents=True, exist_ok=True)
    return robot_world(folder)


WORLDS: Final[Mapping[str, Callable[[Path], AbstractAsyncContextManager[ChatWorld]]]] = {
    "chat": stub_world,
    "telegram": _telegram,
    "matrix": _matrix,
    "browser": _browser,
    "feishu": _feishu,
    "wechat": _called("wechat"),
    "wecom": _called("wecom"),
    "wecom_robot": _robot,
}
"""By the name of the door; each is given an empty folder, somewhere in the home of the gateway."""
PAGES: Final = frozenset({"browser"})
"""Platforms of our own, served by the HTTP door: they refuse nothing, and lose no file."""
CALLED: Final = frozenset({"feishu", "open311", "webhook", "wechat", "wecom"})
"""Platforms and programs that call us, at a hook of the HTTP door."""


def with_http(door: str) -> tuple[str, ...]:
    """The doors to open for one to work."""
    return ("http", door) if door in PAGES | CALLED else (door,)


def environment_of(door: str, world: ChatWorld) -> dict[str, str]:
    """The variables that lead a door to a world."""
    prefix = f"GRID36_DOOR_{door.upper().replace('-', '_')}_"
    return {f"{prefix}{name.upper()}": value for name, value in world.options.items()}
