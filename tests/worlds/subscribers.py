"""Programs that subscribed: real HTTP servers that verify with `standardwebhooks` and remember what they took."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web
from standardwebhooks.webhooks import Webhook

Json = dict[str, Any]


class Answer(NamedTuple):
    """What a subscriber answers once."""

    status: int
    headers: Mapping[str, str] = {}


@dataclass
class Subscriber:
    """One of them. What it answered with 2xx it took."""

    secrets: tuple[str, ...] = ()
    """What comes has to verify with each of them; none: it is not verified."""
    answers: deque[Answer] = field(default_factory=deque)
    """What it answers first; then 204."""
    refuses: frozenset[str] = frozenset()
    """Cases of which it takes nothing: 422."""
    always: int = 204
    slow_s: float = 0.0
    """How long it takes for each answer."""
    url: str = ""
    tried: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Of each request, the `webhook-id` and the ids of its events."""
    took: list[Json] = field(default_factory=list)
    """CloudEvents, in the order in which they were taken."""
    at_once: int = 0
    most_at_once: int = 0

    @property
    def ids(self) -> list[str]:
        """Of what it took."""
        return [str(each["id"]) for each in self.took]

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        body = await request.read()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.slow_s)
        finally:
            self.at_once -= 1
        for secret in self.secrets:
            Webhook(secret).verify(body.decode(), dict(request.headers))
        several = request.content_type == "application/cloudevents-batch+json"
        assert several or request.content_type == "application/cloudevents+json"
        events: list[Json] = json.loads(body) if several else [json.loads(body)]
        self.tried.append((request.headers["webhook-id"], tuple(str(each["id"]) for each in events)))
        answer = self.answers.popleft() if self.answers else Answer(self.always)
        if any(each["subject"] in self.refuses for each in events):
            answer = Answer(422)
        if 200 <= answer.status < 300:
            self.took += events
        return web.Response(status=answer.status, headers=answer.headers)


@asynccontextmanager
async def subscribers(*who: Subscriber) -> AsyncIterator[None]:
    """They listen on one port, each at a path of its own."""
    app = web.Application()
    for n, each in enumerate(who):
        app.router.add_post(f"/{n}", each.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (listening,) = runner.addresses
    for n, each in enumerate(who):
        each.url = f"http://127.0.0.1:{listening[1]}/{n}"
    try:
        yield
    finally:
        await runner.cleanup()
