"""Writes the ledger: each batch of events or texts with the next positions in one transaction."""

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import from_json, to_json

from connectors.ledger.fold import columns
from connectors.ledger.kept.crossed import CROSSED
from connectors.ledger.kept.sums import FORGET, MOVES, NOTE
from connectors.ledger.schema import VERSION
from connectors.ledger.sql import FoundRows, LedgerRows, zone_of
from connectors.ledger.write.batch import BatchRows, Known, Row, batch_of
from connectors.ledger.write.file_tables import FileTables
from connectors.ledger.write.rows import picture_rows
from connectors.ledger.write.tables import LedgerTables, WrittenRows
from schemas import topics
from schemas.codec import decode
from schemas.order import Written
from streams.kafka.event_log import Logged, Position

if TYPE_CHECKING:
    from connectors.ledger.write.alike_photos import AlikeIndex

REMEMBERED: Final = 20_000
"""How many cases are cached, at least; others are read when needed. More than two batches have."""
UTC: Final = "UTC"
META: Final = "INSERT INTO meta VALUES (?, ?)"
TEXT: Final = "INSERT INTO texts (id, number, at_ms, written) VALUES "
REWRITTEN: Final = (
    " ON CONFLICT (id) DO UPDATE SET number = excluded.number, at_ms = excluded.at_ms, written = excluded.written"
)
ALIKE: Final = "INSERT INTO alike (one, other) VALUES "
UNLESS_ALIKE: Final = " ON CONFLICT (one, other) DO NOTHING"
PICTURE: Final = "INSERT INTO pictures (text, digest, at_ms) VALUES (?, ?, ?) ON CONFLICT (text, digest) DO NOTHING"
RECALL: Final = "DELETE FROM calls WHERE id = ?"
ERASE: Final = "DELETE FROM texts WHERE id = ?"
POSITION: Final = "INSERT INTO positions (topic, partition, next_offset, next_n, digest) VALUES "
MOVED_ON: Final = (
    " ON CONFLICT (topic, partition) DO UPDATE"
    " SET next_offset = excluded.next_offset, next_n = excluded.next_n, digest = excluded.digest"
)


class TextRecord(NamedTuple):
    """One record of `texts`; `value` None erases."""

    id: str
    value: bytes | None


class Store:
    """The one writer of one ledger, safe to call from several threads.

    After any exception do not use it again: open a new one.
    """

    def __init__(self, tables: LedgerTables | Path | str) -> None:
        """A path stands for the tables in that file."""
        self._tables: LedgerTables = FileTables(tables) if isinstance(tables, Path | str) else tables
        self._lock = threading.Lock()  # the two topics take turns writing; closing waits for a write
        self._saved: dict[tuple[str, int], Position] = {}
        self._cases, self._older = dict[str, Known](), dict[str, Known]()
        self._alike: AlikeIndex | None = None
        self._zone = zone_of(self._tables)
        self._seq, self._id = (
            int(self._tables.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0])  # noqa: S608
            for key, table in (("seq", "timeline"), ("id", "cases"))
        )
        self._last_ms = int(self._tables.execute("SELECT value FROM meta WHERE key = 'last_ms'").fetchone()[0])

    @classmethod
    def create(cls, tables: LedgerTables | Path | str, epoch: str, zone: str = UTC) -> "Store":
        """Open empty tables with sums by the days of a zone; a path stands for a new file (`:memory:` for none)."""
        new: LedgerTables = FileTables(tables, create=True) if isinstance(tables, Path | str) else tables
        new.executemany(META, [("version", VERSION), ("zone", zone), ("epoch", epoch), ("last_ms", "0")])
        return cls(new)

    @property
    def name(self) -> str:
        """Tells its epoch from others."""
        return self._tables.name

    @property
    def file(self) -> Path:
        """Where it is, if that is a file."""
        return Path(self._tables.name)

    def positions(self, topic: str) -> dict[int, Position]:
        """The next position in each partition of `topic` (without prefix)."""
        query = "SELECT partition, next_offset, next_n, digest FROM positions WHERE topic = ?"
        return {row[0]: Position(*row[1:]) for row in self._tables.execute(query, (topic,))}

    def take_events(self, batch: Sequence[Logged], positions: Mapping[int, Position]) -> None:
        """Fold events and move the positions of `events`; all or nothing."""
        self.write(self.folded(batch), positions)

    def folded(self, logged: Sequence[Logged]) -> BatchRows:
        """The rows of events after all that were folded before; `write` them in the same order.

        The batch before may still be being written: until then its cases are in the cache.
        """
        batch = batch_of(logged, self._known, first_seq=self._seq + 1, first_id=self._id + 1, zone=self._zone)
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

        def write(to: WrittenRows) -> None:
            note_sums(to, batch.resummed, times=-1)
            to.executemany(RECALL, batch.recalled)
            for each in batch.writings():
                to.insert(*each)
            note_sums(to, batch.summed(), times=1)
            add_sums(to)
            to.insert(ALIKE, alike, UNLESS_ALIKE)
            to.executemany(ERASE, batch.erased)
            if last_ms > self._last_ms:
                to.execute("UPDATE meta SET value = ? WHERE key = 'last_ms'", (str(last_ms),))
            self._move(to, topics.EVENTS, positions)

        self._tables.transact(write, erases=bool(batch.erased))
        self._last_ms = last_ms

    def take_texts(self, batch: Iterable[TextRecord], offsets: Mapping[int, int]) -> None:
        """Store or erase texts and move the positions of `texts`; all or nothing. Erased bytes are overwritten."""
        batch = list(batch)
        newest = {record.id: record.value for record in batch}
        gone = [(id,) for id, value in newest.items() if value is None]
        written = [(id, decode(Written, value), value) for id, value in newest.items() if value is not None]
        over = [decode(Written, each.value) for each in batch if each.value is not None and newest[each.id] is None]
        pictures = picture_rows([*over, *(text for _, text, _ in written)])  # also if erased in one batch

        def write(to: WrittenRows) -> None:
            to.insert(TEXT, [(id, text.case, text.at_ms, value) for id, text, value in written], REWRITTEN)
            to.executemany(PICTURE, pictures)
            to.executemany(ERASE, gone)
            self._move(to, topics.TEXTS, {partition: Position(offset) for partition, offset in offsets.items()})

        with self._lock:
            self._tables.transact(write, erases=bool(gone))

    def finish(self) -> None:
        """Everything is written: leave it as others may read it, and close it."""
        with self._lock:
            self._tables.finish()

    def close(self) -> None:
        """Close it once nothing is being written."""
        with self._lock:
            self._tables.close()

    def query(self, sql: str) -> FoundRows:
        """Its rows, for comparison."""
        return self._tables.execute(sql)

    def _alike_of(self, proofs: Sequence[Row]) -> list[Row]:
        """Rows of `alike` for these rows of `proofs`, each pair both ways, so that it matters not which came first."""
        hashes = [str(row[3]) for row in proofs if row[3] is not None]
        if hashes and self._alike is None:
            from connectors.ledger.write.alike_photos import AlikeIndex  # numpy, only where there are photos

            known = self._tables.execute("SELECT DISTINCT dhash FROM proofs WHERE dhash IS NOT NULL")
            self._alike = AlikeIndex(row[0] for row in known)
        pairs = [(fresh, other) for fresh in hashes for other in self._alike.add(fresh)] if self._alike else []
        return [way for one, other in pairs for way in ((one, other), (other, one))]

    def _known(self, number: str) -> Known | None:
        known = self._cases.get(number) or self._older.get(number)
        if known is None:
            query = "SELECT id, doc FROM cases JOIN docs USING (id) WHERE number = ?"
            with self._lock:  # a read under way would keep a write from emptying the write-ahead log of erased bytes
                found = self._tables.execute(query, (number,)).fetchall()
            for id, text in found:
                doc = from_json(text, cache_strings="keys")
                known = Known(id, doc, columns(doc, 0, self._zone))
        return known

    def _move(self, to: WrittenRows, topic: str, positions: Mapping[int, Position]) -> None:
        moved = {(topic, p): at for p, at in positions.items() if self._saved.get((topic, p)) != at}
        to.insert(POSITION, [(*place, at.offset, at.n, at.digest) for place, at in moved.items()], MOVED_ON)
        self._saved |= moved


def note_sums(to: LedgerRows, ids: Sequence[int], times: int) -> None:
    """Note that what these cases are in the tables adds to the sums of figures, or is taken away."""
    if ids:
        to.execute(NOTE, {"ids": to_json(ids).decode(), "times": times})


def add_sums(to: LedgerRows) -> None:
    """Add what was noted to the sums of figures."""
    if to.execute("SELECT 1 FROM moved LIMIT 1").fetchone() is not None:
        for move in (*MOVES, *(move for table in CROSSED for move in table.moves()), FORGET):
            to.execute(move)


def meta_of(file: Path, key: str) -> str:
    """What `file` says of itself, such as the version of its tables; "" if unknown."""
    connection = sqlite3.connect(file)
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    except sqlite3.OperationalError:
        return ""
    finally:
        connection.close()
    return str(row[0]) if row else ""
