"""News that waits for the morning, or for others to join it, for each person until a time."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from connectors.chat.conversation.turn import Say

TABLES: Final = """
CREATE TABLE IF NOT EXISTS gathered (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, said TEXT NOT NULL,
    due_ms INTEGER NOT NULL, woken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS gathered_sender ON gathered (sender, seq);
CREATE INDEX IF NOT EXISTS gathered_due ON gathered (due_ms) WHERE woken = 0;
"""
"""`woken`: somebody's turn to hear it is in the inbox."""
_SAY: Final = TypeAdapter(Say)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What somebody is told in one message."""

    upto: int
    """The place of the last one."""
    said: tuple[Say, ...]


def put(db: sqlite3.Connection, source: str, sender: str, said: Sequence[Say], due_ms: int) -> None:
    """Let this wait; with what waits already, until its time."""
    waits = db.execute("SELECT min(due_ms) FROM gathered WHERE sender = ? AND woken = 0", (sender,)).fetchone()[0]
    sql = "INSERT OR IGNORE INTO gathered (id, sender, said, due_ms) VALUES (?, ?, ?, ?)"
    rows = [(f"{source}-{n}", sender, _SAY.dump_json(each).decode(), waits or due_ms) for n, each in enumerate(said)]
    db.executemany(sql, rows)


def due(db: sqlite3.Connection, now_ms: int) -> list[str]:
    """Whose time it is; they are not found a second time."""
    sql = "SELECT DISTINCT sender FROM gathered WHERE due_ms <= ? AND woken = 0"
    senders = [sender for (sender,) in db.execute(sql, (now_ms,)).fetchall()]
    db.executemany("UPDATE gathered SET woken = 1 WHERE sender = ?", [(sender,) for sender in senders])
    return senders


def next_ms(db: sqlite3.Connection) -> int | None:
    """When it is somebody's time next."""
    found: int | None = db.execute("SELECT min(due_ms) FROM gathered WHERE woken = 0").fetchone()[0]
    return found


def of(db: sqlite3.Connection, sender: str) -> Gathered | None:
    """What this person is told now; None: nothing."""
    sql = "SELECT seq, said FROM gathered WHERE sender = ? AND woken = 1 ORDER BY seq"
    rows = db.execute(sql, (sender,)).fetchall()
    return Gathered(rows[-1][0], tuple(_SAY.validate_json(said) for _, said in rows)) if rows else None


def done(db: sqlite3.Connection, sender: str, upto: int) -> None:
    """They are told."""
    db.execute("DELETE FROM gathered WHERE sender = ? AND woken = 1 AND seq <= ?", (sender, upto))


def forget(db: sqlite3.Connection, sender: str) -> None:
    """Remove what waits for somebody."""
    db.execute("DELETE FROM gathered WHERE sender = ?", (sender,))
