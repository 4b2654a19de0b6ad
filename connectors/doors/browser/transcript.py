"""What was said in each chat, in order, so that a page that is loaded again shows it and misses nothing."""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from connectors.outbox.group_commit import GroupCommit

TABLES: Final = """
CREATE TABLE IF NOT EXISTS epoch (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, id TEXT NOT NULL, ours INTEGER NOT NULL,
    t_ms INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (chat, id)
);
CREATE INDEX IF NOT EXISTS messages_by_time ON messages (t_ms);
CREATE INDEX IF NOT EXISTS messages_by_case ON messages (json_extract(body, '$.case'))
    WHERE json_extract(body, '$.case') IS NOT NULL;
"""
_FIELDS: Final = "id, ours, t_ms, body, seq"
_COLUMNS: Final = f"SELECT {_FIELDS} FROM messages WHERE chat = ?"  # noqa: S608 - our own text
_ABOUT: Final = f"""
SELECT chat, {_FIELDS} FROM messages
WHERE json_extract(body, '$.case') IS NOT NULL AND json_extract(body, '$.case') = ? AND t_ms <= ?
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a chat. `body` is what the page needs to show it."""

    id: str
    """The page's own id, or that of the `Outgoing`."""
    ours: bool
    """Whether the bot said it."""
    t_ms: int
    body: Mapping[str, Any]
    seq: int = 0
    """Its place in the transcript; given when it is stored."""

    def to_json(self) -> dict[str, Any]:
        """For the page."""
        return {"seq": self.seq, "id": self.id, "ours": self.ours, "t_ms": self.t_ms, **self.body}


class Transcript:
    """One SQLite file. Every method raises `OutboxUnwritableError` when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: GroupCommit | None = None

    @property
    def _file(self) -> GroupCommit:
        if self._opened is None:
            self._opened = GroupCommit(self._path, TABLES)
        return self._opened

    async def epoch(self) -> str:
        """A name that the file got when it was made: positions of another file mean nothing in this one."""

        def work(db: sqlite3.Connection) -> str:
            row = db.execute("SELECT name FROM epoch").fetchone()
            if row is None:
                row = (secrets.token_hex(4),)
                db.execute("INSERT INTO epoch VALUES (?)", row)
            return str(row[0])

        return await self._file.do(work)

    async def add(self, chat: str, line: Line) -> bool:
        """Store a message; False if it was stored before."""
        sql = "INSERT OR IGNORE INTO messages (chat, id, ours, t_ms, body) VALUES (?, ?, ?, ?, ?)"
        values = (chat, line.id, line.ours, line.t_ms, json.dumps(line.body, ensure_ascii=False))
        return await self._file.do(lambda db: db.execute(sql, values).rowcount == 1)

    async def after(self, chat: str, seq: int, most: int) -> list[Line]:
        """The last messages of a chat after `seq`, at most `most`, the oldest first."""
        sql = f"{_COLUMNS} AND seq > ? ORDER BY seq DESC LIMIT ?"
        rows = await self._file.do(lambda db: db.execute(sql, (chat, seq, most)).fetchall())
        return [_line(row) for row in reversed(rows)]

    async def find(self, chat: str, id: str) -> Line | None:
        """One message of a chat."""
        row = await self._file.do(lambda db: db.execute(f"{_COLUMNS} AND id = ?", (chat, id)).fetchone())
        return None if row is None else _line(row)

    async def forget(self, chat: str) -> list[str]:
        """Remove a chat; the ids of its messages."""

        def work(db: sqlite3.Connection) -> list[str]:
            ids = [str(id) for (id,) in db.execute("SELECT id FROM messages WHERE chat = ?", (chat,))]
            db.execute("DELETE FROM messages WHERE chat = ?", (chat,))
            return ids

        return await self._file.do(work)

    async def lines(self, chat: str) -> list[Line]:
        """All messages of a chat, the oldest first."""
        rows = await self._file.read(lambda db: db.execute(f"{_COLUMNS} ORDER BY seq", (chat,)).fetchall())
        return [_line(row) for row in rows]

    async def about(self, case: str, upto_ms: int) -> list[tuple[str, Line]]:
        """What was said about a case until then, with its chats."""
        rows = await self._file.read(lambda db: db.execute(_ABOUT, (case, upto_ms)).fetchall())
        return [(row[0], _line(row[1:])) for row in rows]

    async def replace(self, lines: Mapping[int, Mapping[str, Any]]) -> None:
        """Give messages another body, by `seq`."""
        rows = [(json.dumps(body, ensure_ascii=False), seq) for seq, body in lines.items()]
        await self._file.do(lambda db: db.executemany("UPDATE messages SET body = ? WHERE seq = ?", rows))

    async def scrub(self) -> None:
        """Leave nothing of what was removed in the write-ahead log."""
        await self._file.scrub()

    async def prune(self, before_ms: int) -> None:
        """Remove what is older."""
        await self._file.do(lambda db: db.execute("DELETE FROM messages WHERE t_ms < ?", (before_ms,)))

    async def close(self) -> None:
        """Close the file; it is opened again when it is used."""
        if self._opened is not None:
            opened, self._opened = self._opened, None
            await opened.close()


def _line(row: tuple[str, int, int, str, int]) -> Line:
    id, ours, t_ms, body, seq = row
    return Line(id, bool(ours), t_ms, json.loads(body), seq)
