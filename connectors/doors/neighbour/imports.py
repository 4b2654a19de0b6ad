"""The file of what a neighbour told: each of its requests once, by its id there, and how far we have asked."""

from pathlib import Path
from typing import Final, Literal, NamedTuple

from connectors.outbox.group_commit import GroupCommit

FILE: Final = "imports.sqlite"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS imports (
    theirs TEXT PRIMARY KEY, report TEXT UNIQUE, state TEXT NOT NULL, why TEXT NOT NULL, status TEXT NOT NULL,
    updated_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (theirs TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS posted (id TEXT PRIMARY KEY, theirs TEXT NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (one INTEGER PRIMARY KEY CHECK (one = 1), until_ms INTEGER NOT NULL);
"""
"""`state` is ours: see `ImportState`; `status` is theirs, open or closed. `why` is the code of a mistake.
`words` has the version of their words that was passed on last, `posted` the updates that their server answered, and
why it refused one."""
ImportState = Literal["accepted", "refused", "elsewhere", "ours"]
"""Became the report `report`; could not; does not lie here; came from us in the first place."""


class Import(NamedTuple):
    """What became of one of their requests."""

    theirs: str
    report: str | None
    state: str
    why: str
    status: str
    updated_ms: int


class Imports:
    """Whatever a method wrote is on disk when it returns. Raises `OutboxUnwritableError`. Close it when done."""

    def __init__(self, folder: Path) -> None:
        self._file = GroupCommit(folder / FILE, TABLES)
        self.close = self._file.close

    async def find(self, theirs: str) -> Import | None:
        """What is known of one of their requests."""
        query = "SELECT theirs, report, state, why, status, updated_ms FROM imports WHERE theirs = ?"
        row = await self._file.do(lambda db: db.execute(query, (theirs,)).fetchone())
        return None if row is None else Import(*row)

    async def put(self, each: Import) -> None:
        """Remember it in place of what was known."""
        await self._file.do(lambda db: db.execute("INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?, ?, ?)", each))

    async def theirs(self, report: str) -> str | None:
        """Their id of a request that became this report; None for another one."""
        query = "SELECT theirs FROM imports WHERE report = ?"
        row = await self._file.do(lambda db: db.execute(query, (report,)).fetchone())
        return None if row is None else str(row[0])

    async def words(self, theirs: str) -> str | None:
        """The version of their words that was passed on last; None if none is known."""
        query = "SELECT digest FROM words WHERE theirs = ?"
        row = await self._file.do(lambda db: db.execute(query, (theirs,)).fetchone())
        return None if row is None else str(row[0])

    async def begin_words(self, theirs: str, digest: str) -> None:
        """This version is about to be passed on, if none was before."""
        await self._file.do(lambda db: db.execute("INSERT OR IGNORE INTO words VALUES (?, ?)", (theirs, digest)))

    async def put_words(self, theirs: str, digest: str) -> None:
        """This version was passed on."""
        await self._file.do(lambda db: db.execute("INSERT OR REPLACE INTO words VALUES (?, ?)", (theirs, digest)))

    async def was_posted(self, update: str) -> bool:
        """Whether their server answered this update."""
        query = "SELECT 1 FROM posted WHERE id = ?"
        return await self._file.do(lambda db: db.execute(query, (update,)).fetchone()) is not None

    async def posted(self, update: str, theirs: str, why: str) -> None:
        """It did; `why` not, if it was refused."""
        row = update, theirs, why
        await self._file.do(lambda db: db.execute("INSERT OR REPLACE INTO posted VALUES (?, ?, ?)", row))

    async def until_ms(self) -> int | None:
        """Up to when, by their clock, everything is stored; None before the first time."""
        row = await self._file.do(lambda db: db.execute("SELECT until_ms FROM asked").fetchone())
        return None if row is None else int(row[0])

    async def asked(self, until_ms: int) -> None:
        """Everything up to then is stored."""
        await self._file.do(lambda db: db.execute("INSERT OR REPLACE INTO asked VALUES (1, ?)", (until_ms,)))
