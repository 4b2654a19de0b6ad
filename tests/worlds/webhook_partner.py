"""A program of another platform: it posts signed reports, and is posted what happened to them.

It signs and verifies with `standardwebhooks`, not with our own code.
"""

import base64
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
from aiohttp import web
from standardwebhooks.webhooks import Webhook

SECRET: Final = "whsec_" + base64.b64encode(b"a secret of our own, 32 bytes..!").decode()
OLD_SECRET: Final = "whsec_" + base64.b64encode(b"the secret before, of 32 bytes.!").decode()

Json = dict[str, Any]


@dataclass(frozen=True)
class Got:
    """A message that was posted to it."""

    id: str
    body: Json
    headers: Mapping[str, str]


@dataclass
class Partner:
    """The other side."""

    secrets: tuple[str, ...] = (SECRET,)
    """What comes has to verify with each of them."""
    got: list[Got] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    """The id of each request, also of those that it did not want."""
    plans: deque[tuple[int, Mapping[str, str]]] = field(default_factory=deque)
    """Status and headers of the next answers."""
    address: str = ""

    async def receive(self, request: web.Request) -> web.Response:
        """Verify, then answer as planned, or 204."""
        body, headers = await request.read(), dict(request.headers)
        parsed, *_ = [Webhook(secret).verify(body, headers) for secret in self.secrets]
        self.tried.append(request.headers["webhook-id"])
        if self.plans:
            status, more = self.plans.popleft()
            if status != 204:
                return web.Response(status=status, headers=more)
        self.got.append(Got(request.headers["webhook-id"], parsed, headers))
        return web.Response(status=204)

    def heard(self, who: str) -> list[Json]:
        """What was posted of the reports of one person, in order."""
        return [each.body["data"] for each in self.got if each.body["data"]["reporter"] == who]


def signed(body: bytes, id: str, secret: str = SECRET, t_s: float | None = None) -> dict[str, str]:
    """The headers of a request."""
    now = datetime.now(UTC) if t_s is None else datetime.fromtimestamp(t_s, UTC)
    signature = Webhook(secret).sign(id, now, body.decode())
    timestamp = str(int(now.timestamp()))
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature}


async def post(address: str, fields: Json, id: str, language: str = "en") -> tuple[int, Json]:
    """Post one submission; status and answer."""
    body = json.dumps(fields).encode()
    headers = signed(body, id) | {"Accept-Language": language, "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as answer:
        return answer.status, await answer.json()


@asynccontextmanager
async def partner() -> AsyncIterator[Partner]:
    """It listens at `address`."""
    made, app = Partner(), web.Application()
    app.router.add_post("/hook", made.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        made.address = f"http://{host}:{port}/hook"
        yield made
    finally:
        await runner.cleanup()
