"""The file of acts that came by topic and are not answered yet."""

import sqlite3
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from connectors.outbox.group_commit import GroupCommit
from schemas.errors import Retry

TABLES: Final = """
CREATE TABLE IF NOT EXISTS open_acts (
    department TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, place INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (department, id)
) WITHOUT ROWID;
"""


class OpenActsUnwritableError(Retry):
    """The acts of departments cannot be remembered, so none is taken. Look at the free space and the rights of the
    folder.
    """

    file: str
    fault: str


@dataclass(frozen=True, slots=True)
class OpenAct:
    """One act, by the id that its program gave it."""

    department: str
    id: str
    case: str
    partition: int
    offset: int


class OpenActs:
    """Acts that wait for their answer.

    Every method raises `OpenActsUnwritableError` when the file does not allow it.
    """

    def __init__(self, path: Path) -> None:
        self._file = GroupCommit(path, TABLES, OpenActsUnwritableError)

    async def add(self, act: OpenAct) -> None:
        """Remember it, on disk on return; one of the same id that waits already stays as it is."""
        await self._file.do(lambda db: _put(db, act))

    async def all(self) -> list[OpenAct]:
        """Those that wait, case by case, in the order in which each department acted."""
        sql = "SELECT department, id, number, place, seq FROM open_acts ORDER BY number, department, place, seq"
        return await self._file.read(lambda db: [OpenAct(*row) for row in db.execute(sql)])

    async def answered(self, act: OpenAct) -> None:
        """Forget it; not another one of the same id."""
        sql = "DELETE FROM open_acts WHERE department = ? AND id = ? AND place = ? AND seq = ?"
        await self._file.do(lambda db: db.execute(sql, (act.department, act.id, act.partition, act.offset)).rowcount)

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._file.close()


def _put(db: sqlite3.Connection, act: OpenAct) -> int:
    return db.execute("INSERT OR IGNORE INTO open_acts VALUES (?, ?, ?, ?, ?)", astuple(act)).rowcount
