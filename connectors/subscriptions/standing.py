"""How a subscription stands, for its owner and the operator: without its secret. To run inside a transaction."""

import sqlite3
from typing import Any

from connectors.standard_webhooks.http_trouble import trouble_words
from connectors.subscriptions.dead_letters import dead_gone
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.subscription import StopReason, Subscription, SubscriptionState
from schemas.names import Language, Name


def every_standing(db: sqlite3.Connection, language: Language) -> list[dict[str, Any]]:
    """How each stands."""
    return [standing(db, each, language) for each in SubscriptionRows(db).all()]


def why_words(why: str) -> Name:
    """The words for what is stored of a subscription or a dead letter."""
    if why in {each.value for each in StopReason}:
        return Name.of(f"subscriptions.stopped.{why}")
    return trouble_words(why)


def standing(db: sqlite3.Connection, of: Subscription, language: Language) -> dict[str, Any]:
    """As JSON; what is empty is left out. Times are ms UTC. `why` is for programs, `says` for people."""
    (waits,) = db.execute("SELECT count(*) FROM waiting WHERE subscription = ?", (of.n,)).fetchone()
    (dead,) = db.execute("SELECT count(*) FROM dead_letters WHERE subscription = ?", (of.n,)).fetchone()
    oldest = "SELECT seq FROM waiting WHERE subscription = ? ORDER BY seq LIMIT 1"
    selection, receiver = of.selection, of.receiver
    says = why_words(of.why).to(language) if of.why else ""
    shown = {
        "id": of.id, "department": selection.department, "category": selection.category, "area": selection.area,
        "case": selection.case, "words": selection.words, "url": receiver.shown, "batch": receiver.batch,
        "made_by": f"key {of.key}" if of.key else "operator", "made_ms": of.made_ms, "state": of.state.value,
        "why": of.why, "says": says, "since_ms": of.since_ms, "last_ms": of.last_ms, "trouble_ms": of.trouble_ms,
        "next_ms": of.next_ms if of.state is SubscriptionState.ACTIVE else 0,
    }  # fmt: skip
    counts = {"sent": of.sent, "waiting": waits, "dead": dead}
    if gone := dead_gone(db, of.n):
        counts["dead_gone"] = gone
    if of.state is SubscriptionState.STOPPED:
        sql = "SELECT place, seq FROM own_positions WHERE subscription = ?"
        counts["resumes_at"] = {str(place): seq for place, seq in db.execute(sql, (of.n,))}
    found = db.execute(oldest, (of.n,)).fetchone()
    if found is not None:
        (counts["next_event"],) = db.execute("SELECT id FROM documents WHERE seq = ?", found).fetchone()
    return {name: value for name, value in shown.items() if value not in ("", None, False, 0)} | counts
