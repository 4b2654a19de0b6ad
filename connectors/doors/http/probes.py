"""What the platform that runs the gateway asks it: does it live, and can it accept reports?"""

import asyncio
from http import HTTPStatus

from aiohttp import web

from connectors.doors.http.context import GATEWAY
from connectors.doors.http.json_views import json_answer
from connectors.outbox.store import OutboxUnwritableError
from connectors.outbox.writable import check_writable


def add_probe_routes(app: web.Application) -> None:
    """Both routes."""
    app.add_routes([web.get("/healthz", get_alive), web.get("/readyz", get_ready)])


async def get_alive(_: web.Request) -> web.Response:
    """200 as long as it answers. Who starts it again when it does not has no other question."""
    return json_answer({"status": "ok"}, HTTPStatus.OK)


async def get_ready(request: web.Request) -> web.Response:
    """200 when the outbox can be written, which is tried; 503 with the reason when nothing can be accepted.

    Without Kafka it is ready: reports are accepted and wait.
    """
    try:
        await asyncio.to_thread(check_writable, request.app[GATEWAY].outbox.path)
    except OutboxUnwritableError as fault:
        return json_answer({"status": "failed", "outbox": str(fault)}, HTTPStatus.SERVICE_UNAVAILABLE)
    return json_answer({"status": "ok"}, HTTPStatus.OK)
