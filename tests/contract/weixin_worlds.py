"""WeCom, WeChat and WeCom's robot as the contract of all chats holds them: the fakes, and people by any name."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

from grid36.machine.home import Home
from schemas.datum import wgs84_to_gcj02
from schemas.names import Language
from tests.contract.chat_worlds import ChatWorld, Shown, Trouble
from tests.worlds.weixin.cloud import AGENT, ID, SECRET, WeixinCloud, cloud
from tests.worlds.weixin.phones import CALLBACK_TOKEN, KEY, TRIES, Phones
from tests.worlds.weixin.robots import BOT, RobotCloud, body_of, robot_cloud
from tests.worlds.weixin.robots import SECRET as ROBOT_SECRET
from texts.catalogue import say

LIMITS: Final = {"per_second": "1000", "per_minute": "10000", "patience_s": "1.5"}
"""The fakes have no limits of their own."""
CHOOSE: Final = {say(language, "weixin.choose") for language in Language}
"""What stands on a card below long words."""
CODES: Final = {"later": 45009, "never": 45002}


def address_of(folder: Path, door: str) -> str | None:
    """Where the gateway serves the hook of a door, by what it says in its home; the world is somewhere in there."""
    for home in (folder.parent, folder.parent.parent):
        address = Home(home).said().get("gateway", {}).get("address")
        if address is not None:
            return f"{address}/doors/{door}"
    return None


@dataclass
class CallbackWorld:
    """A `ChatWorld` of a platform that calls us.

    Every callback comes three times, as the real one does when it is not answered in time. It is more patient, too:
    tests start the gateway when they like.
    """

    door: str
    cloud: WeixinCloud
    phones: Phones
    _queues: dict[str, "asyncio.Queue[str]"] = field(default_factory=dict)
    _senders: dict[str, str] = field(default_factory=dict)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def options(self) -> Mapping[str, str]:
        """An account there."""
        own = {"secret": SECRET, "token": CALLBACK_TOKEN, "key": KEY, "url": self.cloud.address, **LIMITS}
        if self.door == "wechat":
            return {"app": ID, "within_h": "9000000", "most": "100000", **own}
        return {"corp": ID, "agent": str(AGENT), "per_hour": "100000", **own}

    def account(self, who: str) -> tuple[str, str]:
        """Their name."""
        return who, who

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """The platform does not say what is answered."""
        return self._brings(who, "text", Content=text)

    async def sends_photo(self, who: str, content: bytes) -> str:
        """By the id of its file."""
        media = f"media-{len(self.cloud.media)}"
        self.cloud.media[media] = content
        return self._brings(who, "image", MediaId=media, PicUrl="http://localhost/x")

    async def sends_voice(self, who: str, content: bytes) -> str:
        """As AMR, by the id of its file."""
        media = f"media-{len(self.cloud.media)}"
        self.cloud.media[media] = content
        return self._brings(who, "voice", MediaId=media, Format="amr")

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """On Tencent's map."""
        lon, lat = wgs84_to_gcj02(lon, lat)
        return self._brings(who, "location", Location_X=str(lat), Location_Y=str(lon), Scale="15", Label="")

    async def again(self, message: str) -> None:
        """The same request."""
        self._queue(self._senders[message]).put_nowait(message)

    def plan(self, who: str, *troubles: Trouble) -> None:
        """By codes."""
        blocked = 43004 if self.door == "wechat" else 81013
        self.cloud.plans[who].extend(CODES.get(kind, blocked) for kind, _ in troubles)

    def plan_files(self, *troubles: Trouble) -> None:
        """The same."""
        self.cloud.plans["file"].extend(-1 if kind == "later" else 40007 for kind, _ in troubles)

    def shown(self, who: str) -> list[Shown]:
        """Words and cards."""
        return _together(
            Shown(*_words(each), f"m{n}")
            for n, each in enumerate(self.cloud.sent, 1)
            if each["touser"] == who and each["msgtype"] != "image"
        )

    def _brings(self, who: str, kind: str, **fields: str) -> str:
        message = self.phones.does(who, kind, **fields)
        self._senders[message] = who
        self._queue(who).put_nowait(message)
        return message

    def _queue(self, who: str) -> "asyncio.Queue[str]":
        if who not in self._queues:
            self._queues[who] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._deliver(self._queues[who])))
        return self._queues[who]

    async def _deliver(self, queue: "asyncio.Queue[str]") -> None:
        while True:
            message = await queue.get()
            taken = 0
            while taken < TRIES:  # as if each answer had come too late
                taken += await self.phones.bring(message, tries=1)

    async def close(self) -> None:
        """Nothing is brought any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _together(shown: Iterable[Shown]) -> list[Shown]:
    """Long words and the card below them are one message to its reader."""
    found: list[Shown] = []
    for each in shown:
        if found and each.buttons and each.text in CHOOSE:
            found[-1] = Shown(found[-1].text, each.buttons, found[-1].message)
        else:
            found.append(each)
    return found


def _words(fields: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The words and the buttons of a message."""
    kind = fields["msgtype"]
    inside = fields[kind]
    if kind == "template_card":
        words = [inside["main_title"]["title"], inside.get("sub_title_text", "")]
        return "\n".join(filter(None, words)), tuple(each["text"] for each in inside["button_list"])
    if kind == "msgmenu":
        return inside["head_content"], tuple(each["content"] for each in inside["list"])
    return inside["content"], ()


@dataclass
class RobotWorld:
    """A `ChatWorld` of the robot.

    The real platform expects no acknowledgement, and may lose what was in memory at a crash; people who hear nothing
    write again. Here what was said so far is brought again at every log-in, in its order.
    """

    cloud: RobotCloud
    said: list[dict[str, Any]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _told: int = 0
    _login: int = 0

    @property
    def options(self) -> Mapping[str, str]:
        """A robot there."""
        own = {"bot": BOT, "secret": ROBOT_SECRET, "url": self.cloud.address, "ca": str(self.cloud.ca)}
        return {**own, **LIMITS, "per_hour": "100000", "pause_s": "0.3"}

    def account(self, who: str) -> tuple[str, str]:
        """Their name."""
        return who, who

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """The platform says the words that are answered, and no id."""
        return self._says(body_of(who, "text", {"content": text}, id=f"in-{next(self._numbers)}"))

    async def sends_photo(self, who: str, content: bytes) -> str:
        """Encrypted."""
        number = next(self._numbers)
        return self._says(body_of(who, "image", self.cloud.encrypted(str(number), content), id=f"in-{number}"))

    async def sends_voice(self, who: str, content: bytes) -> str:
        """Its words come alone."""
        raise NotImplementedError

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """There are none."""
        raise NotImplementedError

    async def again(self, message: str) -> None:
        """Under the same id."""
        self.said.append(next(each for each in self.said if each["msgid"] == message))

    def plan(self, who: str, *troubles: Trouble) -> None:
        """By codes."""
        self.cloud.plans[who].extend(CODES.get(kind, 60111) for kind, _ in troubles)

    def plan_files(self, *troubles: Trouble) -> None:
        """By statuses."""
        self.cloud.statuses.extend(503 if kind == "later" else 404 for kind, _ in troubles)

    def shown(self, who: str) -> list[Shown]:
        """What went to their chat, as an answer or a push."""
        return _together(
            Shown(*_robot_words(each["body"]), str(n))
            for n, each in enumerate(self.cloud.got)
            if self.cloud.chat_of(each) == who
        )

    def _says(self, body: dict[str, Any]) -> str:
        self.said.append(body)
        id: str = body["msgid"]
        return id

    async def bring(self) -> None:
        """Until cancelled."""
        while True:
            if self._login != self.cloud.logins:
                self._login, self._told = self.cloud.logins, 0
            if self._told < len(self.said) and self.cloud.connections and not self.cloud.connections[-1].closed:
                try:
                    await self.cloud.brings(self.said[self._told])
                except ConnectionError:  # killed just now, and not noticed yet
                    await asyncio.sleep(0.02)
                    continue
                self._told += 1
            else:
                await asyncio.sleep(0.02)


def _robot_words(body: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    kind = body.get("msgtype", "")
    if kind == "template_card":
        return _words(body)
    return body.get(kind, {}).get("content", ""), ()


@asynccontextmanager
async def callback_world(folder: Path, door: str) -> AsyncIterator[ChatWorld]:
    """WeCom or WeChat."""
    async with cloud(wechat=door == "wechat") as made:
        world = CallbackWorld(door, made, Phones(lambda: address_of(folder, door), patience_s=0.05))
        try:
            yield world
        finally:
            await world.close()


@asynccontextmanager
async def robot_world(folder: Path) -> AsyncIterator[ChatWorld]:
    """The robot."""
    async with robot_cloud(folder) as made:
        world = RobotWorld(made)
        bringing = asyncio.create_task(world.bring())
        try:
            yield world
        finally:
            bringing.cancel()
            await asyncio.gather(bringing, return_exceptions=True)
