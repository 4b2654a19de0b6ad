"""The file of departments' acts that are not answered yet, and of the departments that have topics for acts."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.outbox.group_commit import GroupCommit, open_to_read
from schemas.errors import Retry

DAY_MS: Final = 24 * 3600 * 1000
MISSED_MS: Final = 30 * DAY_MS
"""How long the topics of a department are missed when they are gone: as long as acts are kept in them."""
NOWHERE: Final = -1
"""The place of an act that came over HTTP, in the file."""
TABLES: Final = """
CREATE TABLE IF NOT EXISTS open_acts (
    department TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, place INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (department, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS with_topics (department TEXT PRIMARY KEY, seen_ms INTEGER NOT NULL) WITHOUT ROWID;
"""


class OpenActsUnwritableError(Retry):
    """The acts of departments cannot be remembered, so none is taken. Look at the free space and the rights of the
    folder.
    """

    file: str
    fault: str


@dataclass(frozen=True, slots=True)
class OpenAct:
    """One act, by the id that its program gave it. Without partition and offset it came over HTTP."""

    department: str
    id: str
    case: str
    partition: int | None = None
    offset: int | None = None


class OpenActs:
    """Acts that wait for their answer; `news` is set when there is one more.

    Every method raises `OpenActsUnwritableError` when the file does not allow it.
    """

    def __init__(self, path: Path) -> None:
        self.news = asyncio.Event()
        self._file = GroupCommit(path, TABLES, OpenActsUnwritableError)
        self._seen_ms: dict[str, int] | None = None

    async def add(self, act: OpenAct) -> None:
        """Remember it, on disk on return; one of the same id that waits already stays as it is."""
        await self._file.do(lambda db: _put(db, act))
        self.news.set()

    async def add_of_http(self, department: str, id: str, case: str, now_ms: int) -> None:
        """Remember an act that came over HTTP, if its department has a topic for answers."""
        seen_ms = (await self._with_topics()).get(department)
        if seen_ms is not None and now_ms - seen_ms < MISSED_MS:
            await self.add(OpenAct(department, id, case))

    async def all(self) -> list[OpenAct]:
        """Those that wait, case by case, in the order in which each department acted."""
        sql = "SELECT department, id, number, place, seq FROM open_acts ORDER BY number, department, place, seq"
        return await self._file.read(lambda db: [_act(*row) for row in db.execute(sql)])

    async def answered(self, act: OpenAct) -> None:
        """Forget it; not another one of the same id."""
        sql = "DELETE FROM open_acts WHERE (department, id, number, place, seq) = (?, ?, ?, ?, ?)"
        await self._file.do(lambda db: db.execute(sql, _row(act)).rowcount)

    async def seen(self, departments: Iterable[str], now_ms: int) -> None:
        """These departments have both topics now. It is written down once a day."""
        known = await self._with_topics()
        rows = [(code, now_ms) for code in departments if now_ms - known.get(code, 0) > DAY_MS]
        if rows:
            await self._file.do(lambda db: db.executemany("REPLACE INTO with_topics VALUES (?, ?)", rows).rowcount)
            known.update(rows)

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._file.close()

    async def _with_topics(self) -> dict[str, int]:
        if self._seen_ms is None:
            self._seen_ms = await self._file.do(_seen)
        return self._seen_ms


def departments_with_topics(path: Path, now_ms: int) -> set[str]:
    """Codes of the departments that have, or had not long ago, topics for acts, as this file knows."""
    with suppress(sqlite3.Error):
        if path.exists():
            with closing(open_to_read(path)) as db:
                return {code for code, seen_ms in _seen(db).items() if now_ms - seen_ms < MISSED_MS}
    return set()


def _seen(db: sqlite3.Connection) -> dict[str, int]:
    return dict(db.execute("SELECT department, seen_ms FROM with_topics").fetchall())


def _put(db: sqlite3.Connection, act: OpenAct) -> int:
    return db.execute("INSERT OR IGNORE INTO open_acts VALUES (?, ?, ?, ?, ?)", _row(act)).rowcount


def _row(act: OpenAct) -> tuple[str, str, str, int, int]:
    place = NOWHERE if act.partition is None else act.partition
    return act.department, act.id, act.case, place, NOWHERE if act.offset is None else act.offset


def _act(department: str, id: str, case: str, place: int, seq: int) -> OpenAct:
    return OpenAct(department, id, case) if place == NOWHERE else OpenAct(department, id, case, place, seq)
