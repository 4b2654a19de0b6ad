"""The file of subscriptions, and of all that waits for them. Any number of processes may share it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from connectors.outbox.group_commit import GroupCommit, in_one_transaction
from connectors.subscriptions.errors import SubscriptionsUnwritableError
from connectors.subscriptions.rows import TABLES

T = TypeVar("T")

_QUICK: Final = "PRAGMA synchronous=NORMAL;"
"""After a kill nothing is missing. After a power failure the last moments are, places in topics and what waits alike:
they are read again, and posted again by the same ids."""


class SubscriptionStore:
    """The file of a server. Use it inside one event loop; `close` when done.

    What commands and `do_safely` write is on disk when they return; what `do` writes survives a kill at any moment.

    Every method raises `SubscriptionsUnwritableError` when the file does not allow it; nothing was changed then.
    """

    def __init__(self, path: Path) -> None:
        self._file = GroupCommit(path, _QUICK + TABLES, SubscriptionsUnwritableError)

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Something in a transaction shared with others that wait."""
        return await self._file.do(work)

    async def do_safely(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The same; on disk on return."""
        done = await self._file.do(work)
        await self._file.scrub()
        return done

    async def look(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A question, which waits for nobody who writes."""
        return await self._file.read(work)

    async def scrub(self) -> None:
        """Leave nothing of what was removed in the write-ahead log."""
        await self._file.scrub()

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._file.close()


def with_subscriptions(path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """Something on the file in one transaction, for commands: on disk on return; after an error nothing was done.

    Raises `SubscriptionsUnwritableError`.
    """
    return in_one_transaction(path, TABLES, SubscriptionsUnwritableError, work)


def look_at_subscriptions(path: Path, work: Callable[[sqlite3.Connection], T], timeout_s: float) -> T:
    """A question to the file that changes nothing and does not wait long. Raises `SubscriptionsUnwritableError`."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=timeout_s)) as db:
            return work(db)
    except (sqlite3.Error, OSError) as fault:
        raise SubscriptionsUnwritableError(file=str(path), fault=str(fault)) from fault
