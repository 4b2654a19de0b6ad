"""The API of Feishu: tokens that end, codes, messages that are shown once for a `uuid`, images, files."""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

APP: Final = "cli_a1b2c3"
SECRET: Final = "a-secret-of-the-app"
BOT: Final = "ou_the_bot"

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What the API answers instead."""

    code: int
    status: int = 400
    after_s: float | None = None


@dataclass(frozen=True)
class Sent:
    """A message that somebody was sent."""

    id: str
    to: str
    type: str
    content: Json
    uuid: str
    answers: str = ""

    @property
    def text(self) -> str:
        """What can be read in it."""
        match self.type:
            case "text":
                return str(self.content["text"])
            case "post":
                lines = self.content["zh_cn"]["content"]
                return "\n".join(piece["text"] for line in lines for piece in line if piece["tag"] == "text")
        return "\n".join(each["text"]["content"] for each in self.content["elements"] if each["tag"] == "div")

    @property
    def keys(self) -> list[Json]:
        """The buttons that come back to us."""
        elements = self.content.get("elements", []) if self.type == "interactive" else []
        actions = [each for element in elements if element["tag"] == "action" for each in element["actions"]]
        return [each for each in actions if "value" in each]


@dataclass
class FeishuCloud:
    """One application there."""

    good: set[str] = field(default_factory=set)
    """Tokens that are good; emptied, all are over."""
    fetched: int = 0
    """How many tokens were fetched."""
    token_now: str = ""
    slow_s: float = 0.0
    """How long a token takes."""
    sent: list[Sent] = field(default_factory=list)
    plans: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    """What comes instead of the next answers, by receiver or by kind of call."""
    images: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """`type` and content by `MESSAGE/KEY`."""
    authors: dict[str, str] = field(default_factory=dict)
    """Who wrote a message."""
    bot: Json = field(default_factory=lambda: {"app_name": "网格", "open_id": BOT, "activate_status": 2})
    address: str = ""

    def app(self) -> web.Application:
        """Its HTTP side."""
        app = web.Application(client_max_size=20_000_000)
        base = "/open-apis/im/v1"
        app.router.add_post("/open-apis/auth/v3/tenant_access_token/internal", self._token)
        app.router.add_get("/open-apis/bot/v3/info", self._info)
        app.router.add_post(f"{base}/messages", self._send)
        app.router.add_post(f"{base}/messages/{{id}}/reply", self._reply)
        app.router.add_get(f"{base}/messages/{{id}}", self._message)
        app.router.add_get(f"{base}/messages/{{id}}/resources/{{key}}", self._file)
        app.router.add_post(f"{base}/images", self._image)
        return app

    def to(self, receiver: str) -> list[Sent]:
        """What a person or a group was sent."""
        return [each for each in self.sent if each.to == receiver]

    async def _token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["app_id"] != APP:
            return _fault(Fault(10003, 200))
        if asked["app_secret"] != SECRET:
            return _fault(Fault(10014, 200))
        await asyncio.sleep(self.slow_s)
        if self.plans["token"]:
            return _fault(self.plans["token"].popleft())
        self.fetched += 1
        if self.token_now not in self.good:
            self.token_now = f"t-{secrets.token_hex(16)}"
            self.good = {self.token_now}
        return web.json_response({"code": 0, "msg": "ok", "tenant_access_token": self.token_now, "expire": 7200})

    def _refusal(self, request: web.Request, *plans: str) -> web.Response | None:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.good:
            return _fault(Fault(99991663))
        for plan in plans:
            if self.plans[plan]:
                return _fault(self.plans[plan].popleft())
        return None

    async def _info(self, request: web.Request) -> web.Response:
        return self._refusal(request, "check") or web.json_response({"code": 0, "msg": "ok", "bot": self.bot})

    async def _send(self, request: web.Request) -> web.Response:
        fields = await request.json()
        to = fields["receive_id"]
        if request.query["receive_id_type"] != ("chat_id" if to.startswith("oc_") else "open_id"):
            return _fault(Fault(230001))
        return self._refusal(request, to) or self._shown(fields, to)

    async def _reply(self, request: web.Request) -> web.Response:
        answered = request.match_info["id"]
        if refusal := self._refusal(request, "reply"):
            return refusal
        return self._shown(await request.json(), self.authors.get(answered, ""), answered)

    def _shown(self, fields: Json, to: str, answers: str = "") -> web.Response:
        """For a `uuid` that came before, the message of then."""
        assert 0 < len(fields["uuid"]) <= 50
        before = next((each for each in self.sent if each.uuid == fields["uuid"]), None)
        if before is not None:
            return _data({"message_id": before.id})
        content = json.loads(fields["content"])
        known = [piece.get("image_key") or piece.get("img_key") for piece in _pieces(content)]
        if any(key not in self.images for key in known if key):
            return _fault(Fault(230001))
        id = f"om_out_{len(self.sent) + 1}"
        self.sent.append(Sent(id, to, fields["msg_type"], content, fields["uuid"], answers))
        return _data({"message_id": id})

    async def _message(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request, "message"):
            return refusal
        who = self.authors.get(request.match_info["id"])
        if who is None:
            return _fault(Fault(230110))
        sender = {"id": who, "id_type": "open_id", "sender_type": "user"}
        return _data({"items": [{"message_id": request.match_info["id"], "deleted": True, "sender": sender}]})

    async def _image(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request, "upload"):
            return refusal
        form = await request.post()
        part = form["image"]
        assert isinstance(part, web.FileField)
        assert form["image_type"] == "message"
        key = f"img_v3_{len(self.images)}"
        self.images[key] = part.file.read()
        return _data({"image_key": key})

    async def _file(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request, "file"):
            return refusal
        found = self.files.get(f"{request.match_info['id']}/{request.match_info['key']}")
        if found is None or found[0] != request.query["type"]:
            return _fault(Fault(234003))
        return web.Response(body=found[1], content_type="application/octet-stream")


def _pieces(content: Json) -> list[Json]:
    lines = content.get("zh_cn", {}).get("content", [])
    return [piece for line in lines for piece in line] + list(content.get("elements", []))


def _data(data: Json) -> web.Response:
    return web.json_response({"code": 0, "msg": "success", "data": data})


def _fault(fault: Fault) -> web.Response:
    headers = {} if fault.after_s is None else {"x-ogw-ratelimit-reset": str(fault.after_s)}
    return web.json_response({"code": fault.code, "msg": f"fault {fault.code}"}, status=fault.status, headers=headers)


@asynccontextmanager
async def cloud() -> AsyncIterator[FeishuCloud]:
    """It listens at `address`."""
    made = FeishuCloud()
    runner = web.AppRunner(made.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    try:
        await site.start()
        host, port = runner.addresses[0][:2]
        made.address = f"http://{host}:{port}"
        yield made
    finally:
        await runner.cleanup()
