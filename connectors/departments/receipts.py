"""What a department's program has confirmed, kept in a file of its own, so that it can prove each day."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from aiokafka.structs import ConsumerRecord

from schemas.days import begin_ms, end_ms
from schemas.proof import Entry

_TABLE: Final = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS receipts (
    id TEXT PRIMARY KEY, number TEXT NOT NULL, rank INTEGER NOT NULL, t_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS receipts_time ON receipts (t_ms);
"""
_LAST: Final = "SELECT id, number, max(rank) FROM receipts WHERE t_ms >= ? AND t_ms < ? GROUP BY number"


class Receipt(NamedTuple):
    """One record of the department's topic that was confirmed."""

    id: str
    """Its `ce_id`."""
    case: str
    rank: int
    """Grows with each order of a case; the end comes after the order of the same sequence."""
    t_ms: int
    """Its `ce_time`."""


class Receipts:
    """The file; it is opened for each call, and on disk on return. Without a path it keeps nothing."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def add(self, receipts: Iterable[Receipt]) -> None:
        """Keep these; one that is known stays as it is. Raises `sqlite3.Error`, `OSError`."""
        rows = list(receipts)
        if self._file is None or not rows:
            return
        with closing(self._open(self._file)) as db, db:
            db.executemany("INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?)", rows)

    def taken(self, day: date, zone: ZoneInfo) -> list[Entry]:
        """What counts on a day of a zone: of each case the last one. Raises `sqlite3.Error`, `OSError`."""
        if self._file is None:
            return []
        with closing(self._open(self._file)) as db:
            rows = db.execute(_LAST, (begin_ms(day, zone), end_ms(day, zone))).fetchall()
        return [Entry(id, number) for id, number, _ in rows]

    def _open(self, file: Path) -> sqlite3.Connection:
        file.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(file, timeout=10)
        db.executescript(_TABLE)
        return db


def receipt_of(record: ConsumerRecord) -> Receipt | None:
    """The receipt of a record; None for one without the headers of an order."""
    headers: Mapping[str, bytes] = dict(record.headers)
    try:
        id, time = headers["ce_id"].decode(), datetime.fromisoformat(headers["ce_time"].decode())
        _, case, seq, *end = id.split("/")
        return Receipt(id, case, 2 * int(seq) + bool(end), round(time.timestamp() * 1000))
    except (KeyError, ValueError):
        return None
