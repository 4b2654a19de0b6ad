"""The tables of keys of programs: what a department's or a platform's shows. Only digests are stored."""

import secrets
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

TABLES: Final = """
CREATE TABLE IF NOT EXISTS department_keys (
    digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, department TEXT NOT NULL, made_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS platform_keys (
    digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, made_ms INTEGER NOT NULL
) WITHOUT ROWID;
"""
_BYTES: Final = 32
"""256 random bits, so that a plain digest gives nothing away."""


@dataclass(frozen=True, slots=True)
class ProgramKey:
    """A key that works, without what opens anything."""

    id: str
    """Names the key to those who revoke it."""
    owner: str
    """The code of the department or platform."""
    made_ms: int


class KeyRows:
    """What a table answers and how it changes; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection, kind: Literal["department", "platform"]) -> None:
        self._db, self._table, self._owner = db, f"{kind}_keys", kind

    def new(self, owner: str, now_ms: int) -> tuple[ProgramKey, str]:
        """A further key, and what the program shows: it is not stored and so cannot be shown again."""
        shown, made = secrets.token_urlsafe(_BYTES), ProgramKey(secrets.token_hex(4), owner, now_ms)
        row = (_digest(shown), made.id, owner, now_ms)
        self._db.execute(f"INSERT INTO {self._table} VALUES (?, ?, ?, ?)", row)  # noqa: S608
        return made, shown

    def owner(self, shown: str) -> str | None:
        """Whose key this is; None for one that was revoked or never was."""
        found = self.key(shown)
        return None if found is None else found.owner

    def key(self, shown: str) -> ProgramKey | None:
        """The key that a program shows; None for one that was revoked or never was."""
        sql = f"SELECT id, {self._owner}, made_ms FROM {self._table} WHERE digest = ?"  # noqa: S608
        row = self._db.execute(sql, (_digest(shown),)).fetchone()
        return None if row is None else ProgramKey(*row)

    def of(self, owner: str) -> list[ProgramKey]:
        """The keys of an owner that work, oldest first."""
        sql = f"SELECT id, {self._owner}, made_ms FROM {self._table} WHERE {self._owner} = ? ORDER BY made_ms, id"  # noqa: S608
        return [ProgramKey(*row) for row in self._db.execute(sql, (owner,)).fetchall()]

    def revoke(self, owner: str, id: str | None = None) -> int:
        """End one key of an owner, or all of them; how many there were."""
        sql = f"DELETE FROM {self._table} WHERE {self._owner} = ? AND ? IN ('', id)"  # noqa: S608
        return self._db.execute(sql, (owner, id or "")).rowcount


def _digest(shown: str) -> str:
    return sha256(shown.encode(errors="replace")).hexdigest()
