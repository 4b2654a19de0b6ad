"""Files that people sent and that nothing names yet which they submitted."""

import sqlite3
from collections.abc import Collection

from connectors.chat.messages import Incoming, SentMedia
from connectors.chat.runtime.storage import conversations


def recordings(db: sqlite3.Connection, person: str, senders: Collection[str]) -> set[str]:
    """Digests of the voice messages in drafts, and in messages whose turn is not over."""
    every = {*conversations.chats_of(db, person), *senders}
    return set().union(*(_in_draft(db, each) | _in_inbox(db, each) for each in every))


def _in_draft(db: sqlite3.Connection, sender: str) -> set[str]:
    state = conversations.find(db, sender).state
    return {part.recording.digest for part in (*state.draft, *state.held) if part.recording is not None}


def _in_inbox(db: sqlite3.Connection, sender: str) -> set[str]:
    rows = db.execute("SELECT incoming FROM inbox WHERE sender = ? AND incoming IS NOT NULL", (sender,)).fetchall()
    contents = [Incoming.model_validate_json(incoming).content for (incoming,) in rows]
    return {each.recording.digest for each in contents if isinstance(each, SentMedia) and each.recording is not None}
