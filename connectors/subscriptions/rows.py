"""The table of subscriptions: made, found, stopped, resumed, ended. Also the tables that belong to them."""

import base64
import os
import secrets
import sqlite3
from typing import Any, Final

from connectors.standard_webhooks.signatures import PREFIX
from connectors.subscriptions.subscription import Receiver, Selection, StopReason, Subscription, SubscriptionState

TABLES: Final = """
CREATE TABLE IF NOT EXISTS subscriptions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, department TEXT NOT NULL,
    category TEXT NOT NULL, area TEXT NOT NULL, number TEXT NOT NULL, words INTEGER NOT NULL, url TEXT NOT NULL,
    batch INTEGER NOT NULL, inside INTEGER NOT NULL, key TEXT NOT NULL, made_ms INTEGER NOT NULL, secret TEXT NOT NULL,
    secret_before TEXT NOT NULL DEFAULT '', before_until_ms INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'starting', why TEXT NOT NULL DEFAULT '', since_ms INTEGER,
    tries INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL DEFAULT 0, trouble_ms INTEGER, last_ms INTEGER,
    sent INTEGER NOT NULL DEFAULT 0, flight INTEGER, single INTEGER
);
CREATE TABLE IF NOT EXISTS positions (
    topic TEXT NOT NULL, place INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (topic, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS own_positions (
    subscription INTEGER NOT NULL, place INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (subscription, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shown (
    subject TEXT NOT NULL, subscription INTEGER NOT NULL, PRIMARY KEY (subject, subscription)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, subject TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_subject ON documents (subject);
CREATE TABLE IF NOT EXISTS waiting (
    subscription INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (subscription, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waiting_document ON waiting (seq);
CREATE TABLE IF NOT EXISTS held (
    subscription INTEGER NOT NULL, subject TEXT NOT NULL, tries INTEGER NOT NULL, since_ms INTEGER NOT NULL,
    next_ms INTEGER NOT NULL, PRIMARY KEY (subscription, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (
    n INTEGER PRIMARY KEY AUTOINCREMENT, subscription INTEGER NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL,
    body BLOB NOT NULL, why TEXT NOT NULL, tries INTEGER NOT NULL, t_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS dead_gone (subscription INTEGER PRIMARY KEY, count INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS dead_letters_subscription ON dead_letters (subscription, n);
"""
"""`place` is a partition and `seq` the next offset in it. `own_positions`: of subscriptions that are not where their
topic is read. `shown`: cases that a narrowed subscription was sent. `held`: cases of which a document was refused.
`dead_gone`: how many dead letters went because there were too many."""
_FIELDS: Final = (
    "n, id, department, category, area, number, words, url, batch, inside, key, made_ms, secret, secret_before,"
    " before_until_ms, state, why, since_ms, tries, next_ms, trouble_ms, last_ms, sent, flight, single"
)
_PARTS: Final = ("own_positions", "shown", "waiting", "held", "dead_letters", "dead_gone")
SECRET_BYTES: Final = 32


def new_secret() -> str:
    """As Standard Webhooks has it."""
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


class SubscriptionRows:
    """What the table answers and how it changes; each method is to run inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, selection: Selection, receiver: Receiver, now_ms: int, key: str = "") -> Subscription:
        """A new one with a secret of its own; it starts when its topic is followed."""
        made = {
            "id": f"sub_{secrets.token_hex(6)}", "topic": selection.topic, "department": selection.department,
            "category": selection.category, "area": selection.area, "number": selection.case, "words": selection.words,
            "url": receiver.url, "batch": receiver.batch, "inside": receiver.inside, "key": key, "made_ms": now_ms,
            "secret": new_secret(),
        }  # fmt: skip
        marks = ", ".join("?" * len(made))
        sql = f"INSERT INTO subscriptions ({', '.join(made)}) VALUES ({marks})"  # noqa: S608  # our own names
        self._db.execute(sql, tuple(made.values()))
        found = self.one(str(made["id"]))
        assert found is not None
        return found

    def one(self, id: str) -> Subscription | None:
        """By its id."""
        return next(iter(self._found("WHERE id = ?", id)), None)

    def all(self, department: str | None = None) -> list[Subscription]:
        """Every one, or those of a department's orders."""
        if department is None:
            return self._found("ORDER BY n")
        return self._found("WHERE department = ? ORDER BY n", department)

    def active(self, topic: str = "") -> list[Subscription]:
        """Those that are sent something, or those of one topic."""
        where = "AND topic = ?" if topic else "AND ? = ''"
        return self._found(f"WHERE state = 'active' {where} ORDER BY n", topic)

    def followed(self) -> set[str]:
        """The topics that have to be read."""
        return {row[0] for row in self._db.execute("SELECT topic FROM subscriptions WHERE state <> 'stopped'")}

    def starting(self) -> list[Subscription]:
        """Those without a place in their topic."""
        return self._found("WHERE state = 'starting' ORDER BY n")

    def stop(self, n: int, why: StopReason) -> None:
        """Send nothing more. It remembers where its topic is read now, so that it can go on there."""
        self._db.execute(
            "INSERT OR IGNORE INTO own_positions SELECT ?, place, seq FROM positions"
            " WHERE topic = (SELECT topic FROM subscriptions WHERE n = ?)",
            (n, n),
        )
        sql = "UPDATE subscriptions SET state = 'stopped', why = ?, flight = NULL WHERE n = ? AND state <> 'stopped'"
        self._db.execute(sql, (why, n))

    def resume(self, n: int, key: str | None = None) -> bool:
        """Go on where it stopped, at once; `key` is that of who resumes it, None: it stays as it is.

        One that never had a place in its topic, or lost it, starts anew. False, and nothing happened, for one whose key
        was revoked: it takes a key that works.
        """
        sql = (
            "UPDATE subscriptions SET why = '', tries = 0, next_ms = 0, trouble_ms = NULL, key = coalesce(?, key),"
            " state = CASE WHEN state <> 'stopped' THEN state WHEN since_ms IS NULL THEN 'starting' ELSE 'active' END"
            " WHERE n = ? AND (why <> ? OR ? IS NOT NULL)"
        )
        if not self._db.execute(sql, (key, n, StopReason.KEY_REVOKED, key)).rowcount:
            return False
        self._db.execute("UPDATE held SET next_ms = 0 WHERE subscription = ?", (n,))
        return True

    def remove(self, n: int) -> None:
        """End it: what waits for it and its dead letters are gone, too."""
        for part in _PARTS:
            self._db.execute(f"DELETE FROM {part} WHERE subscription = ?", (n,))  # noqa: S608  # our own names
        self._db.execute("DELETE FROM subscriptions WHERE n = ?", (n,))
        self._db.execute("DELETE FROM documents WHERE seq NOT IN (SELECT seq FROM waiting)")

    def rotate(self, n: int, until_ms: int) -> str:
        """A new secret; the one before signs besides it until then."""
        fresh = new_secret()
        sql = "UPDATE subscriptions SET secret_before = secret, before_until_ms = ?, secret = ? WHERE n = ?"
        self._db.execute(sql, (until_ms, fresh, n))
        return fresh

    def end_those_of_keys(self, department: str, working: frozenset[str]) -> int:
        """Stop those that were made by keys of a department which no longer work; how many there were."""
        ended = [
            each
            for each in self._found("WHERE department = ? AND key <> '' AND state <> 'stopped'", department)
            if each.key not in working
        ]
        for each in ended:
            self.stop(each.n, StopReason.KEY_REVOKED)
        return len(ended)

    def keyed(self) -> set[tuple[str, str]]:
        """Department and key of those that depend on a key."""
        sql = "SELECT DISTINCT department, key FROM subscriptions WHERE key <> '' AND state <> 'stopped'"
        return set(self._db.execute(sql).fetchall())

    def _found(self, where: str, *values: object) -> list[Subscription]:
        rows = self._db.execute(f"SELECT {_FIELDS} FROM subscriptions {where}", values).fetchall()  # noqa: S608
        return [_subscription(*row) for row in rows]


def _subscription(
    n: int, id: str, department: str, category: str, area: str, number: str, words: int, url: str, batch: int,
    inside: int, key: str, made_ms: int, secret: str, secret_before: str, before_until_ms: int, state: str, *rest: Any,
) -> Subscription:  # fmt: skip
    selection = Selection(department, category, area, number, bool(words))
    receiver = Receiver(url, bool(batch), bool(inside))
    return Subscription(
        n,
        id,
        selection,
        receiver,
        key,
        made_ms,
        secret,
        secret_before,
        before_until_ms,
        SubscriptionState(state),
        *rest,
    )
