"""The door: a hook for what comes in, and deliveries for what goes out."""

import asyncio
import logging

from connectors.chat.runtime.side_by_side import side_by_side
from connectors.doors.contract import Accept, Capabilities, DoorSetup, Replies
from connectors.doors.webhook.deliveries import Deliveries
from connectors.doors.webhook.delivering import Delivering
from connectors.doors.webhook.options import WebhookOptions
from connectors.doors.webhook.payload import body_of, lane_of, message_id
from connectors.doors.webhook.receiving import Receiving
from connectors.replies.reply import Reply
from schemas.errors import Retry

PAUSE_S = 2.0

log = logging.getLogger(__name__)


class WebhookDoor:
    """A `Door`."""

    def __init__(self, setup: DoorSetup, options: WebhookOptions) -> None:
        self._setup, self._options = setup, options
        self.log_names = (setup.name,)
        self.capabilities = Capabilities(photos=True, positions=True, replies=options.url is not None)

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Receive, and deliver what happened to the reports that came in this way, until cancelled."""
        setup = self._setup
        setup.hooks[setup.name] = Receiving(setup.name, self._options, setup.gateway, accept).handle
        try:
            if replies is None:
                await asyncio.Event().wait()
            else:
                await self._deliver(replies)
        finally:
            setup.hooks.pop(setup.name, None)

    async def _deliver(self, replies: Replies) -> None:
        store = Deliveries(self._setup.folder)
        delivering = Delivering(store, self._options, self._setup.gateway)
        try:
            await side_by_side(delivering.run(), self._store(replies, store, delivering))
        finally:
            await asyncio.shield(store.close())

    async def _store(self, replies: Replies, store: Deliveries, delivering: Delivering) -> None:
        """A reply is sent, for those who bring it, when it is on disk here."""
        async for reply in replies:
            await self._put(store, reply)
            delivering.wake()
            await replies.sent(reply)

    async def _put(self, store: Deliveries, reply: Reply) -> None:
        while True:
            try:
                t_ms = self._setup.gateway.clock()
                return await store.put(message_id(reply.id), lane_of(reply), body_of(reply), t_ms)
            except Retry as fault:
                log.warning("replies wait: %s", fault)
                await asyncio.sleep(PAUSE_S)
