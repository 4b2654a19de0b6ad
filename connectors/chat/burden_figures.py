"""Burden measures 减负指标: how many messages people who work here are sent, by person, over all chat doors.

*Unasked* is every message that does not answer what the person did. *At night* is counted by the region's `night`,
when it was sent. *A day* is the unasked messages divided by the days on which there was any. *Digested* are events
that became a line of a digest, *dropped* those that were over before they were told. A message counts when the platform
has taken it: once, however often it was tried; a long text that a platform takes in parts counts as often.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final, TypedDict

from connectors.chat.messages import SayKind
from connectors.chat.runtime.storage.burden import DIGESTED, DROPPED
from connectors.chat.runtime.storage.store import FILE
from connectors.outbox.group_commit import open_to_read


class BurdenRow(TypedDict):
    """One person's messages; `person` is "" for all who do not work here."""

    person: str
    unasked: int
    night: int
    """Of these, at night."""
    days: int
    """Days with an unasked message; of several people, the sum of theirs."""
    a_day: float | None
    most: int
    """The most unasked messages on one day."""
    job: int
    request: int
    verify: int
    refusal: int
    notice: int
    news: int
    digest: int
    answer: int
    """Not part of the unasked ones."""
    digested: int
    dropped: int


BurdenFigures = TypedDict(
    "BurdenFigures", {"from": str | None, "to": str | None, "rows": list[BurdenRow], "total": BurdenRow}
)
"""The answer; `from` and `to` are days of the region, both included, None where the period is open."""
UNASKED: Final = frozenset(SayKind) - {SayKind.ANSWER}
_Counted = tuple[str, str, str, int, int]
"""A row of the table `burden`."""


def burden(doors: Path, first: date | None = None, last: date | None = None) -> BurdenFigures:
    """Who was sent most first. `doors` holds the folders of the doors; one without messages has no figures."""
    counted = list(_counted(doors, first, last))
    people = {person for _, person, *_ in counted}
    rows = [_row(person, [each for each in counted if each[1] == person]) for person in people]
    return {
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "rows": sorted(rows, key=lambda row: (row["person"] == "", -row["unasked"], row["person"])),
        "total": _row("", [each for each in counted if each[1]]),
    }


def _counted(doors: Path, first: date | None, last: date | None) -> Iterator[_Counted]:
    sql = "SELECT day, person, kind, night, n FROM burden WHERE day >= ? AND day <= ?"
    period = (first.isoformat() if first else "", last.isoformat() if last else "9999")
    for file in sorted(doors.glob(f"*/{FILE}")):
        with closing(open_to_read(file)) as db:
            try:
                yield from db.execute(sql, period).fetchall()
            except sqlite3.OperationalError:  # of a release that did not count, and not opened since
                continue


def _row(person: str, counted: list[_Counted]) -> BurdenRow:
    kinds, by_day, night = Counter[str](), Counter[tuple[str, str]](), 0
    for day, who, kind, at_night, n in counted:
        kinds[kind] += n
        if kind in UNASKED:
            by_day[day, who] += n
            night += n if at_night else 0
    unasked = sum(by_day.values())
    return {
        "person": person,
        "unasked": unasked,
        "night": night,
        "days": len(by_day),
        "a_day": round(unasked / len(by_day), 2) if by_day else None,
        "most": max(by_day.values(), default=0),
        "job": kinds["job"],
        "request": kinds["request"],
        "verify": kinds["verify"],
        "refusal": kinds["refusal"],
        "notice": kinds["notice"],
        "news": kinds["news"],
        "digest": kinds["digest"],
        "answer": kinds["answer"],
        "digested": kinds[DIGESTED],
        "dropped": kinds[DROPPED],
    }
