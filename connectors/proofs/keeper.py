"""Keeps the file of proofs up to date beside a gateway: follows the ledger, closes days, writes statements."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aiokafka.errors import KafkaError

from connectors.ledger.connection import LedgerAway
from connectors.ledger.reader import LedgerReader
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofsUnwritableError
from connectors.proofs.closing import Closing
from connectors.proofs.statements import Statements
from schemas.days import day_of, end_ms
from schemas.errors import Retry

FOLLOW_S: Final = 10.0
LOOK_S: Final = 60.0
"""How often the log is asked while a day is over and not closed."""
AWAY: Final = (KafkaError, OSError, TimeoutError, Retry)

log = logging.getLogger(__name__)


class ProofKeeper:
    """The work of one gateway."""

    def __init__(
        self,
        proofs: Proofs,
        ledger: LedgerReader,
        closing: Closing,
        statements: Statements,
        clock: Callable[[], int],
        zone: ZoneInfo,
        *,
        ticks: Callable[[], bool] = lambda: True,
        follow_s: float = FOLLOW_S,
    ) -> None:
        """`ticks`: whether a tick may be sent now; a history moves by what is replayed alone."""
        self._follow_s = follow_s
        self._proofs, self._ledger, self._closing, self._statements = proofs, ledger, closing, statements
        self._clock, self._zone, self._ticks = clock, zone, ticks
        self._looked = 0
        self._told = ""

    async def run(self) -> None:
        """Until cancelled; waits while ledger, file or Kafka are away."""
        while True:
            try:
                await asyncio.to_thread(self._proofs.follow)
                await self._close()
                await self._statements.write()
                self._told = ""
            except (LedgerAway, ProofsUnwritableError) as fault:
                self._tell(str(fault))
            except AWAY as fault:
                log.debug("proofs wait: %r", fault)
            except Exception:
                log.exception("proofs stand still for now; everything else goes on")
            await asyncio.sleep(self._follow_s)

    def _tell(self, why: str) -> None:
        """Once, and again only after it went on or for another reason."""
        if why != self._told:
            log.warning("proofs wait: %s", why)
        self._told = why

    async def _close(self) -> None:
        """Close yesterday as soon as nothing of it can come any more."""
        now_ms = self._clock()
        yesterday = day_of(now_ms, self._zone) - timedelta(days=1)
        over_ms = end_ms(yesterday, self._zone)
        if now_ms - self._looked < LOOK_S * 1000 or await asyncio.to_thread(self._is_closed, yesterday):
            return
        self._looked = now_ms
        through_ms = await self._closing.through_ms(self._ledger)
        if through_ms >= over_ms:
            await asyncio.to_thread(self._proofs.follow)  # the events before that time are in the ledger by now
            await asyncio.to_thread(self._proofs.book.complete, through_ms)
        elif self._ticks():
            await self._closing.tick(over_ms)

    def _is_closed(self, yesterday: date) -> bool:
        """Whether there is nothing to close."""
        book = self._proofs.book
        return book.is_closed(yesterday) or all(first > yesterday for _, first in book.partners())
