"""What reporters wrote, for those subscribers who may read it: from the topic of cases itself, else from the ledger."""

import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from pydantic_core import from_json

from connectors.ledger.connection import LedgerAway
from connectors.subscriptions.arrivals import LogRecord, Texts
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import SubscriptionStore
from schemas.order import Written
from schemas.topics import CASE_KEY, WORDS_KEY

REMEMBERED: Final = 1000
"""Cases whose texts are in memory: those that were just written to. The ledger has the others."""

log = logging.getLogger(__name__)


class WordsReader:
    """Texts by case. It looks for none while nobody may read them."""

    def __init__(
        self, store: SubscriptionStore, of_ledger: Callable[[Sequence[str]], Awaitable[dict[str, list[Written]]]]
    ) -> None:
        """`of_ledger` raises `LedgerAway`."""
        self._store, self._of_ledger = store, of_ledger
        self._seen: OrderedDict[str, tuple[Written, ...]] = OrderedDict()

    async def texts_of(self, records: Sequence[LogRecord]) -> Texts:
        """Of all cases in these records."""
        if not await self._store.look(_somebody_reads):
            self._seen.clear()
            return {}
        keys = [(record.key or b"").decode(errors="replace") for record in records]
        for key, record in zip(keys, records, strict=True):
            if key.startswith(WORDS_KEY):
                self._remember(key.removeprefix(WORDS_KEY), record.value)
        numbers = {key.removeprefix(CASE_KEY) for key in keys if key.startswith(CASE_KEY)}
        found: dict[str, Sequence[Written]] = {n: self._seen[n] for n in numbers if n in self._seen}
        if unknown := sorted(numbers - found.keys()):
            try:
                found |= await self._of_ledger(unknown)
            except LedgerAway:
                log.warning("%d cases are sent without words: the ledger is away", len(unknown))
        return found

    def _remember(self, number: str, value: bytes | None) -> None:
        self._seen.pop(number, None)
        try:
            written = from_json(value)["written"] if value is not None else ()
            self._seen[number] = tuple(Written.model_validate(each) for each in written)
        except (ValueError, LookupError, TypeError):
            log.exception("the words of %s cannot be read from the topic", number)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _somebody_reads(db: sqlite3.Connection) -> bool:
    return any(each.selection.words for each in SubscriptionRows(db).active())
