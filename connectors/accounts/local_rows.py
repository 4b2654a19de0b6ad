"""The table of local accounts: a name and a password, and perhaps the codes of an app."""

import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import Final

from connectors.accounts.waits import Tries

TABLES: Final = """
CREATE TABLE IF NOT EXISTS local_accounts (
    person TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, made_ms INTEGER NOT NULL,
    secret TEXT NOT NULL DEFAULT '', step INTEGER NOT NULL DEFAULT 0,
    wrong INTEGER NOT NULL DEFAULT 0, wrong_ms INTEGER NOT NULL DEFAULT 0, until_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS offered_codes (person TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
"""
MOST_LOGIN: Final = 64
_OFFERED: Final = "SELECT secret FROM offered_codes WHERE offered_codes.person = local_accounts.person"
_FIELDS: Final = f"person, login, hash, secret, step, ifnull(({_OFFERED}), ''), made_ms, wrong, wrong_ms, until_ms"


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """Somebody who may sign in by name and password."""

    person: str
    """Id of a person of the region, or `ADMINISTRATOR`."""
    login: str
    """The name that is typed, as `as_login` gives it."""
    password: str
    """Its hash, with salt and parameters."""
    secret: str
    """What the app computes its codes from; "" without an app."""
    step: int
    """The number of the last code that was used."""
    offered: str
    """The same of an app that has shown no right code yet, and is not asked for until it has; "" without one."""
    made_ms: int
    tries: Tries


def as_login(typed: str) -> str:
    """A name as it is compared: capitals and full-width letters do not matter."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def is_login(login: str) -> bool:
    """Whether it can be a name: something, not too long, without spaces and what cannot be seen."""
    return 0 < len(login) <= MOST_LOGIN and login.isprintable() and not any(each.isspace() for each in login)


class LocalRows:
    """What the table answers and how it changes; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def find(self, login: str) -> LocalAccount | None:
        """The account of a name."""
        return self._one("login", as_login(login))

    def of(self, person: str) -> LocalAccount | None:
        """The account of a person."""
        return self._one("person", person)

    def any(self) -> bool:
        """Whether anybody has one."""
        return bool(self._db.execute("SELECT EXISTS (SELECT 1 FROM local_accounts)").fetchone()[0])

    def all(self) -> list[LocalAccount]:
        """Everybody's, by person."""
        rows = self._db.execute(f"SELECT {_FIELDS} FROM local_accounts ORDER BY person").fetchall()  # noqa: S608
        return [_account(row) for row in rows]

    def put(self, person: str, login: str, password: str, now_ms: int, offered: str = "") -> bool:
        """A new account, or another name and password for the one that is there; False if the name is another's.

        Codes stay as they were; those of an app that is `offered` take their place once it has shown a right one.
        Wrong tries are forgotten.
        """
        other, own = self.find(login), self.of(person)
        if other is not None and other.person != person:
            return False
        shown, step, before = ("", 0, "") if own is None else (own.secret, own.step, own.offered)
        made_ms = now_ms if own is None else own.made_ms
        self.remove(person)
        self._db.execute(
            "INSERT INTO local_accounts (person, login, hash, made_ms, secret, step) VALUES (?, ?, ?, ?, ?, ?)",
            (person, as_login(login), password, made_ms, shown, step),
        )
        if offered or before:
            self._db.execute("INSERT INTO offered_codes VALUES (?, ?)", (person, offered or before))
        return True

    def tried(self, person: str, now_ms: int) -> None:
        """A try begins; it counts as a wrong one until `right` says otherwise, so that many at once gain nothing."""
        account = self.of(person)
        if account is None:
            return
        tries = account.tries.and_one(now_ms)
        self._db.execute(
            "UPDATE local_accounts SET wrong = ?, wrong_ms = ?, until_ms = ? WHERE person = ?",
            (tries.wrong, tries.last_ms, tries.until_ms, person),
        )

    def right(self, person: str, password: str, step: int, fresh: str) -> bool:
        """It was the right one: forget the wrong tries, and remember the number of the code.

        False when the password was changed meanwhile, or somebody else used this code first. `password` is the hash
        that was compared, `fresh` the one to store.
        """
        done = self._db.execute(
            """UPDATE local_accounts SET wrong = 0, wrong_ms = 0, until_ms = 0, step = ?, hash = ?
               WHERE person = ? AND hash = ? AND (secret = '' OR step < ?)""",
            (step, fresh, person, password, step),
        )
        return done.rowcount > 0

    def accept_codes(self, person: str, password: str, offered: str) -> bool:
        """The app that was offered has shown a right code: from now on it is asked for.

        False if it is not offered any more, or the password (its hash) was changed meanwhile.
        """
        own = self.of(person)
        if own is None or own.password != password or not self._take_back(person, offered):
            return False
        self._db.execute("UPDATE local_accounts SET secret = ?, step = 0 WHERE person = ?", (offered, person))
        return True

    def drop_codes(self, person: str) -> bool:
        """Sign in without an app, such as after a phone was lost; False if there was none."""
        sql = "UPDATE local_accounts SET secret = '', step = 0 WHERE person = ? AND secret <> ''"
        return bool(self._take_back(person) + self._db.execute(sql, (person,)).rowcount)

    def remove(self, person: str) -> bool:
        """Whether there was one."""
        self._take_back(person)
        return self._db.execute("DELETE FROM local_accounts WHERE person = ?", (person,)).rowcount > 0

    def _take_back(self, person: str, secret: str | None = None) -> int:
        """Offer no codes any more, or not these; how many were offered."""
        sql = "DELETE FROM offered_codes WHERE person = ? AND secret = ifnull(?, secret)"
        return self._db.execute(sql, (person, secret)).rowcount

    def _one(self, field: str, value: str) -> LocalAccount | None:
        sql = f"SELECT {_FIELDS} FROM local_accounts WHERE {field} = ?"  # noqa: S608
        row = self._db.execute(sql, (value.encode(errors="replace").decode(),)).fetchone()
        return None if row is None else _account(row)


def _account(row: tuple[str, str, str, str, int, str, int, int, int, int]) -> LocalAccount:
    person, login, password, secret, step, offered, made_ms, *tries = row
    return LocalAccount(person, login, password, secret, step, offered, made_ms, Tries(*tries))
