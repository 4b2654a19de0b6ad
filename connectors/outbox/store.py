"""The outbox: stores messages from doors on disk until Kafka has them.

Any number of processes may share one file. A message is acknowledged only after it is written and synced; messages
that arrive together share one sync.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic_core import from_json, to_json

from connectors.outbox.undoing import undoing
from schemas.codec import Headers
from schemas.errors import Retry, WrongInput

BUSY_S: Final = 10.0
MOST_AT_ONCE: Final = 500
"""How many messages share one sync."""
CHECKPOINT_PAGES: Final = 4000
"""Most rows are removed before so much was written (16 MB), and never reach the file itself."""
TABLES: Final = """
CREATE TABLE IF NOT EXISTS messages (
    door TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL, received_ms INTEGER NOT NULL,
    PRIMARY KEY (door, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL, key TEXT NOT NULL, partition INTEGER NOT NULL, value BLOB NOT NULL, headers TEXT NOT NULL,
    report INTEGER NOT NULL, received_ms INTEGER NOT NULL
);
"""
_PUT_MESSAGE: Final = "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?)"
_PUT_ROW: Final = "INSERT INTO rows VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"

T = TypeVar("T")


class OtherContentError(WrongInput):
    """This id was already used for something else. Take a new id, or send the same content again."""

    id: str


class OutboxUnwritableError(Retry):
    """The outbox cannot be written, so nothing was accepted. Look at the free space and the rights of its folder."""

    file: str
    fault: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One record for Kafka: `topic` without prefix; `report` marks rows that count as accepted reports."""

    topic: str
    key: str
    partition: int
    value: bytes
    headers: Headers = ()
    report: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message from a door: (door, id) is unique; `digest` distinguishes a repetition from other content."""

    door: str
    id: str
    digest: str
    received_ms: int
    rows: tuple[OutboxRow, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row waiting for Kafka, with its position in the order of arrival."""

    seq: int
    row: OutboxRow
    received_ms: int


Put = Literal["new", "again", "other"]


class OutboxFile:
    """The outbox file, for use in one thread. Blocking; servers use `Outbox`.

    Raises `OutboxUnwritableError` if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._writing():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")  # what Kafka has leaves no words behind
            self._db.executescript(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}; {TABLES}")

    def put_all(self, messages: Sequence[Message]) -> list[Put]:
        """Write all in one transaction, synced to disk; for each, whether it was new."""
        with self._writing():
            self._db.execute("BEGIN IMMEDIATE")
            done = self._put_new(messages)
            if done is None:
                self._db.execute("ROLLBACK")
                self._db.execute("BEGIN IMMEDIATE")
                done = [self._put(message) for message in messages]
            self._db.execute("COMMIT")
        return done

    def put(self, message: Message) -> bool:
        """Write one message; True if it was new. Raises `OtherContentError` if its id had other content."""
        return _is_new(message, self.put_all([message])[0])

    def put_together(self, messages: Sequence[Message]) -> bool:
        """Write all or none of them, synced to disk; True if any was new.

        Raises `OtherContentError` if one of their ids had other content; then nothing is written.
        """
        with self._writing():
            self._db.execute("BEGIN IMMEDIATE")
            done = [(message, self._put(message)) for message in messages]
            self._db.execute("ROLLBACK" if any(put == "other" for _, put in done) else "COMMIT")
        new = [_is_new(message, put) for message, put in done]  # raises for any of them
        return any(new)

    def pending(self, after: int, limit: int) -> list[Stored]:
        """The oldest rows that Kafka does not have yet, behind the row `after`."""
        sql = "SELECT seq, topic, key, partition, value, headers, report, received_ms FROM rows WHERE seq > ?"
        found = self._db.execute(sql + " ORDER BY seq LIMIT ?", (after, limit)).fetchall()
        return [Stored(seq, OutboxRow(t, k, p, v, _headers(h), bool(r)), ms) for seq, t, k, p, v, h, r, ms in found]

    def relayed(self, seqs: Iterable[int]) -> None:
        """Delete the content of rows that Kafka has, but remember their ids."""
        with self._writing():
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM rows WHERE seq = ?", [(seq,) for seq in seqs])
            self._db.execute("COMMIT")

    def scrub(self) -> None:
        """Leave nothing of what Kafka has in the write-ahead log."""
        with self._writing():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def knows(self, door: str, message_id: str) -> bool:
        """Whether this door accepted a message with this id."""
        sql = "SELECT 1 FROM messages WHERE door = ? AND id = ?"
        return self._db.execute(sql, (door, message_id)).fetchone() is not None

    def taken_ms(self, door: str, message_id: str) -> int | None:
        """When this door took a message with this id (ms UTC); None when it never did."""
        sql = "SELECT received_ms FROM messages WHERE door = ? AND id = ?"
        found = self._db.execute(sql, (door, message_id)).fetchone()
        return None if found is None else int(found[0])

    def named(self, door: str, beginning: str) -> list[str]:
        """The ids, in order, of what this door accepted under ids that begin so."""
        sql = "SELECT id FROM messages WHERE door = ? AND id >= ? AND id < ? ORDER BY id"
        return [id for (id,) in self._db.execute(sql, (door, beginning, f"{beginning}\U0010ffff"))]

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _put_new(self, messages: Sequence[Message]) -> list[Put] | None:
        """All by two statements; None when one of them was here before: of several, some may be written then."""
        heads = [(each.door, each.id, each.digest, each.received_ms) for each in messages]
        if self._db.executemany(_PUT_MESSAGE, heads).rowcount != len(heads):
            return None
        rows = [
            (row.topic, row.key, row.partition, row.value, to_json(row.headers).decode(), row.report, each.received_ms)
            for each in messages
            for row in each.rows
        ]
        self._db.executemany(_PUT_ROW, rows)
        return ["new"] * len(heads)

    def _put(self, message: Message) -> Put:
        if self._put_new([message]) is not None:
            return "new"
        sql = "SELECT digest FROM messages WHERE door = ? AND id = ?"
        known = self._db.execute(sql, (message.door, message.id)).fetchone()
        return "again" if known[0] == message.digest else "other"

    def _writing(self) -> AbstractContextManager[None]:
        return undoing(self._path, lambda: self._db, OutboxUnwritableError)


class Outbox:
    """The outbox of a server: one thread, and one sync for all messages that wait at the same time.

    Use it inside one event loop; `close` when done.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.arrived = asyncio.Event()
        """Set when something was written; the relay clears it."""
        self._file = OutboxFile(path)
        self._thread = ThreadPoolExecutor(1, "outbox")
        self._waiting: list[tuple[Message, asyncio.Future[Put]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def put(self, message: Message) -> bool:
        """Write a message, synced to disk; True if it was new.

        Raises `OtherContentError` if its id was used for other content, `OutboxUnwritableError` if nothing was
        written.
        """
        future: asyncio.Future[Put] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return _is_new(message, await future)

    async def put_together(self, messages: Sequence[Message]) -> bool:
        """Write all or none of them, synced to disk; True if any was new.

        Raises `OtherContentError` if one of their ids was used for other content, `OutboxUnwritableError`; nothing is
        written then.
        """
        new = await self._call(lambda: self._file.put_together(messages))
        self.arrived.set()
        return new

    async def pending(self, after: int = 0, limit: int = 500) -> list[Stored]:
        """The oldest rows that Kafka does not have yet, behind the row `after`."""
        return await self._call(lambda: self._file.pending(after, limit))

    async def relayed(self, seqs: Sequence[int]) -> None:
        """Delete the content of rows that Kafka has."""
        await self._call(lambda: self._file.relayed(seqs))

    async def scrub(self) -> None:
        """Leave nothing of what Kafka has in the write-ahead log."""
        await self._call(self._file.scrub)

    async def knows(self, door: str, message_id: str) -> bool:
        """Whether this door accepted a message with this id."""
        return await self._call(lambda: self._file.knows(door, message_id))

    async def taken_ms(self, door: str, message_id: str) -> int | None:
        """When this door took a message with this id (ms UTC); None when it never did."""
        return await self._call(lambda: self._file.taken_ms(door, message_id))

    async def named(self, door: str, beginning: str) -> list[str]:
        """The ids, in order, of what this door accepted under ids that begin so."""
        return await self._call(lambda: self._file.named(door, beginning))

    async def waiting(self) -> "Waiting":
        """What waits for Kafka."""
        return await self._call(lambda: waiting(self.path))

    async def close(self) -> None:
        """Write pending messages, then close."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        await self._call(self._file.close)
        self._thread.shutdown()

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _write(self) -> None:
        while batch := self._waiting[:MOST_AT_ONCE]:
            del self._waiting[: len(batch)]
            messages = [message for message, _ in batch]
            try:
                done = await self._call(partial(self._file.put_all, messages))
            except Exception as fault:  # noqa: BLE001 - whatever it is, those who wait must hear it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(fault)
                continue
            self.arrived.set()
            for (_, future), put in zip(batch, done, strict=True):
                if not future.done():
                    future.set_result(put)
        self._writer = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What Kafka does not have yet: reports, all rows, and since when (ms UTC; None for nothing)."""

    reports: int = 0
    rows: int = 0
    oldest_ms: int | None = None


def waiting(path: Path) -> Waiting:
    """Count what waits in the outbox at `path`, from any process; a missing file counts as empty.

    Raises `OutboxUnwritableError` when the file cannot be read.
    """
    if not path.exists():
        return Waiting()
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rows'").fetchone() is None:
                return Waiting()  # another process has created the file but not yet its tables
            sql = "SELECT ifnull(sum(report), 0), count(*), min(received_ms) FROM rows"
            return Waiting(*db.execute(sql).fetchone())
    except sqlite3.Error as fault:
        raise OutboxUnwritableError(file=str(path), fault=str(fault)) from fault


def _is_new(message: Message, put: Put) -> bool:
    if put == "other":
        raise OtherContentError(id=message.id)
    return put == "new"


def _headers(text: str) -> Headers:
    return tuple((name, value.encode()) for name, value in from_json(text))
