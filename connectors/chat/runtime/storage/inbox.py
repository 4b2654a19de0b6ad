"""The inbox of a chat: what the platform brought, once each, until its turn is over."""

import secrets
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from connectors.chat.messages import Incoming

TABLES: Final = """
CREATE TABLE IF NOT EXISTS inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, incoming TEXT,
    decided TEXT, t_ms INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS inbox_open ON inbox (sender, seq) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS inbox_ended ON inbox (t_ms) WHERE state != 'open';
"""
"""`state`: open, done, or parked. What is done has only its key left, which is a digest: nothing of the person."""
QUEUE: Final = "SELECT 'incoming', count(*), min(t_ms) FROM inbox WHERE state = 'open'"
"""What was not answered yet."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message that waits for its turn, or a moment at which a conversation wanted to be woken (`incoming` None)."""

    seq: int
    key: str
    sender: str
    incoming: Incoming | None
    decided: str | None
    """The turn whose submissions were about to be accepted."""
    t_ms: int
    """When it was stored."""


def key_of(door: str, message: str) -> str:
    """What the platform's id becomes: the same for a message that comes again, and nobody's name."""
    return sha256(f"{door}\0{message}".encode()).hexdigest()[:32]


def put(db: sqlite3.Connection, key: str, incoming: Incoming, t_ms: int) -> InboxRow | None:
    """Store a message; None when it was here before."""
    sql = "INSERT OR IGNORE INTO inbox (key, sender, incoming, t_ms, state) VALUES (?, ?, ?, ?, 'open')"
    done = db.execute(sql, (key, incoming.sender, incoming.model_dump_json(), t_ms))
    if done.rowcount != 1 or done.lastrowid is None:
        return None
    return InboxRow(done.lastrowid, key, incoming.sender, incoming, None, t_ms)


def is_next(db: sqlite3.Connection, row: InboxRow) -> bool:
    """Whether nothing is open that this person said before."""
    sql = "SELECT seq FROM inbox WHERE sender = ? AND state = 'open' ORDER BY seq LIMIT 1"
    return bool(db.execute(sql, (row.sender,)).fetchone() == (row.seq,))


def put_wake(db: sqlite3.Connection, sender: str, t_ms: int) -> None:
    """Store that a conversation is to be woken."""
    sql = "INSERT INTO inbox (key, sender, t_ms, state) VALUES (?, ?, ?, 'open')"
    db.execute(sql, (secrets.token_hex(16), sender, t_ms))


def senders(db: sqlite3.Connection) -> list[str]:
    """Who has something open."""
    return [sender for (sender,) in db.execute("SELECT DISTINCT sender FROM inbox WHERE state = 'open'")]


def oldest(db: sqlite3.Connection, sender: str) -> InboxRow | None:
    """What comes next for this person."""
    sql = "SELECT seq, key, incoming, decided, t_ms FROM inbox WHERE sender = ? AND state = 'open' ORDER BY seq LIMIT 1"
    row = db.execute(sql, (sender,)).fetchone()
    if row is None:
        return None
    seq, key, incoming, decided, t_ms = row
    message = None if incoming is None else Incoming.model_validate_json(incoming)
    return InboxRow(seq, key, sender, message, decided, t_ms)


def fetched(db: sqlite3.Connection, seq: int, incoming: Incoming) -> None:
    """The files of a message are here; it names them now."""
    db.execute("UPDATE inbox SET incoming = ? WHERE seq = ?", (incoming.model_dump_json(), seq))


def decide(db: sqlite3.Connection, seq: int, decided: str) -> None:
    """From now on this turn and no other follows from the message."""
    db.execute("UPDATE inbox SET decided = ? WHERE seq = ?", (decided, seq))


def done(db: sqlite3.Connection, seq: int, t_ms: int) -> None:
    """Its turn is over: forget all but the key."""
    sql = "UPDATE inbox SET state = 'done', sender = '', incoming = NULL, decided = NULL, t_ms = ? WHERE seq = ?"
    db.execute(sql, (t_ms, seq))


def park(db: sqlite3.Connection, seq: int, reason: str, t_ms: int) -> None:
    """It has no turn: something is wrong with us, and the reason says what."""
    db.execute("UPDATE inbox SET state = 'parked', reason = ?, t_ms = ? WHERE seq = ?", (reason, t_ms, seq))


def forget(db: sqlite3.Connection, sender: str) -> None:
    """Remove what a person sent; the keys stay, so that nothing of it is taken again."""
    sql = "UPDATE inbox SET state = 'done', sender = '', incoming = NULL, decided = NULL WHERE sender = ?"
    db.execute(sql, (sender,))


def prune(db: sqlite3.Connection, before_ms: int) -> int:
    """Remove what ended before; how much it was."""
    return db.execute("DELETE FROM inbox WHERE state != 'open' AND t_ms < ?", (before_ms,)).rowcount
