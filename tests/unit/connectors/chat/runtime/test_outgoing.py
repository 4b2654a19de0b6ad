"""The way out of a chat is as short however much was sent before."""

import sqlite3

from connectors.chat.messages import Outgoing
from connectors.chat.runtime.storage import outgoing


def test_what_waits_is_found_without_reading_what_was_sent() -> None:
    """Each message that comes or goes asks for it, and what was sent stays for weeks."""
    db, asked = sqlite3.connect(":memory:"), list[str]()
    db.executescript(outgoing.TABLES)
    db.set_trace_callback(asked.append)
    outgoing.put(db, "ana", [Outgoing(id="o", chat="c", text="words")], 1, held=True)
    outgoing.heard(db, "c", 2)
    assert outgoing.chats(db) == ["c"]
    assert outgoing.oldest(db, "c") is not None
    outgoing.hold(db, "c", 3)
    assert db.execute(outgoing.QUEUES).fetchall() == [("outgoing", 0, None), ("held", 1, 1)]
    db.set_trace_callback(None)
    plans = [row[3] for query in asked if "BEGIN" not in query for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
    of_it = {plan for plan in plans if "outgoing" in plan}
    assert len(of_it) > 3
    assert [plan for plan in of_it if "INDEX" not in plan] == []
