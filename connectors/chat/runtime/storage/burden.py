"""How much people are written to 指尖减负: counts by day, person and kind, by day and by night.

A message is counted in the transaction that marks it as sent, so once, however often it is tried.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connectors.chat.messages import SayKind

TABLES: Final = """
CREATE TABLE IF NOT EXISTS burden (
    day TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, night INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (day, person, kind, night)
) WITHOUT ROWID;
"""
"""`day`: of the region, YYYY-MM-DD. `person`: who works here; "" for all others. `kind`: a `SayKind`, or one of two:"""
DIGESTED: Final = "digested"
"""Events that became a line of a digest."""
DROPPED: Final = "dropped"
"""Events that were over before they were told."""
DAYS: Final = 800
"""For how long counts are there: two years and a while."""
_ADD: Final = """INSERT INTO burden VALUES (?, ?, ?, ?, ?)
ON CONFLICT (day, person, kind, night) DO UPDATE SET n = n + excluded.n"""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is sent, and of whom it is counted by name."""

    day: date
    night: bool
    works_here: Callable[[str], bool]
    """Whether a person is one of the region's; in any thread."""


def add(db: sqlite3.Connection, sender: str, counts: Mapping[str, int], when: Occasion) -> None:
    """Count for whom an account belongs to."""
    row = db.execute("SELECT person FROM conversations WHERE sender = ?", (sender,)).fetchone()
    person = row[0] if row is not None and when.works_here(row[0]) else ""
    rows = [(when.day.isoformat(), person, kind, when.night, n) for kind, n in counts.items() if n]
    db.executemany(_ADD, rows)


def unasked(db: sqlite3.Connection, sender: str, day: date) -> int:
    """How many messages that they did not ask for a person of the region was sent on a day, or will be."""
    sent = """SELECT coalesce(sum(n), 0) FROM burden WHERE day = ? AND kind IN (SELECT value FROM json_each(?))
              AND person != '' AND person = (SELECT person FROM conversations WHERE sender = ?)"""
    kinds = ",".join(f'"{kind.value}"' for kind in SayKind if kind is not SayKind.ANSWER)
    waiting = """SELECT count(*) FROM outgoing WHERE sender = ? AND state = 'waiting'
                 AND coalesce(json_extract(message, '$.kind'), 'answer') != 'answer'"""
    counted: int = db.execute(sent, (day.isoformat(), f"[{kinds}]", sender)).fetchone()[0]
    return counted + int(db.execute(waiting, (sender,)).fetchone()[0])


def forget(db: sqlite3.Connection, person: str) -> None:
    """Count what somebody was sent as everybody else's."""
    rows = db.execute("SELECT day, '', kind, night, n FROM burden WHERE person = ?", (person,)).fetchall()
    db.execute("DELETE FROM burden WHERE person = ?", (person,))
    db.executemany(_ADD, rows)


def prune(db: sqlite3.Connection, today: date) -> int:
    """Remove old counts; how many."""
    return db.execute("DELETE FROM burden WHERE day < ?", ((today - timedelta(days=DAYS)).isoformat(),)).rowcount
