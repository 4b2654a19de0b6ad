"""Documents that a subscriber refused to the last; each function is to run inside a transaction."""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple


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
