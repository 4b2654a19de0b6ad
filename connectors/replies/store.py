"""The file of replies: how far `events` was read, who follows which case, and what was not sent yet.

A batch of events, its replies and its positions are written in one transaction: a reader that is killed at any moment
goes on with no reply lost and none made twice.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, cast

from connectors.replies.recipients import Handlers, Recipients, nobody
from connectors.replies.reply import Recipient, Reply, ReplyTo
from schemas.chain import Position
from schemas.codec import decode
from schemas.event import Event
from schemas.names import Language
from streams.kafka.event_log import Logged

SKEW_MS: Final = 3_600_000
"""How far the log's time may lie before the clock of the door."""
TABLES: Final = """
CREATE TABLE IF NOT EXISTS begun (t_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS doors (log_name TEXT PRIMARY KEY, door TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (
    partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL, next_n INTEGER NOT NULL, digest TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS recipients (
    number TEXT NOT NULL, door TEXT NOT NULL, person TEXT NOT NULL, relation TEXT NOT NULL, report TEXT NOT NULL,
    language TEXT NOT NULL, PRIMARY KEY (number, relation)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, number TEXT NOT NULL, door TEXT NOT NULL,
    person TEXT NOT NULL, relation TEXT NOT NULL, report TEXT NOT NULL, language TEXT NOT NULL, event BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS replies_by_door ON replies (door, seq);
"""


class PendingReply(NamedTuple):
    """A reply at its place in the order in which it has to be sent."""

    seq: int
    reply: Reply


class ReplyFile:
    """The file itself, for one thread; one process per file.

    `doors` are the doors that reply, by their names in the log; the file remembers those of earlier runs too, so that
    nothing is lost while a door is closed.
    """

    def __init__(self, path: Path, doors: Mapping[str, str], now_ms: int, handlers: Handlers = nobody) -> None:
        """`now_ms` is remembered by a new file: of what happened before there is nobody to tell."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {TABLES}")
        with self._db:
            self._db.execute("INSERT INTO begun SELECT ? WHERE NOT EXISTS (SELECT 1 FROM begun)", (now_ms,))
            self._db.executemany("INSERT OR REPLACE INTO doors VALUES (?, ?)", doors.items())
        self._from_ms: int = self._db.execute("SELECT t_ms FROM begun").fetchone()[0] - SKEW_MS
        self._recipients = Recipients(dict(self._db.execute("SELECT * FROM doors")), self._cases(), handlers)

    def positions(self) -> dict[int, Position]:
        """What comes next in each partition of `events`."""
        return {row[0]: Position(*row[1:]) for row in self._db.execute("SELECT * FROM positions")}

    def take(self, batch: Sequence[Logged], positions: Mapping[int, Position]) -> int:
        """Make the replies of a batch and move the positions, all or nothing; how many replies there are.

        A batch that concerns nobody writes nothing: reading it again finds nobody again.
        """
        replies: list[tuple[object, ...]] = []
        touched: set[str] = set()
        for logged in batch:
            event = logged.fields
            concerned = self._recipients.take(event)
            if concerned:
                touched.add(event["case"])
            if event["t_ms"] >= self._from_ms:
                replies += [_row(logged, recipient) for recipient in concerned]
        if replies or touched:
            self._write(replies, touched, positions)
        return len(replies)

    def save(self, positions: Mapping[int, Position]) -> None:
        """Move the positions behind what concerned nobody."""
        self._write((), (), positions)

    def pending(self, door: str, after: int, limit: int) -> list[PendingReply]:
        """What a door has to send, the oldest first, behind the place `after`."""
        sql = "SELECT seq, id, number, event, door, person, relation, report, language FROM replies"
        rows = self._db.execute(f"{sql} WHERE door = ? AND seq > ? ORDER BY seq LIMIT ?", (door, after, limit))
        return [_pending(*row) for row in rows]

    def sent(self, reply: Reply) -> None:
        """A reply was sent: forget it."""
        self._db.execute("DELETE FROM replies WHERE id = ?", (reply.id,))

    def close(self) -> None:
        """Close the file; what is in it stays."""
        self._db.close()

    def _write(
        self, replies: Iterable[tuple[object, ...]], touched: Iterable[str], positions: Mapping[int, Position]
    ) -> None:
        cases = self._recipients.cases
        people = [(case, *_columns(each)) for case in touched for each in cases.get(case, ())]
        places = [(partition, *at) for partition, at in positions.items()]
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR IGNORE INTO replies VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", replies)
            self._db.executemany("DELETE FROM recipients WHERE number = ?", [(case,) for case in touched])
            self._db.executemany("INSERT INTO recipients VALUES (?, ?, ?, ?, ?, ?)", people)
            self._db.executemany("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?)", places)

    def _cases(self) -> dict[str, tuple[Recipient, ...]]:
        cases: dict[str, tuple[Recipient, ...]] = {}
        for number, *columns in self._db.execute("SELECT * FROM recipients"):
            cases[number] = (*cases.get(number, ()), _recipient(*columns))
        return cases


def _row(logged: Logged, recipient: Recipient) -> tuple[object, ...]:
    id_ = f"{logged.partition}-{logged.fields['n']}/{recipient.door}/{recipient.person}"
    return (id_, logged.fields["case"], *_columns(recipient), logged.raw)


def _columns(recipient: Recipient) -> tuple[str, ...]:
    return recipient.door, recipient.person, recipient.to, recipient.report, recipient.language.value


def _recipient(door: str, person: str, to: str, report: str, language: str) -> Recipient:
    return Recipient(door, person, cast(ReplyTo, to), report, Language(language))


def _pending(seq: int, id_: str, number: str, event: bytes, *columns: str) -> PendingReply:
    return PendingReply(seq, Reply(id_, _recipient(*columns), number, decode(Event, event)))
