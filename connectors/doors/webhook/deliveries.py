"""The file of what is to be posted: open until it was delivered, or parked. Durable, and each message once.

It also remembers that the receiver was switched off, and since when.
"""

import sqlite3
from pathlib import Path
from typing import Final, NamedTuple

from connectors.outbox.group_commit import GroupCommit

FILE: Final = "deliveries.sqlite"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, lane TEXT NOT NULL, body BLOB NOT NULL,
    stored_ms INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'open', reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_open ON deliveries (lane, seq) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS deliveries_age ON deliveries (state, stored_ms);
CREATE TABLE IF NOT EXISTS switched_off (receiver TEXT PRIMARY KEY, t_ms INTEGER NOT NULL) WITHOUT ROWID;
"""
"""`state`: open, parked, or done. What is done has only its id left, so that it is not posted twice."""
QUEUES: Final = "SELECT 'deliveries', count(*), min(stored_ms) FROM deliveries WHERE state = 'open'"
"""The name of the queue, how many wait, and since when the oldest (ms UTC; None for nothing)."""
_HEADS: Final = """
    FROM deliveries AS d WHERE state = 'open' AND NOT EXISTS (
        SELECT 1 FROM deliveries AS earlier WHERE earlier.state = 'open' AND earlier.lane = d.lane
        AND earlier.seq < d.seq)
"""
"""The oldest of each lane: theirs come in order."""


class DueDelivery(NamedTuple):
    """One message that is due."""

    seq: int
    id: str
    body: bytes
    tries: int


class DeliveryFigures(NamedTuple):
    """How much is open and parked, and since when the receiver is switched off (ms)."""

    open: int
    parked: int
    off_ms: int | None


class Deliveries:
    """Whatever a method wrote is on disk when it returns. Raises `OutboxUnwritableError`. Close it when done."""

    def __init__(self, folder: Path) -> None:
        self._file = GroupCommit(folder / FILE, TABLES)
        self.close = self._file.close

    async def put(self, id: str, lane: str, body: bytes, t_ms: int) -> None:
        """Store a message; nothing happens when it was here before. Those of one `lane` are delivered in order."""
        sql = "INSERT OR IGNORE INTO deliveries (id, lane, body, stored_ms) VALUES (?, ?, ?, ?)"
        await self._file.do(lambda db: db.execute(sql, (id, lane, body, t_ms)))

    async def due(self, now_ms: int, most: int) -> list[DueDelivery]:
        """What can be posted now, one of each lane at most."""
        sql = f"SELECT seq, id, body, tries {_HEADS} AND next_ms <= ? ORDER BY seq LIMIT ?"
        rows = await self._file.do(lambda db: db.execute(sql, (now_ms, most)).fetchall())
        return [DueDelivery(*row) for row in rows]

    async def next_ms(self) -> int | None:
        """When the next one is due; None when nothing is open."""
        (found,) = await self._file.do(lambda db: db.execute(f"SELECT min(next_ms) {_HEADS}").fetchone())
        return None if found is None else int(found)

    async def delivered(self, delivery: DueDelivery, t_ms: int) -> None:
        """The receiver has it: forget all but the id."""
        sql = "UPDATE deliveries SET state = 'done', lane = '', body = '', stored_ms = ? WHERE seq = ?"
        await self._file.do(lambda db: db.execute(sql, (t_ms, delivery.seq)))

    async def failed(self, delivery: DueDelivery, why: str, next_ms: int) -> None:
        """Try again then."""
        sql = "UPDATE deliveries SET tries = tries + 1, reason = ?, next_ms = ? WHERE seq = ?"
        await self._file.do(lambda db: db.execute(sql, (why, next_ms, delivery.seq)))

    async def park_old(self, before_ms: int) -> int:
        """Give up what was stored before; its reason stays. How much it was."""
        sql = "UPDATE deliveries SET state = 'parked' WHERE state = 'open' AND stored_ms < ?"
        return await self._file.do(lambda db: db.execute(sql, (before_ms,)).rowcount)

    async def prune(self, before_ms: int) -> None:
        """Forget the ids of what was delivered before."""
        sql = "DELETE FROM deliveries WHERE state = 'done' AND stored_ms < ?"
        await self._file.do(lambda db: db.execute(sql, (before_ms,)))

    async def switch_off(self, receiver: str, t_ms: int) -> None:
        """The receiver wants nothing any more."""
        sql = "INSERT OR IGNORE INTO switched_off VALUES (?, ?)"
        await self._file.do(lambda db: db.execute(sql, (receiver, t_ms)))

    async def figures(self, receiver: str) -> DeliveryFigures:
        """For who wants to know how it stands."""
        return await self._file.do(lambda db: figures(db, receiver))


def figures(db: sqlite3.Connection, receiver: str) -> DeliveryFigures:
    """The same for another reader of the file."""
    counts = dict(db.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())
    off = db.execute("SELECT t_ms FROM switched_off WHERE receiver = ?", (receiver,)).fetchone()
    return DeliveryFigures(counts.get("open", 0), counts.get("parked", 0), None if off is None else int(off[0]))
