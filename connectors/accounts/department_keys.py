"""The table of keys of departments: what a department's program shows. Only digests are stored."""

import secrets
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

TABLES: Final = """
CREATE TABLE IF NOT EXISTS department_keys (
    digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, department TEXT NOT NULL, made_ms INTEGER NOT NULL
) WITHOUT ROWID;
"""
_BYTES: Final = 32
"""256 random bits, so that a plain digest gives nothing away."""


@dataclass(frozen=True, slots=True)
class DepartmentKey:
    """A key that works, without what opens anything."""

    id: str
    """Names the key to those who revoke it."""
    department: str
    """Its code."""
    made_ms: int


class KeyRows:
    """What the table answers and how it changes; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def new(self, department: str, now_ms: int) -> tuple[DepartmentKey, str]:
        """A further key, and what the program shows: it is not stored and so cannot be shown again."""
        shown, made = secrets.token_urlsafe(_BYTES), DepartmentKey(secrets.token_hex(4), department, now_ms)
        row = (_digest(shown), made.id, department, now_ms)
        self._db.execute("INSERT INTO department_keys VALUES (?, ?, ?, ?)", row)
        return made, shown

    def department(self, shown: str) -> str | None:
        """Whose key this is; None for one that was revoked or never was."""
        found = self.key(shown)
        return None if found is None else found.department

    def key(self, shown: str) -> DepartmentKey | None:
        """The key that a program shows; None for one that was revoked or never was."""
        sql = "SELECT id, department, made_ms FROM department_keys WHERE digest = ?"
        row = self._db.execute(sql, (_digest(shown),)).fetchone()
        return None if row is None else DepartmentKey(*row)

    def of(self, department: str) -> list[DepartmentKey]:
        """The keys of a department that work, oldest first."""
        sql = "SELECT id, department, made_ms FROM department_keys WHERE department = ? ORDER BY made_ms, id"
        return [DepartmentKey(*row) for row in self._db.execute(sql, (department,)).fetchall()]

    def revoke(self, department: str, id: str | None = None) -> int:
        """End one key of a department, or all of them; how many there were."""
        sql = "DELETE FROM department_keys WHERE department = ? AND ? IN ('', id)"
        return self._db.execute(sql, (department, id or "")).rowcount


def _digest(shown: str) -> str:
    return sha256(shown.encode(errors="replace")).hexdigest()
