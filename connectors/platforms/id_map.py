"""The file of ids: each case of each platform once, and the report here that it is. Unique both ways.

It is written after the outbox. What a killed process did not write is written when the row comes again: the id of the
report follows from the platform's own, and the outbox knows it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from connectors.outbox.group_commit import GroupCommit

TABLES: Final = """
CREATE TABLE IF NOT EXISTS ids (
    platform TEXT NOT NULL, theirs TEXT NOT NULL, report TEXT, state TEXT NOT NULL, there TEXT NOT NULL,
    digest TEXT NOT NULL, words TEXT NOT NULL, place TEXT NOT NULL, due_ms INTEGER, reported_ms INTEGER,
    taken_ms INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (platform, theirs), UNIQUE (platform, report)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ids_report ON ids (report) WHERE report IS NOT NULL;
CREATE INDEX IF NOT EXISTS ids_day ON ids (platform, reported_ms);
"""
COLUMNS: Final = "platform, theirs, report, state, there, digest, words, place, due_ms, reported_ms, taken_ms, version"
Key = tuple[str, str]
"""A platform's code, and an id there."""

T = TypeVar("T")


class Mapped(NamedTuple):
    """One id of a platform. `digest`, `words` and `place` say what its row said last, without saying it."""

    platform: str
    theirs: str
    report: str | None
    state: str
    """`taken`: became the report; `same`: is the same case as another platform's; `ours`: they have it from us;
    `named`: another platform's row named it, and its own has not come; `ended`: it was over before it came."""
    there: str = "open"
    """Its state there: `schemas.platform.TheirState`."""
    digest: str = ""
    words: str = ""
    place: str = ""
    due_ms: int | None = None
    reported_ms: int | None = None
    taken_ms: int = 0
    version: int = 0
    """How often its row changed."""

    @property
    def key(self) -> Key:
        """What it is found by."""
        return self.platform, self.theirs


class IdRows:
    """What the table answers and how it changes; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def found(self, keys: Iterable[Key]) -> dict[Key, Mapped]:
        """What is known of these ids."""
        sql = f"SELECT {COLUMNS} FROM ids WHERE platform = ? AND theirs = ?"  # noqa: S608  # columns of ours
        rows = (self._db.execute(sql, key).fetchone() for key in keys)
        return {(row[0], row[1]): Mapped(*row) for row in rows if row is not None}

    def of_reports(self, reports: Iterable[str]) -> dict[str, list[Mapped]]:
        """The ids that each of these reports has, by report."""
        sql = f"SELECT {COLUMNS} FROM ids WHERE report = ? ORDER BY platform"  # noqa: S608  # columns of ours
        return {each: [Mapped(*row) for row in self._db.execute(sql, (each,)).fetchall()] for each in reports}

    def put(self, entries: Sequence[Mapped]) -> None:
        """Remember them in place of what was known."""
        marks = ", ".join("?" * len(Mapped._fields))
        now = ", ".join(f"{name} = excluded.{name}" for name in Mapped._fields[2:])
        sql = f"INSERT INTO ids VALUES ({marks}) ON CONFLICT (platform, theirs) DO UPDATE SET {now}"  # noqa: S608  # columns of ours
        self._db.executemany(sql, entries)  # a report that has another id of this platform is never overwritten

    def reported(self, platform: str, from_ms: int, until_ms: int) -> list[Mapped]:
        """Its ids that were reported there from then on and before then (ms UTC), in order."""
        sql = f"""SELECT {COLUMNS} FROM ids WHERE platform = ? AND reported_ms >= ? AND reported_ms < ?
                      ORDER BY theirs"""  # noqa: S608  # columns of ours
        return [Mapped(*row) for row in self._db.execute(sql, (platform, from_ms, until_ms)).fetchall()]


class IdMap:
    """Use it inside one event loop; `close` when done. Raises `OutboxUnwritableError`."""

    def __init__(self, path: Path) -> None:
        self._file = GroupCommit(path, TABLES)
        self.close = self._file.close

    async def do(self, work: Callable[[IdRows], T]) -> T:
        """On disk on return; nothing of it if it raises."""
        return await self._file.do(lambda db: work(IdRows(db)))

    async def look(self, work: Callable[[IdRows], T]) -> T:
        """A question."""
        return await self._file.read(lambda db: work(IdRows(db)))
