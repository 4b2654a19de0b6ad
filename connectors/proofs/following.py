"""Takes the ledger's events into the file of proofs: each once, with the place in the ledger, in one transaction."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic_core import from_json

from connectors.ledger.reader import LedgerReader, meta
from connectors.proofs.recorded import ProofRow, platforms_in, taken_by
from connectors.proofs.sent_orders import CaseOrders, next_orders
from schemas.days import day_of
from schemas.proof import ProofWay

_EVENTS: Final = "SELECT seq, number, event FROM timeline WHERE seq > ? ORDER BY seq LIMIT ?"
_RECORD: Final = "INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_MOVED: Final = (
    "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (partner, way, id) DO UPDATE"
    " SET number = excluded.number WHERE number <> excluded.number"
)
FOLD: Final = "2"
"""Of what is made of the events; another one makes it anew."""
_DUE: Final = "INSERT INTO due VALUES (?, ?, 1) ON CONFLICT (partner, day) DO UPDATE SET news = news + 1"
_AGAIN: Final = "DELETE FROM records WHERE number = ? AND way = ? AND rank > 0 AND unit = ?"


def take_events(db: sqlite3.Connection, ledger: LedgerReader, zone: ZoneInfo, most: int) -> int:
    """The next events, at most `most`; how many there were. Begins anew with another ledger file or zone."""
    with ledger.snapshot() as rows:
        epoch = meta(rows, "epoch")
        made_as = (("epoch", epoch), ("zone", zone.key), ("fold", FOLD))
        if any(get(db, name) != value for name, value in made_as):
            for table in ("records", "cases", "platforms"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
            for name, value in (*made_as, ("seq", "0"), ("through_ms", "0")):
                put(db, name, value)
        found = rows.execute(_EVENTS, (int(get(db, "seq") or 0), most)).fetchall()
    if found:
        _fold(db, zone, [(number, from_json(event)) for _, number, event in found])
        put(db, "seq", str(found[-1][0]))
    return len(found)


def get(db: sqlite3.Connection, name: str) -> str | None:
    """A value of the table `followed`."""
    row = db.execute("SELECT value FROM followed WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def put(db: sqlite3.Connection, name: str, value: str) -> None:
    """Set a value of the table `followed`."""
    db.execute("INSERT OR REPLACE INTO followed VALUES (?, ?)", (name, value))


def note_due(db: sqlite3.Connection, partner: str, day: str) -> None:
    """There is news of a day."""
    db.execute(_DUE, (partner, day))


def _fold(db: sqlite3.Connection, zone: ZoneInfo, events: Iterable[tuple[str | None, Mapping[str, Any]]]) -> None:
    known: dict[str, CaseOrders | None] = {}
    platforms = {code for (code,) in db.execute("SELECT code FROM platforms")}
    for number, event in events:
        for code in platforms_in(event) - platforms:
            platforms.add(code)
            db.execute("INSERT INTO platforms VALUES (?)", (code,))
        moved = bool(event.get("now", {}).get("moved_from"))
        for row in taken_by(event, platforms):
            _add(db, zone, row, moved=moved)
        if number is None:
            continue
        if number not in known:
            known[number] = _case(db, number)
        if (found := next_orders(known[number], event)) is None:
            continue
        case = known[number] = found.case
        if found.again:  # what the command did before has made other orders than all of it
            db.execute(_AGAIN, (number, ProofWay.TO_PARTNER.value, case.seq_before))
        for order in found.sent:
            row = ProofRow(order.department, ProofWay.TO_PARTNER, order.id, order.case, order.t_ms, order.rank)
            _add(db, zone, row, case.seq_before)
    stored = [(number, json.dumps(case.to_json())) for number, case in known.items() if case is not None]
    db.executemany("INSERT OR REPLACE INTO cases VALUES (?, ?)", stored)


def _add(db: sqlite3.Connection, zone: ZoneInfo, row: ProofRow, unit: int = 0, *, moved: bool = False) -> None:
    """The first one of its id stays; only a case that moved to another number takes its records along."""
    day = day_of(row.t_ms, zone).isoformat()
    values = row.partner, row.way.value, row.id, row.case, day, row.t_ms, row.rank, unit
    if db.execute(_MOVED if moved else _RECORD, values).rowcount:
        note_due(db, row.partner, day)


def _case(db: sqlite3.Connection, number: str) -> CaseOrders | None:
    row = db.execute("SELECT known FROM cases WHERE number = ?", (number,)).fetchone()
    return None if row is None else CaseOrders.of_json(json.loads(row[0]))
