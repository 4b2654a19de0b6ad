"""`/metrics` of one process, on a port of its own: for this machine, or for who shows the key."""

import asyncio
import contextlib
import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from grid36.metrics.families import Collect, Families, of_process, rendered
from grid36.settings import LOOPBACK, Settings
from schemas.errors import WrongInput

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
AGAIN_S: Final = 10.0
"""How long to wait for a port that is taken."""
COLLECT_S: Final = 8.0
"""Prometheus waits ten seconds."""

log = logging.getLogger(__name__)


class MetricsKeyError(WrongInput):
    """The key for /metrics cannot be read, or is shorter than 16 characters. Write one into the file that
    GRID36_METRICS_KEY names, and let only this process read it.
    """

    file: str


def key_in(file: Path) -> str:
    """The key in a file. Raises `MetricsKeyError`."""
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if len(key) < 16:
        raise MetricsKeyError(file=str(file))
    return key


class MetricsServer:
    """Answers `GET /metrics` and nothing else. Without a key it answers only to the names of this machine."""

    def __init__(self, process: str, collect: Collect, key_file: Path | None = None) -> None:
        """`key_file` is read for each request, so that a new key needs no restart."""
        self._process, self._collect, self._key_file = process, collect, key_file
        self.app = web.Application()
        self.app.router.add_get("/metrics", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        self._check(request)
        try:
            async with asyncio.timeout(COLLECT_S):
                families: Families = await self._collect()
        except Exception as fault:  # noqa: BLE001  # whatever cannot be told now, the process goes on
            log.warning("the metrics are not whole: %r", fault)
            families = []
        text = rendered([*of_process(self._process), *families])
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    def _check(self, request: web.Request) -> None:
        """A page in a browser of this machine could ask under a name of its own, so names count without a key."""
        if self._key_file is None:
            if (urlsplit(f"//{request.host}").hostname or "") not in LOOPBACK:
                raise web.HTTPForbidden(text="ask 127.0.0.1\n")
            return
        try:
            expected = f"Bearer {key_in(self._key_file)}"
        except MetricsKeyError as fault:
            log.error("%s", fault)  # noqa: TRY400  # the message is for the operator
            raise web.HTTPServiceUnavailable(text="the key cannot be read\n") from None
        shown = request.headers.get("Authorization", "")
        if not hmac.compare_digest(shown.encode(), expected.encode()):
            raise web.HTTPUnauthorized(text="show the key\n", headers={"WWW-Authenticate": "Bearer"})


@asynccontextmanager
async def metrics(settings: Settings, process: str, collect: Collect) -> AsyncIterator[None]:
    """Answer while the context is open; nothing without `metrics_port`. Raises `MetricsKeyError`.

    A port that is taken is waited for: figures never keep a process from its work.
    """
    if settings.metrics_port is None:
        yield
        return
    if settings.metrics_key is not None:
        key_in(settings.metrics_key)
    server = MetricsServer(process, collect, settings.metrics_key)
    runner = web.AppRunner(server.app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    place = settings.metrics_bind, settings.metrics_port
    waiting = None if await _listens(runner, *place) else asyncio.create_task(_listen_later(runner, *place))
    try:
        yield
    finally:
        if waiting is not None:
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await waiting
        await runner.cleanup()


async def _listens(runner: web.AppRunner, host: str, port: int) -> bool:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        log.error("the metrics cannot listen at %s:%d and wait: %s", host, port, error.strerror)  # noqa: TRY400
        return False
    return True


async def _listen_later(runner: web.AppRunner, host: str, port: int) -> None:
    while True:
        await asyncio.sleep(AGAIN_S)
        if await _listens(runner, host, port):
            return
