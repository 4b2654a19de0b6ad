"""Writes the ledger: each batch of events or texts with the next positions in one SQLite transaction."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import from_json, to_json

from connectors.ledger.fold import columns
from connectors.ledger.schema import TABLES, VERSION
from connectors.ledger.sums import MOVED, MOVES, NOTE
from connectors.ledger.write.batch import BatchRows, Known, Row, batch_of
from connectors.ledger.write.rows import picture_rows
from schemas import topics
from schemas.codec import decode
from schemas.order import Written
from streams.kafka.event_log import Logged, Position

if TYPE_CHECKING:
    from connectors.ledger.write.alike_photos import AlikeIndex

REMEMBERED: Final = 20_000
"""How many cases are cached, at least; others are read when needed. More than two batches have."""
MOST_VALUES: Final = 32_000
"""Values in one statement, near SQLite's limit. SQLite runs a statement without Python's lock, so the next batch is
read meanwhile; every further statement may wait 5 ms to get the lock back."""
SETTINGS: Final = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;
"""
TEXT: Final = "INSERT OR REPLACE INTO texts (id, number, at_ms, written) VALUES "
ALIKE: Final = "INSERT OR IGNORE INTO alike (one, other) VALUES "
PICTURE: Final = "INSERT OR IGNORE INTO pictures (text, digest, at_ms) VALUES (?, ?, ?)"
RECALL: Final = "DELETE FROM calls WHERE id = ?"
ERASE: Final = "DELETE FROM texts WHERE id = ?"
POSITION: Final = "INSERT OR REPLACE INTO positions (topic, partition, next_offset, next_n, digest) VALUES "


class TextRecord(NamedTuple):
    """One record of `texts`; `value` None erases."""

    id: str
    value: bytes | None


class Store:
    """The one writer of one ledger file, safe to call from several threads.

    After any exception do not use it again: open a new one.
    """

    def __init__(self, file: Path | str, connection: sqlite3.Connection | None = None) -> None:
        self.file = Path(file)
        self._connection = connection or _connect(file)
        self._lock = threading.Lock()  # the two topics take turns writing; closing waits for a write
        self._saved: dict[tuple[str, int], Position] = {}
        self._cases, self._older = dict[str, Known](), dict[str, Known]()
        self._unclean = False
        self._alike: AlikeIndex | None = None
        self._seq, self._id = (
            int(self._connection.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0])  # noqa: S608
            for key, table in (("seq", "timeline"), ("id", "cases"))
        )
        self._last_ms = int(self._connection.execute("SELECT value FROM meta WHERE key = 'last_ms'").fetchone()[0])

    @classmethod
    def create(cls, file: Path | str, epoch: str) -> "Store":
        """Create and open a file with empty tables (`:memory:` for no file)."""
        connection = _connect(file)
        connection.executescript(f"BEGIN; {TABLES} COMMIT;")
        meta = {"version": VERSION, "epoch": epoch, "last_ms": "0"}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        return cls(file, connection)

    def positions(self, topic: str) -> dict[int, Position]:
        """The next position in each partition of `topic` (without prefix)."""
        query = "SELECT partition, next_offset, next_n, digest FROM positions WHERE topic = ?"
        return {row[0]: Position(*row[1:]) for row in self._connection.execute(query, (topic,))}

    def take_events(self, batch: Sequence[Logged], positions: Mapping[int, Position]) -> None:
        """Fold events and move the positions of `events`; all or nothing."""
        self.write(self.folded(batch), positions)

    def folded(self, logged: Sequence[Logged]) -> BatchRows:
        """The rows of events after all that were folded before; `write` them in the same order.

        The batch before may still be being written: until then its cases are in the cache.
        """
        batch = batch_of(logged, self._known, first_seq=self._seq + 1, first_id=self._id + 1)
        self._seq += len(batch.events)
        self._id += len(batch.opened)
        self._cases |= batch.cases
        if len(self._cases) > REMEMBERED:
            self._cases, self._older = {}, self._cases
        return batch

    def write(self, batch: BatchRows, positions: Mapping[int, Position]) -> None:
        """Write folded rows and move the positions of `events`; all or nothing."""
        with self._lock:
            self._write(batch, positions)

    def _write(self, batch: BatchRows, positions: Mapping[int, Position]) -> None:
        last_ms, alike = max(self._last_ms, batch.last_ms), self._alike_of(batch.proofs)

        def write(execute: sqlite3.Connection) -> None:
            note_sums(execute, batch.resummed, times=-1)
            execute.executemany(RECALL, batch.recalled)
            for each in batch.writings():
                insert(execute, *each)
            note_sums(execute, batch.summed(), times=1)
            add_sums(execute)
            insert(execute, ALIKE, alike)
            execute.executemany(ERASE, batch.erased)
            if last_ms > self._last_ms:
                execute.execute("UPDATE meta SET value = ? WHERE key = 'last_ms'", (str(last_ms),))
            self._move(topics.EVENTS, positions)

        self._transact(write, erases=bool(batch.erased))
        self._last_ms = last_ms

    def take_texts(self, batch: Iterable[TextRecord], offsets: Mapping[int, int]) -> None:
        """Store or erase texts and move the positions of `texts`; all or nothing. Erased bytes are overwritten."""
        batch = list(batch)
        newest = {record.id: record.value for record in batch}
        gone = [(id,) for id, value in newest.items() if value is None]
        written = [(id, decode(Written, value), value) for id, value in newest.items() if value is not None]
        over = [decode(Written, each.value) for each in batch if each.value is not None and newest[each.id] is None]
        pictures = picture_rows([*over, *(text for _, text, _ in written)])  # also if erased in one batch

        def write(execute: sqlite3.Connection) -> None:
            insert(execute, TEXT, [(id, text.case, text.at_ms, value) for id, text, value in written])
            execute.executemany(PICTURE, pictures)
            execute.executemany(ERASE, gone)
            self._move(topics.TEXTS, {partition: Position(offset) for partition, offset in offsets.items()})

        with self._lock:
            self._transact(write, erases=bool(gone))

    def finish(self) -> None:
        """Move the write-ahead log into the file and close it: only this one file remains."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()

    def close(self) -> None:
        """Close the file once nothing is being written."""
        with self._lock:
            self._connection.close()

    def query(self, sql: str) -> sqlite3.Cursor:
        """Rows of this file, for comparison."""
        return self._connection.execute(sql)

    def _alike_of(self, proofs: Sequence[Row]) -> list[Row]:
        """Rows of `alike` for these rows of `proofs`, each pair both ways, so that it matters not which came first."""
        hashes = [str(row[3]) for row in proofs if row[3] is not None]
        if hashes and self._alike is None:
            from connectors.ledger.write.alike_photos import AlikeIndex  # numpy, only where there are photos

            known = self._connection.execute("SELECT DISTINCT dhash FROM proofs WHERE dhash IS NOT NULL")
            self._alike = AlikeIndex(row[0] for row in known)
        pairs = [(fresh, other) for fresh in hashes for other in self._alike.add(fresh)] if self._alike else []
        return [way for one, other in pairs for way in ((one, other), (other, one))]

    def _known(self, number: str) -> Known | None:
        known = self._cases.get(number) or self._older.get(number)
        if known is None:
            query = "SELECT id, doc FROM cases JOIN docs USING (id) WHERE number = ?"
            with self._lock:  # a read under way would keep a write from emptying the write-ahead log of erased bytes
                found = self._connection.execute(query, (number,)).fetchall()
            for id, text in found:
                doc = from_json(text, cache_strings="keys")
                known = Known(id, doc, columns(doc, 0))
        return known

    def _transact(self, write: Callable[[sqlite3.Connection], None], *, erases: bool) -> None:
        """Run `write` in a transaction; erased content is overwritten with zeros everywhere."""
        self._connection.execute(f"PRAGMA secure_delete = {'ON' if erases else 'OFF'}")
        self._connection.execute("BEGIN IMMEDIATE")
        write(self._connection)
        self._connection.execute("COMMIT")
        self._unclean |= erases
        if self._unclean:  # the write-ahead log has the bytes too; a long read may prevent emptying it
            self._connection.execute("PRAGMA busy_timeout = 200")
            self._unclean = bool(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
            self._connection.execute("PRAGMA busy_timeout = 30000")

    def _move(self, topic: str, positions: Mapping[int, Position]) -> None:
        moved = {(topic, p): at for p, at in positions.items() if self._saved.get((topic, p)) != at}
        rows = [(*place, at.offset, at.n, at.digest) for place, at in moved.items()]
        insert(self._connection, POSITION, rows)
        self._saved |= moved


def _connect(file: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=30)
    connection.executescript(SETTINGS + MOVED)
    return connection


def note_sums(connection: sqlite3.Connection, ids: Sequence[int], times: int) -> None:
    """Note that what these cases are in the file adds to the sums of figures, or is taken away."""
    if ids:
        connection.execute(NOTE, {"ids": to_json(ids).decode(), "times": times})


def add_sums(connection: sqlite3.Connection) -> None:
    """Add what was noted to the sums of figures."""
    if connection.execute("SELECT 1 FROM moved LIMIT 1").fetchone() is not None:
        for move in MOVES:
            connection.execute(move)


def insert(connection: sqlite3.Connection, head: str, rows: Sequence[Row], tail: str = "") -> None:
    """Insert `rows`, all of one width; `tail` is what follows the values."""
    if not rows:
        return
    one = f"({', '.join('?' * len(rows[0]))})"
    most = MOST_VALUES // len(rows[0])
    for i in range(0, len(rows), most):
        part = rows[i : i + most]
        connection.execute(head + ", ".join([one] * len(part)) + tail, list(chain.from_iterable(part)))


def version_of(file: Path) -> str:
    """The version of the tables in `file`; "" if unknown."""
    connection = sqlite3.connect(file)
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.OperationalError:
        return ""
    finally:
        connection.close()
    return str(row[0]) if row else ""
