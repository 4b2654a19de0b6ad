"""A SQLite file that many write at the same time: what waits together shares one transaction and one sync."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from connectors.outbox.store import OutboxUnwritableError

BUSY_S: Final = 10.0
MOST_AT_ONCE: Final = 500

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]


class GroupCommit:
    """One thread with one connection. On return of `do` the work is on disk; a work that raises changed nothing.

    Use it inside one event loop; `close` when done. Raises `OutboxUnwritableError` for a file that cannot be used.
    """

    def __init__(self, path: Path, tables: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, path.stem)
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._writer: asyncio.Task[None] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            self._db.executescript(
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; {tables}"
            )
        except (sqlite3.Error, OSError) as fault:
            raise self._unwritable(fault) from fault

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Read or write in a transaction; what it wrote is on disk when this returns, also when the caller is gone."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await future

    async def scrub(self) -> None:
        """Leave nothing of what was removed in the write-ahead log."""
        sql = "PRAGMA wal_checkpoint(TRUNCATE)"
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._db.execute(sql).fetchall())

    async def close(self) -> None:
        """Finish what waits, then close."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        await asyncio.get_running_loop().run_in_executor(self._thread, self._db.close)
        self._thread.shutdown()

    async def _write(self) -> None:
        while batch := self._waiting[:MOST_AT_ONCE]:
            del self._waiting[: len(batch)]
            works = [work for work, _ in batch]
            done = await asyncio.get_running_loop().run_in_executor(self._thread, self._together, works)
            for (_, future), (answer, fault) in zip(batch, done, strict=True):
                if future.done():
                    continue
                if fault is None:
                    future.set_result(answer)
                else:
                    future.set_exception(fault)
        self._writer = None

    def _together(self, works: list[Work]) -> list[tuple[Any, Exception | None]]:
        try:
            return [(answer, None) for answer in self._transaction(works)]
        except Exception as fault:  # noqa: BLE001 - each of those who wait hears of its own fault
            if len(works) == 1:
                return [(None, fault)]
        return [self._together([work])[0] for work in works]

    def _transaction(self, works: list[Work]) -> list[Any]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            done = [work(self._db) for work in works]
            self._db.execute("COMMIT")
        except BaseException as fault:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(fault, sqlite3.Error | OSError):
                raise self._unwritable(fault) from fault
            raise
        return done

    def _unwritable(self, fault: Exception) -> OutboxUnwritableError:
        return OutboxUnwritableError(file=str(self._path), fault=str(fault))
