"""Personal links: a random token in an address opens the pages as one person. Only its digest is stored."""

import secrets
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

TABLES: Final = """
CREATE TABLE IF NOT EXISTS links (
    digest TEXT PRIMARY KEY, person TEXT NOT NULL, made_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_person ON links (person);
"""
MOST_OPEN: Final = 20
"""Links of one person that are open at a time; a further one ends the oldest."""
_BYTES: Final = 24
"""192 random bits, so that a plain digest gives nothing away."""


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """An open link of a person; its token is known to nobody but the person."""

    person: str
    made_ms: int
    expires_ms: int


class LinkRows:
    """The table of personal links; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def new_link(self, person: str, now_ms: int, expires_ms: int) -> str:
        """A new link of a person: its token, which is not stored and so cannot be shown again."""
        token = secrets.token_urlsafe(_BYTES)
        self._db.execute("DELETE FROM links WHERE expires_ms <= ?", (now_ms,))
        self._db.execute("INSERT INTO links VALUES (?, ?, ?, ?)", (_digest(token), person, now_ms, expires_ms))
        sql = """DELETE FROM links WHERE digest IN (
                     SELECT digest FROM links WHERE person = ? ORDER BY made_ms DESC, digest LIMIT -1 OFFSET ?)"""
        self._db.execute(sql, (person, MOST_OPEN))
        return token

    def linked(self, token: str, now_ms: int) -> PersonalLink | None:
        """Whose link it is; None for one that expired, was revoked, or never was."""
        sql = "SELECT person, made_ms, expires_ms FROM links WHERE digest = ? AND expires_ms > ?"
        row = self._db.execute(sql, (_digest(token), now_ms)).fetchone()
        return None if row is None else PersonalLink(*row)

    def links(self, now_ms: int) -> list[PersonalLink]:
        """The open links of everybody, by person."""
        sql = "SELECT person, made_ms, expires_ms FROM links WHERE expires_ms > ? ORDER BY person, made_ms"
        return [PersonalLink(*row) for row in self._db.execute(sql, (now_ms,)).fetchall()]

    def revoke_links(self, person: str) -> int:
        """End all links of a person, on every phone at once; how many there were."""
        return self._db.execute("DELETE FROM links WHERE person = ?", (person,)).rowcount


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
