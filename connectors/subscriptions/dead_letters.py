"""Documents that a subscriber refused to the last; each function is to run inside a transaction."""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from connectors.subscriptions.documents import Document


class DeadLetter(NamedTuple):
    """One of them, without its content."""

    n: int
    event: str
    """The id of the event."""
    case: str
    why: str
    tries: int
    t_ms: int
    """When it was given up, ms UTC."""


def keep_dead(
    db: sqlite3.Connection, subscription: int, made: Document, why: str, tries: int, t_ms: int, most: int
) -> None:
    """Keep a refused document, and of all of this subscription the `most` newest; how many went is counted."""
    sql = "INSERT INTO dead_letters (subscription, event, subject, body, why, tries, t_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"
    db.execute(sql, (subscription, made.id, made.subject, made.body, why, tries, t_ms))
    sql = (
        "DELETE FROM dead_letters WHERE subscription = ?1 AND n <="
        " (SELECT n FROM dead_letters WHERE subscription = ?1 ORDER BY n DESC LIMIT 1 OFFSET ?2)"
    )
    if gone := db.execute(sql, (subscription, most)).rowcount:
        sql = "INSERT INTO dead_gone VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
        db.execute(sql, (subscription, gone))


def dead_gone(db: sqlite3.Connection, subscription: int) -> int:
    """How many dead letters of this subscription went because there were too many."""
    row = db.execute("SELECT count FROM dead_gone WHERE subscription = ?", (subscription,)).fetchone()
    return 0 if row is None else int(row[0])


def dead_letters(db: sqlite3.Connection, subscription: int) -> list[DeadLetter]:
    """Those of one subscription, oldest first."""
    sql = "SELECT n, event, subject, why, tries, t_ms FROM dead_letters WHERE subscription = ? ORDER BY n"
    return [DeadLetter(*row) for row in db.execute(sql, (subscription,))]


def send_again(db: sqlite3.Connection, subscription: int, numbers: Collection[int] = ()) -> int:
    """Let some wait again, or all, behind what waits already; how many. An event has its id of before."""
    sql = "SELECT n, event, subject, body FROM dead_letters WHERE subscription = ? ORDER BY n"
    found = [row for row in db.execute(sql, (subscription,)).fetchall() if not numbers or row[0] in numbers]
    for n, *made in found:
        seq = db.execute("INSERT INTO documents (id, subject, body) VALUES (?, ?, ?)", made).lastrowid
        db.execute("INSERT INTO waiting VALUES (?, ?)", (subscription, seq))
        db.execute("DELETE FROM dead_letters WHERE n = ?", (n,))
    return len(found)


def drop_dead(db: sqlite3.Connection, subscription: int, numbers: Collection[int] = ()) -> int:
    """Forget some, or all; how many."""
    found = [each.n for each in dead_letters(db, subscription) if not numbers or each.n in numbers]
    db.executemany("DELETE FROM dead_letters WHERE n = ?", [(n,) for n in found])
    return len(found)
