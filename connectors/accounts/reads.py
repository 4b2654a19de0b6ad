"""Who looked at what: the trail of reads of personal data. It is kept for a time and changed by nobody."""

import sqlite3
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from connectors.outbox.group_commit import GroupCommit, in_one_transaction
from schemas.errors import Retry

TABLES: Final = """
CREATE TABLE IF NOT EXISTS reads (
    id INTEGER PRIMARY KEY, t_ms INTEGER NOT NULL, reader TEXT NOT NULL, credential TEXT NOT NULL,
    what TEXT NOT NULL, about TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS reads_reader ON reads (reader, t_ms);
CREATE INDEX IF NOT EXISTS reads_about ON reads (about, t_ms);
CREATE INDEX IF NOT EXISTS reads_time ON reads (t_ms);
"""


MOST_GOING_ON: Final = 10_000
"""Views whose beginning is remembered, so that what a live page asks for again is not another look."""


class ReadsUnwritableError(Retry):
    """Who looks at personal data cannot be written down, so it is not shown. Look at the free space and the rights of
    the folder.
    """

    file: str
    fault: str


class Read(NamedTuple):
    """One look at personal data."""

    t_ms: int
    reader: str
    """Id of a person of the region; "" for a program with the key of the system."""
    credential: str
    """What they showed: a session, a personal link, the key."""
    what: str
    """The route, such as `GET /case/{number}`."""
    about: str
    """The number of the case, or what else the address names; of a list or board, its filters as in the address."""


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """Which reads are asked for; None stands for everything."""

    reader: str | None = None
    about: str | None = None
    from_ms: int | None = None
    """`from_ms` ≤ time < `to_ms`."""
    to_ms: int | None = None


class ReadTrail:
    """The trail of a server. Use it inside one event loop; `close` when done.

    Every method raises `ReadsUnwritableError` when the file does not allow it.
    """

    def __init__(self, path: Path) -> None:
        self._file = GroupCommit(path, TABLES, ReadsUnwritableError)
        self._going_on: OrderedDict[Read, int] = OrderedDict()

    async def add(self, read: Read, lasts_ms: int = 0) -> None:
        """Write it down; on disk on return. The same look within `lasts_ms` after it is part of it."""
        look = read._replace(t_ms=0)
        began_ms = self._going_on.get(look)
        if began_ms is not None and 0 <= read.t_ms - began_ms < lasts_ms:
            return
        sql = "INSERT INTO reads (t_ms, reader, credential, what, about) VALUES (?, ?, ?, ?, ?)"
        await self._file.do(lambda db: db.execute(sql, read).rowcount)
        if lasts_ms:
            self._going_on[look] = read.t_ms
            self._going_on.move_to_end(look)
            if len(self._going_on) > MOST_GOING_ON:
                self._going_on.popitem(last=False)

    async def prune(self, before_ms: int) -> int:
        """Remove what is older; how many were removed."""
        return await self._file.do(lambda db: db.execute("DELETE FROM reads WHERE t_ms < ?", (before_ms,)).rowcount)

    async def find(self, wanted: ReadFilter, limit: int) -> list[Read]:
        """Newest first."""
        return await self._file.read(lambda db: _found(db, wanted, limit))

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._file.close()


def reads_in(path: Path, wanted: ReadFilter, limit: int) -> list[Read]:
    """The same without a server, for commands. Raises `ReadsUnwritableError`."""
    return in_one_transaction(path, TABLES, ReadsUnwritableError, lambda db: _found(db, wanted, limit))


def _found(db: sqlite3.Connection, wanted: ReadFilter, limit: int) -> list[Read]:
    conditions = {
        "reader = ?": wanted.reader, "about = ?": wanted.about, "t_ms >= ?": wanted.from_ms, "t_ms < ?": wanted.to_ms,
    }  # fmt: skip
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    where = " AND ".join(asked or ["1"])
    sql = f"SELECT t_ms, reader, credential, what, about FROM reads WHERE {where} ORDER BY t_ms DESC, id DESC LIMIT ?"  # noqa: S608 - conditions of ours
    return [Read(*row) for row in db.execute(sql, [*asked.values(), limit]).fetchall()]
