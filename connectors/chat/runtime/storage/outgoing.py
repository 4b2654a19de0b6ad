"""The way out of a chat: messages in their order, until the platform has them, and what was said in which message."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from connectors.chat.messages import Outgoing

TABLES: Final = """
CREATE TABLE IF NOT EXISTS outgoing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, chat TEXT NOT NULL, sender TEXT NOT NULL,
    message TEXT, t_ms INTEGER NOT NULL, state TEXT NOT NULL, platform_id TEXT NOT NULL DEFAULT '',
    number TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
);
DROP INDEX IF EXISTS outgoing_next;
CREATE INDEX IF NOT EXISTS outgoing_waiting ON outgoing (chat, seq) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outgoing_held ON outgoing (chat, seq) WHERE state = 'held';
CREATE INDEX IF NOT EXISTS outgoing_ended ON outgoing (t_ms) WHERE state != 'waiting';
CREATE INDEX IF NOT EXISTS outgoing_quoted ON outgoing (platform_id) WHERE platform_id != '';
CREATE INDEX IF NOT EXISTS outgoing_sender ON outgoing (sender);
CREATE INDEX IF NOT EXISTS outgoing_case ON outgoing (number) WHERE number != '';
CREATE TABLE IF NOT EXISTS chats (
    chat TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, sent INTEGER NOT NULL
) WITHOUT ROWID;
"""
"""`state`: waiting, held (nobody can be reached there), parked (it cannot be sent), sent. `number` is the case's.
`chats`: when somebody wrote there last, and how much was sent since. `outgoing_next`, of earlier releases, was an index
of both states, which SQLite does not use for a question about one of them."""

QUEUES: Final = """
SELECT 'outgoing', count(*), min(t_ms) FROM outgoing WHERE state = 'waiting'
UNION ALL SELECT 'held', count(*), min(t_ms) FROM outgoing WHERE state = 'held'
"""
"""What was not sent yet, and what is held."""

MOST_HELD: Final = 5
"""How many messages wait for somebody who cannot be reached; of more, the oldest are dropped."""


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """A message at its place in the order of its chat."""

    seq: int
    sender: str
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be counted against a platform's limits on messages that nobody asked for."""

    heard_ms: int = 0
    """When somebody wrote there last; 0: never."""
    sent: int = 0
    """How many messages they were sent since."""


def put(db: sqlite3.Connection, sender: str, messages: Iterable[Outgoing], t_ms: int, *, held: bool) -> None:
    """Store messages for one person; those that are here already stay as they are."""
    sql = "INSERT OR IGNORE INTO outgoing (id, chat, sender, message, t_ms, state, number) VALUES (?, ?, ?, ?, ?, ?, ?)"
    state = "held" if held else "waiting"
    for each in messages:
        db.execute(sql, (each.id, each.chat, sender, each.model_dump_json(), t_ms, state, each.case))
        if held:
            _drop_oldest(db, each.chat)


def chats(db: sqlite3.Connection) -> list[str]:
    """Where something waits."""
    return [chat for (chat,) in db.execute("SELECT DISTINCT chat FROM outgoing WHERE state = 'waiting'")]


def oldest(db: sqlite3.Connection, chat: str) -> tuple[OutgoingRow, Allowance] | None:
    """What is sent next to this chat."""
    sql = "SELECT seq, sender, message FROM outgoing WHERE chat = ? AND state = 'waiting' ORDER BY seq LIMIT 1"
    row = db.execute(sql, (chat,)).fetchone()
    if row is None:
        return None
    counted = db.execute("SELECT heard_ms, sent FROM chats WHERE chat = ?", (chat,)).fetchone()
    return OutgoingRow(row[0], row[1], Outgoing.model_validate_json(row[2])), Allowance(*(counted or ()))


def sent(db: sqlite3.Connection, seq: int, chat: str, platform_id: str, t_ms: int) -> bool:
    """The platform has it: forget its words, remember which case it was about. False: it was marked before."""
    sql = """UPDATE outgoing SET state = 'sent', message = NULL, platform_id = ?, t_ms = ?
             WHERE seq = ? AND state != 'sent'"""
    if db.execute(sql, (platform_id, t_ms, seq)).rowcount == 0:
        return False
    db.execute("UPDATE chats SET sent = sent + 1 WHERE chat = ?", (chat,))
    return True


def park(db: sqlite3.Connection, seq: int, reason: str, t_ms: int) -> None:
    """It cannot be sent, and the reason says why."""
    db.execute("UPDATE outgoing SET state = 'parked', reason = ?, t_ms = ? WHERE seq = ?", (reason, t_ms, seq))


def hold(db: sqlite3.Connection, chat: str, t_ms: int) -> bool:
    """Nobody could be reached there at this time: what waits is held until somebody writes. False: they wrote since."""
    heard = db.execute("SELECT 1 FROM chats WHERE chat = ? AND heard_ms > ?", (chat, t_ms)).fetchone()
    if heard is not None:
        return False
    db.execute("UPDATE outgoing SET state = 'held' WHERE chat = ? AND state = 'waiting'", (chat,))
    _drop_oldest(db, chat)
    return True


def heard(db: sqlite3.Connection, chat: str, t_ms: int) -> bool:
    """Somebody wrote there: what was held is sent. Whether there was any."""
    sql = "INSERT INTO chats VALUES (?, ?, 0) ON CONFLICT (chat) DO UPDATE SET heard_ms = excluded.heard_ms, sent = 0"
    db.execute(sql, (chat, t_ms))
    sql = "UPDATE outgoing SET state = 'waiting' WHERE chat = ? AND state = 'held'"
    return db.execute(sql, (chat,)).rowcount > 0


def case_of(db: sqlite3.Connection, chat: str, platform_id: str) -> str:
    """The case that a message of ours was about; "" when it was about none, or is not known."""
    sql = "SELECT number FROM outgoing WHERE platform_id = ? AND chat = ? AND platform_id != ''"
    row = db.execute(sql, (platform_id, chat)).fetchone()
    return "" if row is None else str(row[0])


def forget(db: sqlite3.Connection, sender: str, chat: str) -> None:
    """Remove what a person was sent, or is to be sent."""
    db.execute("DELETE FROM outgoing WHERE sender = ?", (sender,))
    db.execute("DELETE FROM chats WHERE chat = ?", (chat,))


def prune(db: sqlite3.Connection, before_ms: int) -> int:
    """Remove what ended, or was held, before; how much it was."""
    return db.execute("DELETE FROM outgoing WHERE state != 'waiting' AND t_ms < ?", (before_ms,)).rowcount


def _drop_oldest(db: sqlite3.Connection, chat: str) -> None:
    keep = "SELECT seq FROM outgoing WHERE chat = ? AND state = 'held' ORDER BY seq DESC LIMIT ?"
    db.execute(
        f"DELETE FROM outgoing WHERE chat = ? AND state = 'held' AND seq NOT IN ({keep})",  # noqa: S608  # our own text
        (chat, chat, MOST_HELD),
    )
