"""The APIs of WeCom and WeChat on one port: tokens that end, error codes, media, messages."""

import json
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

AGENT: Final = 1000002
ID: Final = "ww1234567890abcdef"
SECRET: Final = "a-secret-of-the-application"


@dataclass
class WeixinCloud:
    """One account at the platform. `wechat` speaks as an Official Account, else as WeCom."""

    wechat: bool = False
    lifetime_s: float = 7200.0
    good: set[str] = field(default_factory=set)
    """Tokens that are good; emptied, all are over."""
    fetched: int = 0
    """How many tokens were fetched."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    plans: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))
    """Codes of the next answers, by person, or by path."""
    media: dict[str, bytes] = field(default_factory=dict)
    uploaded: dict[str, bytes] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    token_now: str = ""
    address: str = ""

    def app(self) -> web.Application:
        """Its HTTP side."""
        app = web.Application(client_max_size=20_000_000)
        app.router.add_get("/cgi-bin/gettoken", self._gettoken)
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_get("/cgi-bin/agent/get", self._agent)
        app.router.add_get("/cgi-bin/get_api_domain_ip", self._addresses)
        app.router.add_post("/cgi-bin/message/send", self._send)
        app.router.add_post("/cgi-bin/message/custom/send", self._send)
        app.router.add_post("/cgi-bin/media/upload", self._upload)
        app.router.add_get("/cgi-bin/media/get", self._media)
        return app

    def to(self, person: str) -> list[dict[str, Any]]:
        """What somebody was sent."""
        return [each for each in self.sent if each["touser"] == person]

    async def _gettoken(self, request: web.Request) -> web.Response:
        if request.query.get("corpid") != ID:
            return _fault(40013)
        return self._token(request.query.get("corpsecret"), force=False)

    async def _stable_token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["appid"] != ID:
            return _fault(40013)
        return self._token(asked["secret"], force=asked["force_refresh"])

    def _token(self, secret: str | None, *, force: bool) -> web.Response:
        if secret != SECRET:
            return _fault(40125 if self.wechat else 40001)
        if self.plans["token"]:
            return _fault(self.plans["token"].popleft())
        self.fetched += 1
        if force or self.token_now not in self.good:
            self.token_now = secrets.token_hex(16)
            self.good = {self.token_now}
        return web.json_response({"errcode": 0, "access_token": self.token_now, "expires_in": self.lifetime_s})

    def _refusal(self, request: web.Request, *plans: str) -> web.Response | None:
        if request.query.get("access_token") not in self.good:
            return _fault(42001)
        for plan in plans:
            if self.plans[plan]:
                return _fault(self.plans[plan].popleft())
        return None

    async def _agent(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request, "check"):
            return refusal
        if request.query.get("agentid") != str(AGENT):
            return _fault(301002)
        return web.json_response({"errcode": 0, "agentid": AGENT, "name": "网格"})

    async def _addresses(self, request: web.Request) -> web.Response:
        return self._refusal(request, "check") or web.json_response({"ip_list": ["101.1.2.3"]})

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.read()
        fields = json.loads(body)
        if refusal := self._refusal(request, fields["touser"]):
            return refusal
        if fields["msgtype"] == "text" and len(fields["text"]["content"].encode()) > 2048:
            return _fault(45002)
        if fields["msgtype"] == "image" and fields["image"]["media_id"] not in self.uploaded:
            return _fault(40007)
        self.bodies.append(body)
        self.sent.append(fields)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.sent)}"})

    async def _upload(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request, "upload"):
            return refusal
        part = (await request.post())["media"]
        assert isinstance(part, web.FileField)
        name = f"up-{len(self.uploaded)}"
        self.uploaded[name] = part.file.read()
        return web.json_response({"type": "image", "media_id": name, "created_at": "1"})

    async def _media(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request, "file"):
            return refusal
        content = self.media.get(request.query.get("media_id", ""))
        return _fault(40007) if content is None else web.Response(body=content, content_type="image/jpeg")


def _fault(code: int) -> web.Response:
    says = {60020: "not allow to access from your ip, hint: [1], from ip: 203.0.113.9", 40164: "invalid ip 203.0.113.9"}
    return web.json_response({"errcode": code, "errmsg": says.get(code, f"fault {code}")})


@asynccontextmanager
async def cloud(*, wechat: bool = False) -> AsyncIterator[WeixinCloud]:
    """It listens at `address`."""
    made = WeixinCloud(wechat=wechat)
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
