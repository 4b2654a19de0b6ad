"""What time brings to a chat door: conversations that want to be woken, and what is old enough to be forgotten."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from connectors.chat.runtime.context import ChatContext
from schemas.days import day_of
from schemas.errors import Retry

LONGEST_S: Final = 600.0
SHORTEST_S: Final = 0.2
PRUNE_S: Final = 3600.0
DAY_MS: Final = 86_400_000

log = logging.getLogger(__name__)


async def wake_on_time(
    chat: ChatContext, changed: asyncio.Event, wake: Callable[[str], None], tell: Callable[[str], None]
) -> None:
    """Give a turn to each conversation at its time, and `tell` whoever is told what waited, until cancelled.

    `changed` is set when one may be due earlier.
    """
    while True:
        changed.clear()
        try:
            now_ms = chat.gateway.clock()
            for sender in await chat.store.wake(now_ms):
                wake(sender)
            for sender in await chat.store.due_digests(now_ms):
                tell(sender)
            at_ms = await chat.store.next_wake_ms(now_ms)
        except Retry as fault:
            log.warning("conversations of the door %s are not woken: %s", chat.name, fault)
            at_ms = None
        left_s = LONGEST_S if at_ms is None else (at_ms - chat.gateway.clock()) / 1000
        await asyncio.sleep(SHORTEST_S)  # many that change together are looked at together
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), min(max(left_s - SHORTEST_S, 0), LONGEST_S))


async def prune(chat: ChatContext) -> None:
    """Forget what is over for long enough, now and every hour, until cancelled."""
    while True:
        now_ms = chat.gateway.clock()
        before_ms = now_ms - int(chat.settings.keep_days * DAY_MS)
        try:
            await chat.store.prune(before_ms, day_of(now_ms, chat.zone))
        except Retry as fault:
            log.warning("the door %s forgets nothing: %s", chat.name, fault)
        await asyncio.sleep(PRUNE_S)
