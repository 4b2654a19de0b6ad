"""Feishu as the contract of all chats holds it: a fake and its phones, which call the hook of our HTTP door."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grid36.machine.home import Home
from tests.contract.chat_worlds import ChatWorld, Shown, Trouble
from tests.worlds.feishu.cloud import APP, SECRET, Fault, FeishuCloud, cloud
from tests.worlds.feishu.phones import ENCRYPT_KEY, TOKEN, Phones, phones


@dataclass
class FeishuWorld:
    """A `ChatWorld`."""

    cloud: FeishuCloud
    phones: Phones
    _whose: dict[str, str] = field(default_factory=dict)

    @property
    def options(self) -> Mapping[str, str]:
        """The fake has no limits of its own."""
        limits = {"per_second": "1000", "per_chat_per_minute": "10000", "location_datum": "wgs84"}
        return {"app": APP, "secret": SECRET, "key": ENCRYPT_KEY, "token": TOKEN, "url": self.cloud.address, **limits}

    def account(self, who: str) -> tuple[str, str]:
        """An open id, twice."""
        return f"ou_{who}", f"ou_{who}"

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """With the message that it answers."""
        more = {"parent_id": quotes, "root_id": quotes} if quotes else {}
        return self._sent(who, self.phones.sends(f"ou_{who}", "text", {"text": text}, **more))

    async def sends_photo(self, who: str, content: bytes) -> str:
        """As a picture."""
        return self._sent(who, self.phones.sends_photo(f"ou_{who}", content))

    async def sends_voice(self, who: str, content: bytes) -> str:
        """As Opus."""
        return self._sent(who, self.phones.sends_voice(f"ou_{who}", content))

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """Its numbers are texts."""
        content = {"name": "somewhere", "longitude": str(lon), "latitude": str(lat)}
        return self._sent(who, self.phones.sends(f"ou_{who}", "location", content))

    async def again(self, message: str) -> None:
        """The same call."""
        self.phones.bring(f"ou_{self._whose[message]}", message)

    def plan(self, who: str, *troubles: Trouble) -> None:
        """In codes."""
        self.cloud.plans[f"ou_{who}"].extend(map(_fault, troubles))

    def plan_files(self, *troubles: Trouble) -> None:
        """When a file is fetched."""
        self.cloud.plans["file"].extend(map(_fault, troubles))

    def shown(self, who: str) -> list[Shown]:
        """What their phone shows."""
        sent = self.cloud.to(f"ou_{who}")
        return [Shown(each.text, tuple(key["text"]["content"] for key in each.keys), each.id) for each in sent]

    def _sent(self, who: str, message: str) -> str:
        self._whose[message] = who
        return message


def _fault(trouble: Trouble) -> Fault:
    match trouble:
        case ("later", after_s):
            return Fault(99991400, 429, float(after_s))
        case ("blocked", _):
            return Fault(230053)
    return Fault(230025)


def hook_of(folder: Path, door: str) -> str | None:
    """Where the gateway listens whose home is above a world's folder."""
    for home in folder.parents[:2]:
        address = Home(home).said().get("gateway", {}).get("address") if home.exists() else None
        if address is not None:
            return f"{address}/doors/{door}"
    return None


@asynccontextmanager
async def feishu_world(folder: Path) -> AsyncIterator[ChatWorld]:
    """A fake on a free port."""
    async with cloud() as made, phones(made, lambda: hook_of(folder, "feishu")) as people:
        yield FeishuWorld(made, people)
