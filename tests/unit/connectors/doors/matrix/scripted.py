"""A server that answers as a test says; what is tested against a real one is in `tests/contract/test_matrix.py`."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.doors.matrix.client import MatrixClient

Answers = Callable[[str, Mapping[str, str]], tuple[int, dict[str, Any]]]
"""Of the last parts of a path, and what was asked: status and body."""


@dataclass
class ScriptedServer:
    """What was asked for, in order, and a client of it."""

    client: MatrixClient
    asked: list[str] = field(default_factory=list)


@asynccontextmanager
async def scripted(answers: Answers) -> AsyncIterator[ScriptedServer]:
    """The server, in this loop."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        path = request.path.removeprefix("/_matrix/client/v3/").removeprefix("/_matrix/media/v3/")
        asked.append(f"{request.method} {path}")
        status, body = answers(path, request.query)
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        yield ScriptedServer(MatrixClient(str(server.make_url("")).rstrip("/")), asked)
