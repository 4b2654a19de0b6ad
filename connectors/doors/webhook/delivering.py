"""The way out: what is stored is posted until the receiver has it, is gone, or it is too late."""

import asyncio
import logging
import random
from contextlib import suppress
from typing import Final

import aiohttp

from connectors.chat.runtime.backoff import Backoff
from connectors.doors.webhook.deliveries import Deliveries, DueDelivery
from connectors.doors.webhook.errors import WebhookOffError
from connectors.doors.webhook.options import WebhookOptions
from connectors.doors.webhook.posting import post
from connectors.intake.context import Gateway
from connectors.standard_webhooks.pauses import pause_s
from schemas.errors import Retry

AT_ONCE: Final = 8
LONGEST_WAIT_S: Final = 60.0
SHORTEST_WAIT_S: Final = 0.05
DAY_MS: Final = 86_400_000
KEPT_DAYS: Final = 14.0
"""How long ids of what was delivered are remembered."""

log = logging.getLogger(__name__)


class Delivering:
    """Posts what is due, some at a time, each lane in order. `wake` it when something was stored."""

    def __init__(self, store: Deliveries, options: WebhookOptions, gateway: Gateway) -> None:
        self._store, self._options, self._clock = store, options, gateway.clock
        self._news = asyncio.Event()
        self._pauses = Backoff(min(1.0, options.first_pause_s), LONGEST_WAIT_S)
        self._off = False

    def wake(self) -> None:
        """There is something new."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        self._off = (await self._store.figures(self._options.receiver)).off_ms is not None
        if self._off:
            log.error("%s", WebhookOffError())
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    wait_s = await self._round(session)
                except Retry as fault:
                    log.warning("deliveries wait: %s", fault)
                    wait_s = self._pauses.next_s()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), wait_s)

    async def _round(self, session: aiohttp.ClientSession) -> float:
        """Post what is due. Seconds until there is more to do."""
        self._news.clear()
        now = self._clock()
        if parked := await self._store.park_old(now - int(self._options.give_up_days * DAY_MS)):
            log.error("%s messages to the webhook's receiver were given up and are parked", parked)
        await self._store.prune(now - int(KEPT_DAYS * DAY_MS))
        due = [] if self._off else await self._store.due(now, AT_ONCE)
        if due:
            if not all(await asyncio.gather(*(self._try(session, row) for row in due))):
                self._pauses.over()
                return 0.0
            await asyncio.sleep(self._pauses.next_s())
        next_ms = None if self._off else await self._store.next_ms()
        left_s = LONGEST_WAIT_S if next_ms is None else (next_ms - self._clock()) / 1000
        return min(max(left_s, SHORTEST_WAIT_S), LONGEST_WAIT_S)

    async def _try(self, session: aiohttp.ClientSession, delivery: DueDelivery) -> bool:
        """Whether the receiver itself is in trouble."""
        posted = await post(session, delivery, self._options)
        if not posted.why:
            await self._store.delivered(delivery, self._clock())
            return False
        if posted.gone and not self._off:
            self._off = True
            await self._store.switch_off(self._options.receiver, self._clock())
            log.error("%s", WebhookOffError())
        first_s, longest_s = self._options.first_pause_s, self._options.longest_pause_s
        after_s = pause_s(delivery.tries + 1, first_s, longest_s, random.random(), posted.after_s)
        await self._store.failed(delivery, posted.why, self._clock() + int(after_s * 1000))
        log.warning("message %s is not delivered: %s; again in %.0f s", delivery.id, posted.why, after_s)
        return posted.is_down
