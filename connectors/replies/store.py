"""The file of replies: positions in `events`, who follows which case, and the replies not sent yet.

A batch of events, its replies and its positions are written in one transaction: a reader may be killed at any moment,
and no reply is lost or created twice.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, cast

from connectors.replies.recipients import Handlers, Others, Recipients, nobody, nobody_else
from connectors.replies.relief import InsteadOf, Relief, nobody_instead
from connectors.replies.reply import Recipient, Reply, ReplyTo
from schemas.chain import Position
from schemas.codec import decode
from schemas.event import Event
from schemas.names import Language
from streams.kafka.event_log import Logged

SKEW_MS: Final = 3_600_000
"""How far the log's time may be behind the door's clock."""
TABLES: Final = """
CREATE TABLE IF NOT EXISTS begun (t_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS doors (log_name TEXT PRIMARY KEY, door TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (
    partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL, next_n INTEGER NOT NULL, digest TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS recipients (
    number TEXT NOT NULL, door TEXT NOT NULL, person TEXT NOT NULL, relation TEXT NOT NULL, report TEXT NOT NULL,
    language TEXT NOT NULL, PRIMARY KEY (number, relation, door, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, number TEXT NOT NULL, door TEXT NOT NULL,
    person TEXT NOT NULL, relation TEXT NOT NULL, report TEXT NOT NULL, language TEXT NOT NULL, event BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS urgent (number TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS replies_by_door ON replies (door, seq);
CREATE INDEX IF NOT EXISTS replies_by_person ON replies (door, person, seq);
"""
QUEUES: Final = """
WITH waiting AS (SELECT door, count(*) AS n, min(seq) AS first FROM replies GROUP BY door)
SELECT DISTINCT door, coalesce(n, 0),
    (SELECT json_extract(CAST(event AS TEXT), '$.t_ms') FROM replies WHERE seq = first)
FROM doors LEFT JOIN waiting USING (door)
"""
"""By door how many replies it has not taken yet, and when the first of them happened (ms UTC; None for nothing)."""

_PENDING: Final = "SELECT seq, id, number, event, door, person, relation, report, language FROM replies"


class PendingReply(NamedTuple):
    """A reply with its position in the sending order."""

    seq: int
    reply: Reply


class ReplyFile:
    """The file, for use in one thread; one process per file.

    `doors` are the doors that reply, by their names in the log; the file also stores those of earlier runs, so that
    nothing is lost while a door is closed.
    """

    def __init__(
        self,
        path: Path,
        doors: Mapping[str, str],
        now_ms: int,
        handlers: Handlers = nobody,
        others: Others = nobody_else,
        instead_of: InsteadOf = nobody_instead,
    ) -> None:
        """A new file stores `now_ms`: earlier events give no replies."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {TABLES}")
        with self._db:
            self._db.execute("INSERT INTO begun SELECT ? WHERE NOT EXISTS (SELECT 1 FROM begun)", (now_ms,))
            self._db.executemany("INSERT OR REPLACE INTO doors VALUES (?, ?)", doors.items())
        self._from_ms: int = self._db.execute("SELECT t_ms FROM begun").fetchone()[0] - SKEW_MS
        self._recipients = Recipients(dict(self._db.execute("SELECT * FROM doors")), self._cases(), handlers, others)
        urgent = (number for (number,) in self._db.execute("SELECT number FROM urgent").fetchall())
        self._relief = Relief(urgent, handlers, instead_of)

    def positions(self) -> dict[int, Position]:
        """The next position in each partition of `events`."""
        return {row[0]: Position(*row[1:]) for row in self._db.execute("SELECT * FROM positions")}

    def take(self, batch: Sequence[Logged], positions: Mapping[int, Position]) -> int:
        """Store the replies of a batch and its positions, all or nothing; returns the number of replies.

        A batch that concerns nobody writes nothing; reading it again gives the same result.
        """
        replies: list[tuple[object, ...]] = []
        for logged in batch:
            event = logged.fields
            concerned = self._relief.take(event, self._recipients.take(event))
            if event["t_ms"] >= self._from_ms:
                replies += [_row(logged, recipient) for recipient in concerned]
        touched, urgent = self._recipients.changed, self._relief.changed
        if replies or touched or urgent:
            self._write(replies, touched, positions)
            touched.clear()
            urgent.clear()
        return len(replies)

    def save(self, positions: Mapping[int, Position]) -> None:
        """Save positions after batches that concerned nobody."""
        self._write((), (), positions)

    def pending(self, door: str, after: int, limit: int) -> list[PendingReply]:
        """Replies of a door after the position `after`, oldest first."""
        rows = self._db.execute(f"{_PENDING} WHERE door = ? AND seq > ? ORDER BY seq LIMIT ?", (door, after, limit))
        return [_pending(*row) for row in rows]

    def pending_of(self, door: str, person: str, after: int, upto: int, limit: int) -> list[PendingReply]:
        """The same for one person, up to the place `upto`."""
        sql = f"{_PENDING} WHERE door = ? AND person = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
        return [_pending(*row) for row in self._db.execute(sql, (door, person, after, upto, limit))]

    def sent(self, replies: Iterable[Reply]) -> None:
        """Remove replies that were sent."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM replies WHERE id = ?", [(each.id,) for each in replies])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _write(
        self, replies: Iterable[tuple[object, ...]], touched: Iterable[str], positions: Mapping[int, Position]
    ) -> None:
        cases = self._recipients.cases
        people = [(case, *_columns(each)) for case in touched for each in cases.get(case, ())]
        changed, urgent = self._relief.changed, self._relief.urgent
        places = [(partition, *at) for partition, at in positions.items()]
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR IGNORE INTO replies VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", replies)
            self._db.executemany("DELETE FROM recipients WHERE number = ?", [(case,) for case in touched])
            self._db.executemany("INSERT INTO recipients VALUES (?, ?, ?, ?, ?, ?)", people)
            self._db.executemany("DELETE FROM urgent WHERE number = ?", [(case,) for case in changed])
            self._db.executemany("INSERT INTO urgent VALUES (?)", [(case,) for case in changed & urgent])
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
