"""The tables of sessions and of links that work once. Only digests of what opens something are stored.

Local accounts and the keys of programs are in the same file: `local_rows`, `program_keys`.
"""

import secrets
import sqlite3
from hashlib import sha256
from typing import Final

from connectors.accounts import local_rows, program_keys
from connectors.accounts.local_rows import LocalRows
from connectors.accounts.program_keys import KeyRows
from connectors.accounts.session import Session, SessionLimits, Way

MINUTE_MS: Final = 60_000
TABLES: Final = f"""{local_rows.TABLES}{program_keys.TABLES}
CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, way TEXT NOT NULL,
    made_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, ends_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_person ON sessions (person);
CREATE TABLE IF NOT EXISTS sign_in_links (
    digest TEXT PRIMARY KEY, person TEXT NOT NULL, ends_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_in_links_person ON sign_in_links (person);
"""
MOST_SESSIONS: Final = 20
"""Sessions of one person at a time; a further one ends the one that was used least lately."""
MOST_LINKS: Final = 5
"""Links of one person that wait to be used; a further one ends the one that would end first."""
_BYTES: Final = 32
"""256 random bits, so that a plain digest gives nothing away."""
_FIELDS: Final = "id, person, way, made_ms, seen_ms, ends_ms"


class AccountRows:
    """What the tables answer and how they change; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.local = LocalRows(db)
        self.department_keys = KeyRows(db, "department")
        self.platform_keys = KeyRows(db, "platform")

    def new_link(self, person: str, now_ms: int, ends_ms: int) -> str:
        """A link that signs a person in once: its token, which is not stored and so cannot be shown again."""
        token = secrets.token_urlsafe(_BYTES)
        self._db.execute("DELETE FROM sign_in_links WHERE ends_ms <= ?", (now_ms,))
        self._db.execute("INSERT INTO sign_in_links VALUES (?, ?, ?)", (_digest(token), person, ends_ms))
        self._keep("sign_in_links", "ends_ms", person, MOST_LINKS)
        return token

    def linked(self, token: str, now_ms: int) -> str | None:
        """Whom a link would sign in; None for one that was used, ended or never was."""
        sql = "SELECT person FROM sign_in_links WHERE digest = ? AND ends_ms > ?"
        row = self._db.execute(sql, (_digest(token), now_ms)).fetchone()
        return None if row is None else str(row[0])

    def use_link(self, token: str, now_ms: int, limits: SessionLimits) -> str | None:
        """Sign in by a link, which works for the first who comes: the token of the session, or None."""
        person = self.linked(token, now_ms)
        if person is None:
            return None
        self._db.execute("DELETE FROM sign_in_links WHERE digest = ?", (_digest(token),))
        return self.begin(person, Way.LINK, now_ms, limits)

    def begin(self, person: str, way: Way, now_ms: int, limits: SessionLimits) -> str:
        """A new session: the token for its cookie, which is not stored."""
        token, id = secrets.token_urlsafe(_BYTES), secrets.token_hex(4)
        self._db.execute(
            "DELETE FROM sessions WHERE ends_ms <= ? OR seen_ms <= ?", (now_ms, now_ms - limits.idle_ms - MINUTE_MS)
        )
        fresh = (_digest(token), id, person, way, now_ms, now_ms, now_ms + limits.whole_ms)
        self._db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)", fresh)
        self._keep("sessions", "seen_ms", person, MOST_SESSIONS)
        return token

    def session(self, token: str, now_ms: int, limits: SessionLimits) -> Session | None:
        """The session of a cookie; None for one that ended or never was."""
        sql = f"SELECT {_FIELDS} FROM sessions WHERE digest = ? AND ends_ms > ? AND seen_ms > ?"  # noqa: S608
        row = self._db.execute(sql, (_digest(token), now_ms, now_ms - limits.idle_ms)).fetchone()
        return None if row is None else _session(row)

    def seen(self, id: str, now_ms: int) -> None:
        """It was used."""
        self._db.execute("UPDATE sessions SET seen_ms = max(seen_ms, ?) WHERE id = ?", (now_ms, id))

    def sessions(self, now_ms: int, limits: SessionLimits) -> list[Session]:
        """Those that are open, by person."""
        sql = f"SELECT {_FIELDS} FROM sessions WHERE ends_ms > ? AND seen_ms > ? ORDER BY person, made_ms"  # noqa: S608
        return [_session(row) for row in self._db.execute(sql, (now_ms, now_ms - limits.idle_ms)).fetchall()]

    def end(self, id: str) -> int:
        """End one session; how many there were."""
        return self._db.execute("DELETE FROM sessions WHERE id = ?", (id,)).rowcount

    def end_of(self, token: str) -> int:
        """End the session of a cookie; how many there were."""
        return self._db.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),)).rowcount

    def end_all(self, person: str) -> int:
        """End all sessions of a person and the links that wait to begin one; how many there were."""
        gone = self._db.execute("DELETE FROM sessions WHERE person = ?", (person,)).rowcount
        return gone + self._db.execute("DELETE FROM sign_in_links WHERE person = ?", (person,)).rowcount

    def is_unused(self) -> bool:
        """Whether nobody can sign in or ever did: a system that was just begun."""
        sql = """SELECT EXISTS (SELECT 1 FROM sessions) OR EXISTS (SELECT 1 FROM sign_in_links)
                     OR EXISTS (SELECT 1 FROM local_accounts)"""
        return not self._db.execute(sql).fetchone()[0]

    def _keep(self, table: str, order: str, person: str, most: int) -> None:
        sql = f"""DELETE FROM {table} WHERE digest IN (
                      SELECT digest FROM {table} WHERE person = ? ORDER BY {order} DESC, digest LIMIT -1 OFFSET ?)"""  # noqa: S608
        self._db.execute(sql, (person, most))


def _session(row: tuple[str, str, str, int, int, int]) -> Session:
    id, person, way, made_ms, seen_ms, ends_ms = row
    return Session(id, person, Way(way), made_ms, seen_ms, ends_ms)


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
