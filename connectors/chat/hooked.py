"""Receives by a hook: serves it from the start, and proves the account's credentials beside it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Final

from aiohttp import web

from connectors.chat.runtime.backoff import Backoff
from schemas.errors import Retry

FIRST_PAUSE_S: Final = 1.0
"""Pauses begin here and grow up to a minute."""

Hook = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


async def receive(
    hooks: MutableMapping[str, Hook], name: str, hook: Hook, prove: Callable[[], Awaitable[object]]
) -> None:
    """Until cancelled. `prove` is tried until it succeeds; a `Retry` is waited out, a `Stop` of it ends the door."""
    hooks[name] = hook
    pauses = Backoff(FIRST_PAUSE_S)
    try:
        while True:
            try:
                await prove()
                break
            except Retry as fault:
                pause_s = pauses.next_s()
                log.warning("the door %s cannot send yet: %s; again in %.1f s", name, fault, pause_s)
                await asyncio.sleep(pause_s)
        await asyncio.Event().wait()
    finally:
        hooks.pop(name, None)
