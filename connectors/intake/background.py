"""Background work of a gateway: relay, erase files, report duties; finally closes the stores."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from connectors.accounts.reads import ReadsUnwritableError
from connectors.intake.context import Gateway
from connectors.intake.duties import DutyReports
from connectors.intake.erasing import Erasing

DRAFT_S: Final = 30 * 86_400.0
"""How long a recording waits to be submitted."""
PRUNE_S: Final = 3600.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def background(gateway: Gateway, duties: Path | None = None) -> AsyncIterator[None]:
    """Run the background work while doors run inside this context.

    With `duties`, a file that stores up to when duties were reported, duties are reported too.
    """
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_close, gateway)
        works = [Erasing(gateway.photos, gateway.recordings).run(gateway.ask_ledger), _prune(gateway)]
        if duties is not None:
            works.append(DutyReports(gateway, duties).run())
        if gateway.relay is not None:
            works.append(gateway.relay.run())
        for work in works:
            await stack.enter_async_context(_while_it_lives(work))
        yield


async def _prune(gateway: Gateway) -> None:
    """Remove recordings that nobody submitted, and old reads, now and every hour, until cancelled."""
    while True:
        before_s = gateway.clock() / 1000 - DRAFT_S
        try:
            await asyncio.to_thread(gateway.recordings.prune, before_s)
        except OSError as fault:
            log.warning("old recordings stay: %s", fault)
        try:
            await gateway.accounts.forget_old_reads(gateway.clock())
        except ReadsUnwritableError as fault:
            log.warning("old reads stay: %s", fault)
        await asyncio.sleep(PRUNE_S)


@asynccontextmanager
async def _while_it_lives(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        while not task.done():  # a client library may swallow the first cancellation
            task.cancel()
            await asyncio.wait({task}, timeout=1)


async def _close(gateway: Gateway) -> None:
    await gateway.outbox.close()
    await gateway.contacts.close()
    await gateway.accounts.close()
    if gateway.subscriptions is not None:
        await gateway.subscriptions.close()
    await asyncio.to_thread(gateway.photos.close)
    gateway.threads.shutdown()
