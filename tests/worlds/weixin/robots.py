"""The long connection of WeCom's robots, over TLS: one connection a robot, answers to every frame, encrypted files."""

import asyncio
import base64
import hashlib
import json
import os
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import trustme
from aiohttp import WSMsgType, web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BOT: Final = "aib-robot-1"
SECRET: Final = "secret-of-the-long-connection"

Frame = dict[str, Any]


@dataclass
class RobotCloud:
    """The platform's side."""

    ca: Path
    address: str = ""
    port: int = 0
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    logins: int = 0
    got: list[Frame] = field(default_factory=list)
    """Frames of ours, but heartbeats and log-ins."""
    beats: int = 0
    silent: bool = False
    """Answers nothing any more."""
    plans: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))
    """Codes of the next answers, by command."""
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: deque[int] = field(default_factory=deque)
    """Of the next downloads."""
    uploads: dict[str, Frame] = field(default_factory=dict)
    uploaded: dict[str, bytes] = field(default_factory=dict)
    open_frames: set[str] = field(default_factory=set)
    """Ids that may be answered."""
    closing: list["asyncio.Task[bool]"] = field(default_factory=list)
    chats: dict[str, str] = field(default_factory=dict)
    """Where the frames that we brought come from."""
    most_at_once: int = 0
    """How many answers to one frame were on their way together."""
    slow_s: float = 0.0
    _numbers: "count[int]" = field(default_factory=count)
    _pending: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def brings(self, body: Frame, command: str = "aibot_msg_callback") -> str:
        """Somebody does something; the id of the frame."""
        id = f"{command}_{next(self._numbers)}"
        self.open_frames.add(id)
        self.chats[id] = body.get("chatid") or body.get("from", {}).get("userid", "")
        await self.connections[-1].send_json({"cmd": command, "headers": {"req_id": id}, "body": body})
        return id

    def chat_of(self, frame: Frame) -> str:
        """Where a frame of ours went."""
        return str(frame["body"].get("chatid") or self.chats.get(frame["headers"]["req_id"], ""))

    def encrypted(self, name: str, content: bytes) -> dict[str, str]:
        """A file to download, with its key."""
        key = os.urandom(32)
        size = 32 - len(content) % 32
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        self.files[name] = encryptor.update(content + bytes([size]) * size) + encryptor.finalize()
        return {"url": f"https://localhost:{self.port}/file/{name}", "aeskey": base64.b64encode(key).decode()}

    def app(self) -> web.Application:
        """Its HTTP side."""
        app = web.Application()
        app.router.add_get("/file/{name}", self._file)
        app.router.add_get("/", self._connect)
        return app

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["name"])
        status = self.statuses.popleft() if self.statuses else 404 if content is None else 200
        return web.Response(status=status, body=content)

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=2_000_000)
        await socket.prepare(request)
        tasks = []
        async for message in socket:
            if message.type is WSMsgType.TEXT and not self.silent:
                tasks.append(asyncio.create_task(self._answer(socket, json.loads(message.data))))
        await asyncio.gather(*tasks, return_exceptions=True)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, frame: Frame) -> None:
        command, id, body = frame["cmd"], frame["headers"]["req_id"], frame.get("body", {})
        self._pending[id] += 1
        self.most_at_once = max(self.most_at_once, self._pending[id])
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        code, more = await self._handled(socket, command, id, body)
        if command not in ("ping", "aibot_subscribe") and code == 0:
            self.got.append(frame)
        self._pending[id] -= 1
        await socket.send_json({"headers": {"req_id": id}, "errcode": code, "errmsg": f"code {code}", **more})

    async def _handled(
        self, socket: web.WebSocketResponse, command: str, id: str, body: Frame
    ) -> tuple[int, dict[str, Any]]:
        if self.plans[command]:
            return self.plans[command].popleft(), {}
        if plan := self.plans[body.get("chatid") or self.chats.get(id, "")]:
            answer = command.startswith(
                "aibot_respond"
            )  # what cannot be an answer is tried as a push: the same message
            return (plan[0] if answer and plan[0] not in (45009, 60111) else plan.popleft()), {}
        code = 0
        if command == "ping":
            self.beats += 1
        elif command == "aibot_subscribe":
            code = await self._log_in(socket, body)
        elif command == "aibot_send_msg" and body["msgtype"] not in ("markdown", "template_card", "image"):
            code = 40008
        elif command.startswith("aibot_respond") and id not in self.open_frames:
            code = 846605
        elif command == "aibot_upload_media_init":
            self.uploads["u1"] = body | {"pieces": {}}
            return 0, {"body": {"upload_id": "u1"}}
        elif command == "aibot_upload_media_chunk":
            self.uploads[body["upload_id"]]["pieces"][body["chunk_index"]] = base64.b64decode(body["base64_data"])
        elif command == "aibot_upload_media_finish":
            return self._finish(self.uploads[body["upload_id"]])
        return code, {}

    def _finish(self, upload: Frame) -> tuple[int, dict[str, Any]]:
        content = b"".join(upload["pieces"][n] for n in range(upload["total_chunks"]))
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != upload["md5"]:
            return 40058, {}
        name = f"media-{len(self.uploaded)}"
        self.uploaded[name] = content
        return 0, {"body": {"media_id": name}}

    async def _log_in(self, socket: web.WebSocketResponse, body: Frame) -> int:
        if (body["bot_id"], body["secret"]) != (BOT, SECRET):
            return 853000
        before, self.connections = self.connections, [socket]
        self.logins += 1
        for old in before:  # a new connection ends the old one
            if not old.closed:
                event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
                with suppress(ConnectionError):  # its program was killed
                    await old.send_json({"cmd": "aibot_event_callback", "headers": {"req_id": "end"}, "body": event})
                self.closing.append(asyncio.create_task(old.close()))
        return 0


def body_of(who: str, kind: str, content: Frame, *, id: str = "", chat: str = "") -> Frame:
    """The body of a message, as in the vendor's examples."""
    group = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
    return {
        "msgid": id or os.urandom(8).hex(),
        "aibotid": BOT,
        "from": {"userid": who},
        "msgtype": kind,
        kind: content,
    } | group


def event_body(who: str, kind: str, content: Frame | None = None) -> Frame:
    """The body of an event."""
    event = {"eventtype": kind} | ({kind: content} if content is not None else {})
    return body_of(who, "event", event) | {"create_time": 1_700_000_000}


@asynccontextmanager
async def robot_cloud(folder: Path) -> AsyncIterator[RobotCloud]:
    """It listens at `address`; whoever trusts `ca` believes it."""
    authority = trustme.CA()
    made = RobotCloud(folder / "ca.pem")
    authority.cert_pem.write_to_path(made.ca)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    runner = web.AppRunner(made.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "localhost", 0, ssl_context=context).start()
        made.port = runner.addresses[0][1]
        made.address = f"wss://localhost:{made.port}"
        yield made
    finally:
        for each in made.connections:
            await each.close()
        await asyncio.gather(*made.closing, return_exceptions=True)
        await runner.cleanup()
