"""The HTTP door: the API, the live stream and the pages on one port."""

import asyncio
import contextlib
import errno
import ssl
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from aiohttp import web

from connectors.doors.contract import Accept, Capabilities, Hook, Replies
from connectors.doors.http.app import Pages, create_app
from connectors.intake.context import Gateway
from schemas.errors import Stop


class AddressTakenError(Stop):
    """The pages cannot listen at this address. End the program that does, or set another `GRID36_HTTP_PORT`."""


class HttpDoor:
    """One application on one port.

    It sends no replies. Pages show changes through the live stream, which follows the ledger, so the stream is never
    ahead of the lists; programs poll.
    """

    log_names = ("web", "cli")
    """Its names in the log: pages and programs, and the `grid36` command."""
    capabilities = Capabilities(photos=True, positions=True, replies=False)

    def __init__(
        self,
        gateway: Gateway,
        *,
        host: str,
        port: int,
        tls: ssl.SSLContext | None = None,
        pages: Iterable[Pages] = (),
        hooks: Mapping[str, Hook] = MappingProxyType({}),
        listening: Callable[[], None] = lambda: None,
    ) -> None:
        """`hooks` of other doors may still be added; `listening` is called once the port is open."""
        self._gateway = gateway
        self._host, self._port, self._tls = host, port, tls
        self._pages, self._hooks = tuple(pages), hooks
        self._listening = listening

    async def run(self, accept: Accept, replies: Replies | None = None) -> None:
        """Answer requests until cancelled. Raises `AddressTakenError`."""
        app = create_app(self._gateway, accept, pages=self._pages, hooks=self._hooks)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        try:
            await runner.setup()
            await self._listen(runner)
            self._listening()
            await asyncio.Event().wait()
        finally:
            cleaning = asyncio.ensure_future(runner.cleanup())
            while not cleaning.done():  # if interrupted, it would leave connections open
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.shield(cleaning)

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port, ssl_context=self._tls).start()
        except OSError as error:
            says = errno.errorcode.get(error.errno or 0, str(error))
            raise AddressTakenError(address=self._host, port=self._port, says=says) from None
