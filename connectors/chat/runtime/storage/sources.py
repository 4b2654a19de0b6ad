"""Which messages a text of a case was made of, so that they can be erased with it. Digests, no words."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

TABLES: Final = """
CREATE TABLE IF NOT EXISTS sources (
    text TEXT NOT NULL, sender TEXT NOT NULL, key TEXT NOT NULL, t_ms INTEGER NOT NULL,
    PRIMARY KEY (text, sender, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sources_sender ON sources (sender);
CREATE INDEX IF NOT EXISTS sources_age ON sources (t_ms);
"""
"""`text` is the id of a report, supplement or act; empty for turns about a draft not submitted yet. `key` is that
of the inbox."""
_DRAFT: Final = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What a turn made of which messages."""

    texts: tuple[str, ...] = ()
    """Ids of what it submitted."""
    keys: tuple[str, ...] = ()
    """The messages that became part of it, besides the one that the turn answers."""
    waiting: tuple[str, ...] = ()
    """The messages whose words are in a draft, or wait for an answer, when it is over."""


def put(db: sqlite3.Connection, sender: str, key: str, made: Made, t_ms: int) -> None:
    """Remember what the turn of the message `key` made."""
    keys = {key, *made.keys}
    if made.texts and made.keys:  # also edits, and what was said about the draft
        keys |= _drafting(db, sender) - {*made.waiting}
    sql = "INSERT OR IGNORE INTO sources (text, sender, key, t_ms) VALUES (?, ?, ?, ?)"
    db.executemany(sql, [(text, sender, each, t_ms) for text in made.texts for each in keys])
    if made.waiting:
        db.execute(sql, (_DRAFT, sender, key, t_ms))
    else:
        db.execute("DELETE FROM sources WHERE text = ? AND sender = ?", (_DRAFT, sender))


def find(db: sqlite3.Connection, texts: Iterable[str]) -> dict[str, set[str]]:
    """The keys of the messages that these texts were made of, by sender."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for sender, key in db.execute("SELECT sender, key FROM sources WHERE text = ?", (text,)):
            found.setdefault(sender, set()).add(key)
    return found


def forget(db: sqlite3.Connection, sender: str) -> None:
    """Remove what is remembered of somebody."""
    db.execute("DELETE FROM sources WHERE sender = ?", (sender,))


def prune(db: sqlite3.Connection, before_ms: int) -> int:
    """Remove what is older than any message; how much it was."""
    return db.execute("DELETE FROM sources WHERE t_ms < ?", (before_ms,)).rowcount


def _drafting(db: sqlite3.Connection, sender: str) -> set[str]:
    rows = db.execute("SELECT key FROM sources WHERE text = ? AND sender = ?", (_DRAFT, sender))
    return {key for (key,) in rows}
