"""Removes the files of photos and recordings once the ledger shows that their texts were erased.

It stores no state: at its start, and for every new ledger, it goes through everything that was ever erased.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.photo_references import Unnamed, erased_texts, unnamed

LOOK_S: Final = 2.0
AGAIN_S: Final = 30.0
"""How often it retries texts whose files are not known yet or could not be removed yet."""
PATIENCE_S: Final = 86_400.0
"""How long a file is left alone if it was stored again after the erasure: a report with it may be on its way."""
MOST: Final = 100_000

log = logging.getLogger(__name__)


class ErasableFiles(Protocol):
    """Stored files by their digest."""

    def stored_s(self, digest: str) -> float | None:
        """When it was last stored (s since the epoch); None if it is not."""

    def forget(self, digest: str) -> None:
        """Remove it."""


class Erasing:
    """Follows the ledger and removes files; any number of gateways may do so at the same time."""

    def __init__(self, *files: ErasableFiles, clock: Callable[[], float] = time.time) -> None:
        self._files, self._clock = files, clock
        self._epoch, self._seq = "", 0
        self._open: dict[str, float] = {}
        """Erased texts, and when (s) each was first seen."""
        self._again_s = 0.0

    async def run(self, ask: Callable[[Callable[[Ledger], int]], Awaitable[int]]) -> None:
        """Run until cancelled; `ask` queries the ledger in a thread."""
        while True:
            try:
                await ask(self.look)
            except LedgerAway:
                log.debug("no ledger yet")
            except Exception:
                log.exception("files of erased texts could not be removed; retrying")
            await asyncio.sleep(LOOK_S)

    def look(self, ledger: Ledger) -> int:
        """One pass; returns how many files were removed. Runs in a thread."""
        epoch, upto = ledger.epoch(), ledger.last_seq()
        if epoch != self._epoch:
            self._epoch, self._seq = epoch, 0
        fresh, now_s = erased_texts(ledger, self._seq, upto), self._clock()
        self._seq = upto
        self._open |= dict.fromkeys(fresh, now_s)
        if not fresh and now_s < self._again_s:
            return 0
        self._again_s = now_s + AGAIN_S
        gone = unnamed(ledger, list(self._open))
        removed = sum(self._remove(each, files, now_s) for each in gone for files in self._files)
        self._open = {id: since for id, since in self._open.items() if now_s - since < PATIENCE_S}
        while len(self._open) > MOST:
            del self._open[next(iter(self._open))]
        return removed

    def _remove(self, erased: Unnamed, files: ErasableFiles, now_s: float) -> bool:
        stored_s = files.stored_s(erased.digest)
        if stored_s is None or (stored_s * 1000 > erased.at_ms and now_s - stored_s < PATIENCE_S):
            return False
        files.forget(erased.digest)
        log.info("a file that an erased text named was removed")
        return True
