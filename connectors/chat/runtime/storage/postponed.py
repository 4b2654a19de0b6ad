"""Replies that wait for the morning, or for others to join them, for each person until a time; and which were handled.

A reply is stored with the mark that it was handled, and removed with the message that it became: however often it is
brought, and wherever the gateway is killed, it is said once.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from connectors.chat.conversation.digest import PostponedReply

TABLES: Final = """
CREATE TABLE IF NOT EXISTS postponed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, waiting TEXT NOT NULL, due_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS postponed_sender ON postponed (sender, seq);
CREATE INDEX IF NOT EXISTS postponed_due ON postponed (due_ms);
CREATE TABLE IF NOT EXISTS handled (source TEXT PRIMARY KEY, t_ms INTEGER NOT NULL) WITHOUT ROWID;
"""
"""`handled`: replies that became messages, or wait here; `source` is a digest of their id."""
QUEUE: Final = "SELECT 'postponed', count(*), min(due_ms) FROM postponed WHERE due_ms <= :now_ms"
"""What should have been told by now; since then it waits."""
_WAITING: Final = TypeAdapter(PostponedReply)


@dataclass(frozen=True, slots=True)
class Postponed:
    """What somebody is told now."""

    upto: int
    """The place of the last one."""
    waiting: tuple[PostponedReply, ...]


def is_new(db: sqlite3.Connection, source: str, t_ms: int) -> bool:
    """Mark a reply as handled; False when it was before."""
    return db.execute("INSERT OR IGNORE INTO handled VALUES (?, ?)", (source, t_ms)).rowcount == 1


def put(db: sqlite3.Connection, sender: str, waiting: PostponedReply, due_ms: int) -> None:
    """Let a reply wait: with what waits already, if that comes earlier."""
    known = db.execute("SELECT min(due_ms) FROM postponed WHERE sender = ?", (sender,)).fetchone()[0]
    due = due_ms if known is None else min(known, due_ms)
    sql = "INSERT INTO postponed (sender, waiting, due_ms) VALUES (?, ?, ?)"
    db.execute(sql, (sender, _WAITING.dump_json(waiting).decode(), due))


def due(db: sqlite3.Connection, now_ms: int) -> list[str]:
    """Whose time has come."""
    return [row[0] for row in db.execute("SELECT DISTINCT sender FROM postponed WHERE due_ms <= ?", (now_ms,))]


def next_ms(db: sqlite3.Connection, now_ms: int) -> int | None:
    """When it is somebody's time next, after now."""
    found: int | None = db.execute("SELECT min(due_ms) FROM postponed WHERE due_ms > ?", (now_ms,)).fetchone()[0]
    return found


def of(db: sqlite3.Connection, sender: str, now_ms: int) -> Postponed | None:
    """What this person is told now, oldest first; None: nothing, or not yet."""
    rows = db.execute("SELECT seq, waiting, due_ms FROM postponed WHERE sender = ? ORDER BY seq", (sender,)).fetchall()
    if not any(due_ms <= now_ms for _, _, due_ms in rows):
        return None
    return Postponed(rows[-1][0], tuple(_WAITING.validate_json(waiting) for _, waiting, _ in rows))


def done(db: sqlite3.Connection, sender: str, upto: int) -> None:
    """They are told."""
    db.execute("DELETE FROM postponed WHERE sender = ? AND seq <= ?", (sender, upto))


def forget(db: sqlite3.Connection, sender: str) -> None:
    """Remove what waits for somebody."""
    db.execute("DELETE FROM postponed WHERE sender = ?", (sender,))


def prune(db: sqlite3.Connection, before_ms: int) -> int:
    """Forget what was handled before; how much it was."""
    return db.execute("DELETE FROM handled WHERE t_ms < ?", (before_ms,)).rowcount
