"""People with phones: what they do reaches us as encrypted and signed events, again until they are acknowledged.

Encryption and signature are written down here a second time, with another library than the door's.
"""

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any, Final

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad

from tests.worlds.feishu.cloud import APP, BOT, FeishuCloud
from tests.worlds.posting import status_of

ENCRYPT_KEY: Final = "an-encrypt-key"
TOKEN: Final = "a-verification-token"
GROUP: Final = "oc_group"

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call, which may come again."""

    headers: dict[str, str]
    body: bytes


def encrypted(plain: bytes, key: str = ENCRYPT_KEY) -> bytes:
    """The body of a call."""
    iv = os.urandom(16)
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, iv)
    text = base64.b64encode(iv + cipher.encrypt(pad(plain, 16))).decode()
    return json.dumps({"encrypt": text}).encode()


def signed(body: bytes, t_s: int | None = None, key: str = ENCRYPT_KEY) -> Request:
    """A body with its headers."""
    timestamp, nonce = str(round(time()) if t_s is None else t_s), "nonce-1"
    digest = hashlib.sha256()
    for part in (timestamp.encode(), nonce.encode(), key.encode(), body):
        digest.update(part)
    head = {"X-Lark-Request-Timestamp": timestamp, "X-Lark-Request-Nonce": nonce, "Content-Type": "application/json"}
    return Request(head | {"X-Lark-Signature": digest.hexdigest()}, body)


def event_of(kind: str, event: Json, id: str = "ev-1", t: str = "") -> Json:
    """An event of version 2."""
    head = {"event_id": id, "event_type": kind, "create_time": t or str(round(time() * 1000)), "token": TOKEN}
    return {"schema": "2.0", "header": head | {"app_id": APP, "tenant_key": "tk"}, "event": event}


def request_of(event: Json) -> Request:
    """As Feishu sends it."""
    return signed(encrypted(json.dumps(event).encode()))


def message_of(who: str, id: str, kind: str, content: object, **more: Any) -> Json:
    """The event of a message to the bot alone; `content` becomes a text."""
    message = {
        "message_id": id, "chat_id": f"oc_p2p_{who}", "chat_type": "p2p", "message_type": kind,
        "create_time": str(round(time() * 1000)), "content": json.dumps(content),
    }  # fmt: skip
    return {"sender": {"sender_id": {"open_id": who}, "sender_type": "user"}, "message": message | more}


def in_group(*, named: bool = True) -> Json:
    """What makes a message one of a group."""
    mentions = [{"key": "@_user_1", "id": {"open_id": BOT}, "name": "网格"}] if named else []
    return {"chat_id": GROUP, "chat_type": "group", "mentions": mentions}


@dataclass
class Phones:
    """All phones of one tenant; each person's events come in order."""

    cloud: FeishuCloud
    address: Callable[[], str | None]
    """Where our hook is, or None while we are away."""
    patience_s: float = 0.1
    """Between tries; the real ones are 15 s, 5 min, 1 h and 6 h apart."""
    requests: dict[str, Request] = field(default_factory=dict)
    _lines: dict[str, "asyncio.Queue[Request]"] = field(default_factory=dict)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def sends(self, who: str, kind: str, content: object, **more: Any) -> str:
        """Somebody sends a message; its id."""
        id = f"om_in_{next(self._numbers)}"
        self.cloud.authors[id] = who
        self.does(who, "im.message.receive_v1", message_of(who, id, kind, content, **more), id)
        return id

    def sends_photo(self, who: str, content: bytes) -> str:
        """With the picture at Feishu."""
        key = f"img_v3_in_{next(self._numbers)}"
        id = self.sends(who, "image", {"image_key": key})
        self.cloud.files[f"{id}/{key}"] = ("image", content)
        return id

    def sends_voice(self, who: str, content: bytes) -> str:
        """With the sound at Feishu."""
        key = f"file_v3_in_{next(self._numbers)}"
        id = self.sends(who, "audio", {"file_key": key, "duration": 4000})
        self.cloud.files[f"{id}/{key}"] = ("file", content)
        return id

    def does(self, who: str, kind: str, event: Json, handle: str) -> None:
        """Anything."""
        self.requests[handle] = request_of(event_of(kind, event, f"ev-{next(self._numbers)}"))
        self.bring(who, handle)

    def bring(self, who: str, handle: str) -> None:
        """The same call, perhaps once more."""
        if who not in self._lines:
            self._lines[who] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._deliver(self._lines[who])))
        self._lines[who].put_nowait(self.requests[handle])

    async def _deliver(self, line: "asyncio.Queue[Request]") -> None:
        while True:
            request = await line.get()
            while await self._post(request) != 200:  # noqa: ASYNC110 - tries, as the platform does
                await asyncio.sleep(self.patience_s)

    async def _post(self, request: Request) -> int:
        return await status_of(self.address(), headers=request.headers, data=request.body)

    async def close(self) -> None:
        """All phones off."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def phones(cloud: FeishuCloud, address: Callable[[], str | None]) -> AsyncIterator[Phones]:
    """Until the end of the block."""
    made = Phones(cloud, address)
    try:
        yield made
    finally:
        await made.close()
