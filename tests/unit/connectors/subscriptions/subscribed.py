"""Records as Kafka's client gives them, and a file of subscriptions in memory."""

import json
import sqlite3
from typing import Any, NamedTuple

from connectors.subscriptions.arrivals import Arrivals, Texts, save_positions
from connectors.subscriptions.rows import TABLES, SubscriptionRows
from connectors.subscriptions.subscription import Receiver, Selection, Subscription
from schemas.codec import cloud_event
from schemas.order import FINISHED_KIND, ORDER_KIND
from schemas.topics import CASE_KEY, CASES, department_topic

WATER = department_topic("water")
HERE = Receiver("http://127.0.0.1:1/", batch=True, inside=True)


class Written(NamedTuple):
    """A record of a topic."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def order(offset: int, case: str, partition: int = 0, **fields: Any) -> Written:
    """An order of `water`; without fields its end."""
    kind, id = (ORDER_KIND, f"water/{case}/{offset}") if fields else (FINISHED_KIND, f"water/{case}/{offset}/finished")
    headers = cloud_event(event_id=id, source="grid36/orders", kind=kind, t_ms=offset, subject=case)
    value = json.dumps({"case": case, **fields}).encode() if fields else None
    return Written(partition, offset, offset, case.encode(), value, headers)


def case(offset: int, number: str, partition: int = 0, **fields: Any) -> Written:
    """A case as it stands; without fields it is archived."""
    value = json.dumps({"number": number, "state": "dispatched", "seq": offset, **fields}).encode() if fields else None
    return Written(partition, offset, offset, f"{CASE_KEY}{number}".encode(), value)


def opened(path: str = ":memory:") -> sqlite3.Connection:
    """An empty file."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(TABLES)
    return db


def active(db: sqlite3.Connection, selection: Selection, receiver: Receiver = HERE, key: str = "") -> Subscription:
    """A subscription that has its place, which is where the topic is read."""
    made = SubscriptionRows(db).add(selection, receiver, 0, key)
    save_positions(db, selection.topic, {0: 0})
    db.execute("UPDATE subscriptions SET state = 'active', since_ms = 0 WHERE n = ?", (made.n,))
    found = SubscriptionRows(db).one(made.id)
    assert found is not None
    return found


def arrive(db: sqlite3.Connection, *records: Written, topic: str = WATER, texts: Texts | None = None) -> frozenset[int]:
    """These come, in order, in one transaction."""
    db.execute("BEGIN")
    before: dict[int, int] = {}
    positions: dict[int, int] = {}
    for each in records:
        before.setdefault(each.partition, each.offset)
        positions[each.partition] = each.offset + 1
    try:
        return Arrivals(db, topic).take(records, before, positions, texts or {})
    finally:
        db.execute("COMMIT")


def arrive_cases(db: sqlite3.Connection, *records: Written, texts: Texts | None = None) -> frozenset[int]:
    """The same in the topic of cases."""
    return arrive(db, *records, topic=CASES, texts=texts)


def waiting(db: sqlite3.Connection, of: Subscription) -> list[str]:
    """Ids of what waits for it, in order."""
    sql = "SELECT d.id FROM waiting AS w JOIN documents AS d ON d.seq = w.seq WHERE w.subscription = ? ORDER BY w.seq"
    return [id for (id,) in db.execute(sql, (of.n,))]


def bodies(db: sqlite3.Connection, of: Subscription) -> list[dict[str, Any]]:
    """What waits for it."""
    sql = "SELECT d.body FROM waiting AS w JOIN documents AS d ON d.seq = w.seq WHERE w.subscription = ? ORDER BY w.seq"
    return [json.loads(body) for (body,) in db.execute(sql, (of.n,))]
