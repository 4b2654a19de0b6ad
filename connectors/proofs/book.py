"""The file of what went between Grid36 and each partner: made from the ledger's events, and what partners stated."""

import sqlite3
from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from connectors.ledger.reader import LedgerReader
from connectors.outbox.group_commit import in_one_transaction
from connectors.proofs.following import get, note_due, put, take_events
from schemas.days import day_of, end_ms
from schemas.errors import Retry
from schemas.proof import DayAccount, Entry, ProofWay, read_lines

T = TypeVar("T")
AT_ONCE: Final = 5_000
MOST_BACK: Final = timedelta(days=31)
"""For how many days back empty ones get a statement when days are closed after a long time."""
TABLES: Final = """
CREATE TABLE IF NOT EXISTS followed (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    partner TEXT NOT NULL, way TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, day TEXT NOT NULL,
    t_ms INTEGER NOT NULL, rank INTEGER NOT NULL, unit INTEGER NOT NULL,
    PRIMARY KEY (partner, way, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_day ON records (partner, way, day);
CREATE INDEX IF NOT EXISTS records_case ON records (number, partner, way, rank);
CREATE TABLE IF NOT EXISTS cases (number TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS platforms (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stated (
    partner TEXT NOT NULL, day TEXT NOT NULL, way TEXT NOT NULL, count INTEGER NOT NULL, digest TEXT NOT NULL,
    lines TEXT, t_ms INTEGER NOT NULL,
    PRIMARY KEY (partner, day, way)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS due (
    partner TEXT NOT NULL, day TEXT NOT NULL, news INTEGER NOT NULL, PRIMARY KEY (partner, day)
) WITHOUT ROWID;
"""
"""`records`, `cases` and `platforms` follow from the log and are made anew with the ledger; `stated` is what partners
said. `platforms` are the codes by which ids of commands begin that are rows of platforms, and no acts of departments.
`unit` is the sequence of the case before the command that sent an order: what else the command does takes its place.
`due` are the days of which a statement is to be written, and how often there was news of them. `followed` has the
epoch and the sequence of the ledger, the zone, and up to when (ms UTC) the log is complete."""
_LAST_OF_DAY: Final = """
SELECT id, number, t_ms, EXISTS (
    SELECT 1 FROM records AS later WHERE later.number = r.number AND later.partner = r.partner AND later.way = r.way
    AND later.rank > r.rank
) FROM records AS r WHERE partner = ? AND way = ? AND day = ? AND NOT EXISTS (
    SELECT 1 FROM records AS later WHERE later.number = r.number AND later.partner = r.partner AND later.way = r.way
    AND later.rank > r.rank AND later.day = r.day
) ORDER BY id
"""


class ProofsUnwritableError(Retry):
    """The file of what partners were sent cannot be used. Look at the free space and the rights of the folder."""

    file: str
    fault: str


class PartnerRecord(NamedTuple):
    """One record of a partner's day: its id, its case, and its time (ms UTC) as the record itself says it."""

    id: str
    case: str
    t_ms: int
    overtaken: bool = False
    """Whether a record of a later day made it void, so that a partner that was away may never have seen it."""

    @property
    def entry(self) -> Entry:
        """As it counts."""
        return Entry(self.id, self.case)


class DueStatement(NamedTuple):
    """A partner's day of which a statement is to be written; `news` tells apart what came meanwhile."""

    partner: str
    day: date
    news: int


class ProofBook:
    """Safe to use from several threads and processes: each call opens the file. Raises `ProofsUnwritableError`."""

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._path, self._zone = path, zone

    def follow(self, ledger: LedgerReader) -> None:
        """Take in what the ledger has since the last time. Raises `LedgerAway`."""
        while self._do(lambda db: take_events(db, ledger, self._zone, AT_ONCE)) == AT_ONCE:
            pass

    def complete(self, through_ms: int) -> None:
        """Say that nothing before this time can come any more. Of each day that this closes, all partners get news."""

        def close(db: sqlite3.Connection) -> None:
            before = int(get(db, "through_ms") or 0)
            if through_ms <= before:
                return
            put(db, "through_ms", str(through_ms))
            last = day_of(through_ms, self._zone)
            first = max(day_of(before, self._zone), last - MOST_BACK)
            for partner, begin in db.execute("SELECT partner, min(day) FROM records GROUP BY 1").fetchall():
                for n in range((last - first).days):
                    day = (first + timedelta(days=n)).isoformat()
                    if day >= begin:
                        note_due(db, partner, day)

        self._do(close)

    def due(self, most: int) -> list[DueStatement]:
        """Closed days of which a statement is to be written, oldest first."""

        def look(db: sqlite3.Connection) -> list[DueStatement]:
            through = day_of(int(get(db, "through_ms") or 0), self._zone).isoformat()
            query = "SELECT partner, day, news FROM due WHERE day < ? ORDER BY day, partner LIMIT ?"
            rows = db.execute(query, (through, most)).fetchall()
            return [DueStatement(partner, date.fromisoformat(day), news) for partner, day, news in rows]

        return self._do(look)

    def written(self, due: Collection[DueStatement]) -> None:
        """These are written; where there was more news meanwhile, it stays due."""
        rows = [(each.partner, each.day.isoformat(), each.news) for each in due]
        sql = "DELETE FROM due WHERE partner = ? AND day = ? AND news = ?"
        self._do(lambda db: db.executemany(sql, rows).rowcount)

    def is_closed(self, day: date) -> bool:
        """Whether everything of a day is here."""
        return self.through_ms() >= end_ms(day, self._zone)

    def through_ms(self) -> int:
        """Up to when everything is here; 0 if nobody said so."""
        return self._do(lambda db: int(get(db, "through_ms") or 0))

    def partners(self) -> list[tuple[str, date]]:
        """Whoever exchanged anything, with the first day on which they did."""
        rows = self._do(lambda db: db.execute("SELECT partner, min(day) FROM records GROUP BY 1 ORDER BY 1").fetchall())
        return [(partner, date.fromisoformat(day)) for partner, day in rows]

    def records(self, partner: str, way: ProofWay, day: date) -> list[PartnerRecord]:
        """What counts on a day: of several orders of a case the last one."""
        values = partner, way.value, day.isoformat()
        rows = self._do(lambda db: db.execute(_LAST_OF_DAY, values).fetchall())
        return [PartnerRecord(id, number, t_ms, bool(overtaken)) for id, number, t_ms, overtaken in rows]

    def knows(self, partner: str, way: ProofWay, entries: Collection[Entry]) -> set[Entry]:
        """Those of `entries` that went this way at any time."""
        query = "SELECT 1 FROM records WHERE partner = ? AND way = ? AND id = ? AND number = ?"

        def look(db: sqlite3.Connection) -> set[Entry]:
            return {each for each in entries if db.execute(query, (partner, way.value, *each)).fetchone() is not None}

        return self._do(look)

    def state(self, partner: str, day: date, way: ProofWay, account: DayAccount, lines: str | None, t_ms: int) -> None:
        """Keep what a partner says of a day in place of what it said before; on disk on return."""
        row = partner, day.isoformat(), way.value, account.count, account.digest, lines, t_ms

        def keep(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO stated VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            note_due(db, partner, day.isoformat())

        self._do(keep)

    def stated(self, partner: str, day: date) -> dict[ProofWay, tuple[DayAccount, list[Entry] | None]]:
        """What it said, with its list if it gave one."""
        query = "SELECT way, count, digest, lines FROM stated WHERE partner = ? AND day = ?"
        rows = self._do(lambda db: db.execute(query, (partner, day.isoformat())).fetchall())
        return {
            ProofWay(way): (DayAccount(count=count, digest=digest), None if lines is None else read_lines(lines))
            for way, count, digest, lines in rows
        }

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return in_one_transaction(self._path, TABLES, ProofsUnwritableError, work)
