"""Conversations between two messages: their state, and when they want to be woken."""

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from connectors.chat.conversation.state import Conversation

TABLES: Final = """
CREATE TABLE IF NOT EXISTS conversations (
    sender TEXT PRIMARY KEY, person TEXT NOT NULL, chat TEXT NOT NULL, state TEXT NOT NULL, wake_ms INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_wake ON conversations (wake_ms) WHERE wake_ms IS NOT NULL;
CREATE INDEX IF NOT EXISTS conversations_person ON conversations (person);
"""


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """One person's conversation at this door."""

    sender: str
    person: str = ""
    chat: str = ""
    """Where they wrote last; what time brings is said there."""
    state: Conversation = field(default_factory=Conversation)
    wake_ms: int | None = None
    """When it is to be woken."""

    def last_in_group(self, alone: str) -> str:
        """The person's last message about a report, where others read along, so that what follows can quote it.

        "" in the chat in which they are alone with us (`alone`).
        """
        parts = self.state.draft or self.state.held
        messages = tuple(part.message for part in parts) or self.state.report_parts
        return messages[-1] if messages and self.chat != alone else ""


def find(db: sqlite3.Connection, sender: str) -> StoredConversation:
    """The conversation of this person; an empty one at first."""
    row = db.execute("SELECT person, chat, state, wake_ms FROM conversations WHERE sender = ?", (sender,)).fetchone()
    if row is None:
        return StoredConversation(sender)
    person, chat, state, wake_ms = row
    return StoredConversation(sender, person, chat, Conversation.model_validate_json(state), wake_ms)


def put(db: sqlite3.Connection, known: StoredConversation) -> None:
    """Remember it so."""
    row = (known.sender, known.person, known.chat, known.state.model_dump_json(exclude_defaults=True), known.wake_ms)
    db.execute("INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?, ?)", row)


def due(db: sqlite3.Connection, now_ms: int, limit: int) -> list[str]:
    """Who wanted to be woken by now; they are not found a second time."""
    sql = "SELECT sender FROM conversations WHERE wake_ms <= ? ORDER BY wake_ms LIMIT ?"
    senders = [sender for (sender,) in db.execute(sql, (now_ms, limit)).fetchall()]
    db.executemany("UPDATE conversations SET wake_ms = NULL WHERE sender = ?", [(sender,) for sender in senders])
    return senders


def next_ms(db: sqlite3.Connection) -> int | None:
    """When somebody wants to be woken next."""
    found: int | None = db.execute("SELECT min(wake_ms) FROM conversations").fetchone()[0]
    return found


def chats_of(db: sqlite3.Connection, person: str) -> dict[str, str]:
    """By which accounts somebody spoke here, and where each did."""
    return dict(db.execute("SELECT sender, chat FROM conversations WHERE person = ?", (person,)).fetchall())


def forget(db: sqlite3.Connection, sender: str) -> None:
    """Remove it."""
    db.execute("DELETE FROM conversations WHERE sender = ?", (sender,))
