"""A SQLite file that many use at the same time: what waits together shares one transaction and one sync."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from connectors.outbox.store import OutboxUnwritableError
from connectors.outbox.undoing import UnwritableFile, undoing

BUSY_S: Final = 10.0
MOST_AT_ONCE: Final = 500
GATHER_S: Final = 0.005
"""What waits to be written within this time of the last sync shares the next one; what comes alone does not wait."""

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
Then = Callable[[Any], None]


def open_file(path: Path, tables: str) -> sqlite3.Connection:
    """A file for its owner alone, durable and without traces of what was removed. Raises errors of SQLite and files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; {tables}")
    return db


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection to such a file that cannot write."""
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA query_only=ON")
    return db


def in_one_transaction(
    path: Path, tables: str, unwritable: UnwritableFile, work: Callable[[sqlite3.Connection], T]
) -> T:
    """Something on such a file for a command, without a server: on disk on return; after an error nothing was done."""
    try:
        db = open_file(path, tables)
    except (sqlite3.Error, OSError) as fault:
        raise unwritable(file=str(path), fault=str(fault)) from fault
    with closing(db), undoing(path, lambda: db, unwritable):
        db.execute("BEGIN IMMEDIATE")
        done = work(db)
        db.execute("COMMIT")
        return done


class GroupCommit:
    """A connection that writes and one that reads, each in a thread of its own; reading waits for no sync.

    Use it inside one event loop; `close` when done. Raises `unwritable` for a file that cannot be used.
    """

    def __init__(self, path: Path, tables: str, unwritable: UnwritableFile = OutboxUnwritableError) -> None:
        self._writing = _Batches(path, partial(open_file, path, tables), "IMMEDIATE", unwritable, GATHER_S)
        self._reading = _Batches(path, partial(open_to_read, path), "DEFERRED", unwritable, 0.0)

    async def do(self, work: Callable[[sqlite3.Connection], T], then: Callable[[T], None] | None = None) -> T:
        """Read and write: on disk on return, also when the caller is gone; nothing of it if it raises.

        `then` is called with the answer when it is on disk, in the order of writing, also when the caller is gone.
        """
        return await self._writing.do(work, then)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Sees all that was written before it was called."""
        return await self._reading.do(work)

    async def scrub(self) -> None:
        """Leave nothing of what was removed in the write-ahead log."""
        await self._writing.in_thread(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._reading.close()
        await self._writing.close()


class _Batches:
    """One connection in one thread; what waits together is done in one transaction."""

    def __init__(
        self,
        path: Path,
        opened: Callable[[], sqlite3.Connection],
        begin: str,
        unwritable: UnwritableFile,
        gather_s: float,
    ) -> None:
        self._gather_s, self._began_s = gather_s, 0.0
        self._path, self._begin, self._unwritable = path, f"BEGIN {begin}", unwritable
        self._thread = ThreadPoolExecutor(1, path.stem)
        self._waiting: list[tuple[Work, Then | None, asyncio.Future[Any]]] = []
        self._worker: asyncio.Task[None] | None = None
        try:
            self._db = opened()
        except (sqlite3.Error, OSError) as fault:
            raise unwritable(file=str(path), fault=str(fault)) from fault

    async def do(self, work: Callable[[sqlite3.Connection], T], then: Callable[[T], None] | None = None) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, then, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await future

    async def in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._db)

    async def close(self) -> None:
        while self._worker is not None:
            await asyncio.wait([self._worker])
        await self.in_thread(sqlite3.Connection.close)
        self._thread.shutdown()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            if (wait_s := self._began_s + self._gather_s - loop.time()) > 0:
                await asyncio.sleep(wait_s)
            self._began_s = loop.time()
            batch = self._waiting[:MOST_AT_ONCE]
            del self._waiting[: len(batch)]
            works = [work for work, _, _ in batch]
            done = await loop.run_in_executor(self._thread, self._together, works)
            for (_, then, future), (answer, fault) in zip(batch, done, strict=True):
                if then is not None and fault is None:
                    then(answer)
                if future.done():
                    continue
                if fault is None:
                    future.set_result(answer)
                else:
                    future.set_exception(fault)
        self._worker = None

    def _together(self, works: list[Work]) -> list[tuple[Any, Exception | None]]:
        try:
            return [(answer, None) for answer in self._transaction(works)]
        except Exception as fault:  # noqa: BLE001 - each of those who wait hears of its own fault
            if len(works) == 1:
                return [(None, fault)]
        return [self._together([work])[0] for work in works]

    def _transaction(self, works: list[Work]) -> list[Any]:
        try:
            self._db.execute(self._begin)
            done = [work(self._db) for work in works]
            self._db.execute("COMMIT")
        except BaseException as fault:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(fault, sqlite3.Error | OSError):
                raise self._unwritable(file=str(self._path), fault=str(fault)) from fault
            raise
        return done
