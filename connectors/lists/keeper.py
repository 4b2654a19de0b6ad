"""Brings what was approved into force, beside a gateway: lists by their activations, and changes that cases propose.

Everything is asked for at least once, and done once by the id of its switch: whoever is killed between an approval and
the switch finds it here again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiokafka.errors import KafkaError

from connectors.ledger.connection import LedgerAway
from connectors.lists.activations import ListActivations
from connectors.lists.approved_changes import ApprovedChanges
from connectors.lists.desk import ListDesk
from schemas.errors import Grid36Error, Retry
from schemas.names import Language, Name

LOOK_S: Final = 2.0
SOON_S: Final = 20.0
"""How long somebody who approves waits to see it done; it goes on without them."""
AWAY: Final = (KafkaError, OSError, TimeoutError, Retry, LedgerAway)

log = logging.getLogger(__name__)


class ListKeeper:
    """The work of one gateway."""

    def __init__(
        self,
        activations: ListActivations,
        changes: ApprovedChanges,
        desk: ListDesk,
        *,
        works: Callable[[], bool] = lambda: True,
        look_s: float = LOOK_S,
    ) -> None:
        """`works`: whether anything may come into force now; a replayed history stays as it is."""
        self._activations, self._changes, self._desk = activations, changes, desk
        self._works, self._look_s = works, look_s
        self._one = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled; waits while Kafka, ledger or file are away."""
        while True:
            await self._look()
            await asyncio.sleep(self._look_s)

    async def soon(self, limit_s: float = SOON_S) -> None:
        """Look at once, and come back when it is done or `limit_s` is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._look()

    async def _look(self) -> None:
        async with self._one:
            if not self._works():
                return
            for work in (self._activate, self._changes.take_effect):
                await _without_end(work)

    async def _activate(self) -> None:
        for order in await self._activations.orders():
            id = order.id.removeprefix("page-")
            try:
                effective_ms = await self._desk.activate(order)
            except AWAY:
                raise
            except Grid36Error as fault:
                words = Name(zh=fault.say(Language.ZH), en=fault.say(Language.EN))
                log.warning("the approved list %s cannot come into force: %s", id, words.en)
                await self._activations.failed(id, words)
            else:
                await self._activations.done(id, effective_ms)


async def _without_end(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except AWAY as fault:
        log.info("approved lists wait: %r", fault)
    except Exception:
        log.exception("approved lists stand still for now; everything else goes on")
