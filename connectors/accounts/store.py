"""The file of accounts. Any number of processes may share it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from connectors.accounts.reads import ReadTrail
from connectors.accounts.rows import MINUTE_MS, TABLES, AccountRows
from connectors.accounts.session import Session, SessionLimits
from connectors.outbox.group_commit import GroupCommit, in_one_transaction
from schemas.errors import Retry

READS: Final = "reads.sqlite"
"""The trail of reads, beside the accounts."""

DAY_MS: Final = 86_400_000

T = TypeVar("T")


class AccountsUnwritableError(Retry):
    """The accounts cannot be read or written, so nothing was changed. Look at the free space and the rights of their
    folder.
    """

    file: str
    fault: str


class Accounts:
    """The accounts of a server. Use it inside one event loop; `close` when done.

    Every method raises `AccountsUnwritableError` when the file does not allow it; nothing was changed then.
    """

    def __init__(self, path: Path, limits: SessionLimits | None = None, *, read_days: int = 180) -> None:
        """`read_days`: how long it stays known who looked at what."""
        self.limits = limits or SessionLimits()
        self._reads_ms = read_days * DAY_MS
        self._file = GroupCommit(path, TABLES, AccountsUnwritableError)
        self.reads = ReadTrail(path.with_name(READS))
        """Who looked at what."""

    async def session(self, token: str, now_ms: int) -> Session | None:
        """The session of a cookie, which is thereby used; None for one that ended or never was."""
        found = await self.look(lambda rows: rows.session(token, now_ms, self.limits))
        if found is not None and now_ms - found.seen_ms >= MINUTE_MS:
            await self.ask(lambda rows: rows.seen(found.id, now_ms))
        return found

    async def use_link(self, token: str, now_ms: int) -> str | None:
        """Sign in by a link that works once: the token for the cookie, or None."""
        return await self.ask(lambda rows: rows.use_link(token, now_ms, self.limits))

    async def forget_old_reads(self, now_ms: int) -> int:
        """Remove from the trail what is too old; how many reads were removed. Raises `ReadsUnwritableError`."""
        return await self.reads.prune(now_ms - self._reads_ms)

    async def ask(self, work: Callable[[AccountRows], T]) -> T:
        """Something on the rows, in a transaction shared with others that wait; on disk on return."""
        return await self._file.do(lambda db: work(AccountRows(db)))

    async def look(self, work: Callable[[AccountRows], T]) -> T:
        """A question, which waits for nobody who writes."""
        return await self._file.read(lambda db: work(AccountRows(db)))

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._file.close()
        await self.reads.close()


def with_accounts(path: Path, work: Callable[[AccountRows], T]) -> T:
    """Something on the rows in one transaction, for commands: on disk on return; after an error nothing was done.

    Raises `AccountsUnwritableError`.
    """
    return in_one_transaction(path, TABLES, AccountsUnwritableError, lambda db: work(AccountRows(db)))
