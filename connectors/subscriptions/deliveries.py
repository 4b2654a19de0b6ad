"""What is sent to a subscriber next, and what became of it; each function is to run inside a transaction.

One request is on its way to a subscriber at a time. What it refuses holds up the later documents of the same case only.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final, NamedTuple

from connectors.standard_webhooks.pauses import pause_s
from connectors.subscriptions.dead_letters import keep_dead
from connectors.subscriptions.documents import Document
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.subscription import MOST_AT_ONCE, StopReason, Subscription, SubscriptionState

DAY_MS: Final = 86_400_000
MOST_BYTES: Final = 1_000_000
"""Of documents in one request, if there are several."""


class DeliveryLimits(NamedTuple):
    """Times and amounts of all subscriptions."""

    give_up_days: float = 3.0
    """After so long a subscriber that takes nothing is stopped, and a document that it refuses is a dead letter."""
    first_pause_s: float = 5.0
    longest_pause_s: float = 21_600.0
    most_waiting: int = 100_000
    """Documents that wait for one subscriber; with more it is stopped."""
    most_dead: int = 1_000
    """Dead letters that are kept of one subscription; of more the oldest go, and are counted."""
    answer_s: float = 10.0
    """How long a subscriber may take."""
    gather_s: float = 0.2
    """How long events are gathered for a subscriber that takes several at once."""


LIMITS: Final = DeliveryLimits()


class Posting(NamedTuple):
    """What is to be sent now: the subscription as it is, and one document or, if it takes them, several."""

    subscription: Subscription
    seqs: tuple[int, ...]
    documents: tuple[Document, ...]


class PostVerdict(NamedTuple):
    """What became of a request: taken, or `why` not."""

    why: str = ""
    gone: bool = False
    """The subscriber wants nothing any more."""
    refused: bool = False
    """It is about what was sent: other documents may be taken."""
    after_s: float = 0.0
    """How much patience the subscriber asks for."""


def next_posting(db: sqlite3.Connection, id: str, now_ms: int, *, held_first: bool = False) -> Posting | int | None:
    """What to send now; or when there may be something (ms UTC); or None: nothing until something arrives.

    `held_first`: a refused document that is due goes before what is new.
    """
    subscription = SubscriptionRows(db).one(id)
    if subscription is None or subscription.state is not SubscriptionState.ACTIVE:
        return None
    if subscription.next_ms > now_ms:
        return subscription.next_ms
    rows = _in_order(db, subscription) if not held_first or subscription.flight is not None else []
    rows = rows or _held(db, subscription, now_ms) or (_in_order(db, subscription) if held_first else [])
    if not rows:
        (next_ms,) = db.execute("SELECT min(next_ms) FROM held WHERE subscription = ?", (subscription.n,)).fetchone()
        return None if next_ms is None else int(next_ms)
    if subscription.flight is None and len(rows) > 1:
        db.execute("UPDATE subscriptions SET flight = ? WHERE n = ?", (rows[-1][0], subscription.n))
    return Posting(subscription, tuple(row[0] for row in rows), tuple(Document(*row[1:]) for row in rows))


def _in_order(db: sqlite3.Connection, of: Subscription) -> list[tuple[int, str, str, bytes]]:
    """What is new, or again what was on its way; nothing of a case of which something was refused."""
    several = of.receiver.batch and of.single is None
    sql = (
        "SELECT d.seq, d.id, d.subject, d.body FROM waiting AS w CROSS JOIN documents AS d ON d.seq = w.seq"
        " WHERE w.subscription = ?1 AND w.seq <= ?2 AND NOT EXISTS"
        " (SELECT 1 FROM held WHERE held.subscription = ?1 AND held.subject = d.subject) ORDER BY w.seq LIMIT ?3"
    )
    upto = of.flight if of.flight is not None else 2**62
    rows = db.execute(sql, (of.n, upto, MOST_AT_ONCE if several else 1)).fetchall()
    size = 0
    for count, row in enumerate(rows):
        size += len(row[3])
        if size > MOST_BYTES and count:
            return rows[:count]
    return rows


def _held(db: sqlite3.Connection, of: Subscription, now_ms: int) -> list[tuple[int, str, str, bytes]]:
    """The oldest document of a case of which it was refused, when it is due again."""
    sql = "SELECT subject FROM held WHERE subscription = ? AND next_ms <= ? ORDER BY next_ms LIMIT 1"
    found = db.execute(sql, (of.n, now_ms)).fetchone()
    if found is None:
        return []
    sql = (
        "SELECT d.seq, d.id, d.subject, d.body FROM waiting AS w CROSS JOIN documents AS d ON d.seq = w.seq"
        " WHERE w.subscription = ? AND d.subject = ? ORDER BY w.seq LIMIT 1"
    )
    rows = db.execute(sql, (of.n, *found)).fetchall()
    if not rows:
        db.execute("DELETE FROM held WHERE subscription = ? AND subject = ?", (of.n, *found))
    return rows


def settle(
    db: sqlite3.Connection, posting: Posting, verdict: PostVerdict, now_ms: int, limits: DeliveryLimits, drawn: float
) -> None:
    """Note what became of a request. Nothing happens to a subscription that ended meanwhile."""
    of = SubscriptionRows(db).one(posting.subscription.id)
    if of is None:
        return
    if not verdict.why:
        _taken(db, of, posting, now_ms)
    elif verdict.gone:
        SubscriptionRows(db).stop(of.n, StopReason.GONE)
    elif verdict.refused:
        _refused(db, of, posting, verdict, now_ms, limits, drawn)
    else:
        _failed(db, of, verdict, now_ms, limits, drawn)


def _taken(db: sqlite3.Connection, of: Subscription, posting: Posting, now_ms: int) -> None:
    drop(db, of.n, posting.seqs)
    if len(posting.seqs) == 1:
        db.execute(
            "DELETE FROM held WHERE subscription = ? AND subject = ?", (of.n, posting.documents[0].subject)
        )  # the next of this case may be taken at once
    single = None if of.single is not None and posting.seqs[-1] >= of.single else of.single
    sql = (
        "UPDATE subscriptions SET tries = 0, next_ms = 0, trouble_ms = NULL, last_ms = ?, sent = sent + ?,"
        " flight = NULL, single = ?, why = iif(state = 'active', '', why) WHERE n = ?"
    )
    db.execute(sql, (now_ms, len(posting.seqs), single, of.n))


def _failed(
    db: sqlite3.Connection, of: Subscription, verdict: PostVerdict, now_ms: int, limits: DeliveryLimits, drawn: float
) -> None:
    """The subscriber is in trouble: everything waits."""
    trouble_ms = of.trouble_ms if of.trouble_ms is not None else now_ms
    if now_ms - trouble_ms > limits.give_up_days * DAY_MS:
        SubscriptionRows(db).stop(of.n, StopReason.GAVE_UP)
        return
    pause = pause_s(of.tries + 1, limits.first_pause_s, limits.longest_pause_s, drawn, verdict.after_s)
    sql = (
        "UPDATE subscriptions SET tries = tries + 1, next_ms = ?, trouble_ms = ?, why = iif(state = 'active', ?, why)"
        " WHERE n = ?"
    )
    db.execute(sql, (now_ms + round(pause * 1000), trouble_ms, verdict.why, of.n))


def _refused(
    db: sqlite3.Connection,
    of: Subscription,
    posting: Posting,
    verdict: PostVerdict,
    now_ms: int,
    limits: DeliveryLimits,
    drawn: float,
) -> None:
    """Of several it is not known which one: they go one by one. One alone is tried again, at last a dead letter."""
    sql = "UPDATE subscriptions SET flight = NULL, tries = 0, next_ms = 0, trouble_ms = NULL, single = ? WHERE n = ?"
    if len(posting.seqs) > 1:
        db.execute(sql, (posting.seqs[-1], of.n))
        return
    db.execute(sql, (None if of.single is not None and posting.seqs[0] >= of.single else of.single, of.n))
    subject = posting.documents[0].subject
    known = db.execute("SELECT tries, since_ms FROM held WHERE subscription = ? AND subject = ?", (of.n, subject))
    tries, since_ms = known.fetchone() or (0, now_ms)
    if now_ms - since_ms > limits.give_up_days * DAY_MS:
        _bury(db, of, posting, verdict.why, tries + 1, now_ms, limits.most_dead)
        return
    pause = pause_s(tries + 1, limits.first_pause_s, limits.longest_pause_s, drawn, verdict.after_s)
    db.execute(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?)",
        (of.n, subject, tries + 1, since_ms, now_ms + round(pause * 1000)),
    )


def _bury(
    db: sqlite3.Connection,
    of: Subscription,
    posting: Posting,
    why: str,
    tries: int,
    now_ms: int,
    most: int,
) -> None:
    (made,) = posting.documents
    keep_dead(db, of.n, made, why, tries, now_ms, most)
    db.execute("DELETE FROM held WHERE subscription = ? AND subject = ?", (of.n, made.subject))
    drop(db, of.n, posting.seqs)


def drop(db: sqlite3.Connection, n: int, seqs: Sequence[int]) -> None:
    """These no longer wait for this subscriber; what waits for nobody is forgotten."""
    db.executemany("DELETE FROM waiting WHERE subscription = ? AND seq = ?", [(n, seq) for seq in seqs])
    sql = "DELETE FROM documents WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM waiting WHERE seq = ?1)"
    db.executemany(sql, [(seq,) for seq in seqs])


def stop_overfull(db: sqlite3.Connection, most: int) -> list[str]:
    """Stop those for whom too much waits; their ids."""
    rows, sql = SubscriptionRows(db), "SELECT count(*) FROM (SELECT 1 FROM waiting WHERE subscription = ? LIMIT ?)"
    full = [each for each in rows.active() if db.execute(sql, (each.n, most + 1)).fetchone()[0] > most]
    for each in full:
        rows.stop(each.n, StopReason.FULL)
    return [each.id for each in full]
