"""Erases from a door's file what belongs to texts that were erased, and remembers up to where that was done."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from connectors.chat.conversation.state import Asking, Conversation
from connectors.chat.messages import Outgoing
from connectors.chat.runtime.storage import sources
from schemas.names import Language

TABLES: Final = """
CREATE TABLE IF NOT EXISTS erased (
    only INTEGER PRIMARY KEY CHECK (only = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL, looked INTEGER NOT NULL
);
"""
"""`looked` is up to where of the ledger all is erased; from `seq` on it is looked for again."""
KEY: Final = 24
"""How much of a key is in the ids of what follows from its message."""

Keys = Mapping[str, frozenset[str]]
"""How the keys of messages begin, by their sender."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased."""

    texts: frozenset[str] = frozenset()
    """Ids of texts."""
    cases: Mapping[str, int] = field(default_factory=dict)
    """Their cases, and up to when (ms) messages about each are erased."""


Words = Callable[[Language, str], str]
"""What is said instead of a message about a case, by its number."""


@dataclass(frozen=True, slots=True)
class ErasedUpto:
    """How far a door's file is, in the order of one ledger."""

    epoch: str
    seq: int
    """What was erased behind this is looked for again after a restart: some of it may have been on its way."""
    looked: int
    """Up to here all is erased."""


def looked(db: sqlite3.Connection, epoch: str) -> int:
    """Up to where of this ledger all is erased; 0 for another one."""
    row = db.execute("SELECT looked FROM erased WHERE epoch = ?", (epoch,)).fetchone()
    return 0 if row is None else int(row[0])


def position(db: sqlite3.Connection, epoch: str) -> int | None:
    """From where of this ledger to go on; None for another ledger, or none yet."""
    row = db.execute("SELECT seq FROM erased WHERE epoch = ?", (epoch,)).fetchone()
    return None if row is None else int(row[0])


def put_position(db: sqlite3.Connection, upto: ErasedUpto) -> None:
    """Remember it."""
    db.execute("INSERT OR REPLACE INTO erased VALUES (1, ?, ?, ?)", (upto.epoch, upto.seq, upto.looked))


def keys_of(db: sqlite3.Connection, door: str, erasure: Erasure) -> dict[str, frozenset[str]]:
    """Which messages the texts were made of, also of turns that a kill ended before they were over."""
    found = sources.find(db, erasure.texts)
    for text in erasure.texts:
        if not text.startswith(f"{door}-"):
            continue
        begin = text.removeprefix(f"{door}-")[:KEY]
        sql = "SELECT sender, key FROM inbox WHERE key >= ? AND key < ? AND sender != ''"
        for sender, key in db.execute(sql, (begin, begin + "g")):  # keys are hexadecimal
            found.setdefault(sender, set()).add(key)
    return {sender: frozenset(key[:KEY] for key in keys) for sender, keys in found.items()}


def erase(db: sqlite3.Connection, keys: Keys, erasure: Erasure, words: Words) -> int:
    """Remove it from inbox, drafts and the way out; how many rows changed.

    Replies that wait hold no words: they are read from the ledger when they are told.
    """
    rows = list(_outgoing(db, keys, erasure))
    for seq, written in rows:
        db.execute("UPDATE outgoing SET message = ? WHERE seq = ?", (_without_words(written, words), seq))
    return len(rows) + sum(_inbox(db, sender, begin) for sender, own in keys.items() for begin in own)


def _outgoing(db: sqlite3.Connection, keys: Keys, erasure: Erasure) -> Iterator[tuple[int, str]]:
    for number, upto_ms in erasure.cases.items():
        sql = "SELECT seq, message FROM outgoing WHERE number = ? AND t_ms <= ? AND message IS NOT NULL"
        yield from db.execute(sql, (number, upto_ms)).fetchall()
    for begin in {begin for own in keys.values() for begin in own}:
        sql = "SELECT seq, message FROM outgoing WHERE id >= ? AND id < ? AND message IS NOT NULL"
        yield from db.execute(sql, (f"{begin}-", f"{begin}.")).fetchall()


def _without_words(written: str, words: Words) -> str:
    message = Outgoing.model_validate_json(written)
    text = words(message.language, message.case)
    return message.model_copy(update={"text": text, "photos": (), "recordings": (), "pin": None}).model_dump_json()


def _inbox(db: sqlite3.Connection, sender: str, begin: str) -> int:
    """The turn of such a message is over, and so is the draft that it was part of."""
    sql = """UPDATE inbox SET state = 'done', sender = '', incoming = NULL, decided = NULL, reason = ''
             WHERE key >= ? AND key < ? AND sender = ?"""
    changed = db.execute(sql, (begin, begin + "g", sender)).rowcount
    if changed:
        row = db.execute("SELECT state FROM conversations WHERE sender = ?", (sender,)).fetchone()
        state = Conversation() if row is None else Conversation.model_validate_json(row[0])
        empty = state.model_copy(update={"draft": (), "held": (), "asking": Asking.NOTHING, "pending": None})
        db.execute("UPDATE conversations SET state = ? WHERE sender = ?", (empty.model_dump_json(), sender))
    return changed
