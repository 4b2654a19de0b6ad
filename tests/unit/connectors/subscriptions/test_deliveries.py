"""What is sent next and what becomes of it: in order for each case, nothing lost, nothing on its way twice."""

import sqlite3
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.subscriptions.dead_letters import dead_letters, drop_dead, send_again
from connectors.subscriptions.deliveries import (
    DAY_MS,
    DeliveryLimits,
    Posting,
    PostVerdict,
    next_posting,
    settle,
    stop_overfull,
)
from connectors.subscriptions.documents import message_of
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.standing import standing
from connectors.subscriptions.subscription import Receiver, Selection, StopReason, Subscription
from schemas.names import Language
from tests.unit.connectors.subscriptions.subscribed import HERE, active, arrive, opened, order, waiting

LIMITS = DeliveryLimits(give_up_days=3.0, first_pause_s=5.0, longest_pause_s=3600.0)
DOWN, REFUSED = PostVerdict("status 503"), PostVerdict("status 422", refused=True)
HOUR_MS = 3_600_000
WATER = Selection("water")


def filled(receiver: Receiver = HERE, cases: str = "abcabc") -> tuple[sqlite3.Connection, Subscription]:
    """One subscription for which an order of each of these cases waits."""
    db = opened()
    made = active(db, WATER, receiver)
    arrive(db, *(order(n, each, category="x") for n, each in enumerate(cases)))
    return db, made


def found(db: sqlite3.Connection, of: Subscription, now_ms: int = 0, *, held_first: bool = False) -> Posting:
    posting = next_posting(db, of.id, now_ms, held_first=held_first)
    assert isinstance(posting, Posting)
    return posting


def now_is(db: sqlite3.Connection, of: Subscription) -> Subscription:
    again = SubscriptionRows(db).one(of.id)
    assert again is not None
    return again


def test_several_go_in_one_request_to_those_who_take_them() -> None:
    db, many = filled()
    assert [each.subject for each in found(db, many).documents] == list("abcabc")
    db, single = filled(Receiver("http://127.0.0.1:1/", inside=True))
    assert [each.subject for each in found(db, single).documents] == ["a"]


def test_a_request_that_is_sent_again_is_the_same_one() -> None:
    """After kill -9 nobody knows whether it arrived; what came meanwhile goes in the next one."""
    db, of = filled(cases="abc")
    first = found(db, of)
    arrive(db, order(3, "d", category="x"))
    again = found(db, of)
    assert message_of(of.id, again.documents, batch=True) == message_of(of.id, first.documents, batch=True)
    settle(db, again, PostVerdict(), 1, LIMITS, 0.0)
    assert [each.subject for each in found(db, of).documents] == ["d"]
    assert db.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_a_subscriber_in_trouble_waits_with_everything_and_is_stopped_at_last() -> None:
    """It goes on where it was when somebody resumes it."""
    db, of = filled(cases="ab")
    now = 0
    for tries in range(1, 100):
        settle(db, found(db, of, now), DOWN, now, LIMITS, 1.0)
        if now_is(db, of).state == "stopped":
            break
        wait_ms = min(5_000 * 2 ** (tries - 1), HOUR_MS)
        assert next_posting(db, of.id, now + wait_ms - 1) == now + wait_ms
        assert now_is(db, of).why == "status 503"
        now += wait_ms
    assert now > 3 * DAY_MS
    assert now_is(db, of).why == StopReason.GAVE_UP
    assert next_posting(db, of.id, now + 365 * DAY_MS) is None
    arrive(db, order(2, "c", category="x"))
    assert standing(db, of, Language.EN)["waiting"] == 2, "what comes later is in the topic"
    SubscriptionRows(db).resume(of.n)
    arrive(db, order(2, "c", category="x"))
    settle(db, found(db, of, now), PostVerdict(), now, LIMITS, 1.0)
    assert waiting(db, of) == ["water/c/2"] or waiting(db, of) == []


def test_patience_that_is_asked_for_is_given() -> None:
    db, of = filled()
    settle(db, found(db, of), PostVerdict("status 429", after_s=600.0), 0, LIMITS, 0.0)
    assert next_posting(db, of.id, 599_999) == 600_000
    settle(db, found(db, of, 600_000), PostVerdict(), 600_000, LIMITS, 0.0)
    assert now_is(db, of).trouble_ms is None


def test_a_refused_document_holds_up_its_case_only_and_is_a_dead_letter_at_last() -> None:
    db, of = filled(cases="abab")

    def verdict(posting: Posting) -> PostVerdict:
        return REFUSED if any(each.subject == "a" for each in posting.documents) else PostVerdict()

    now = play(db, of, verdict, 0, until=lambda: len(dead_letters(db, of.n)) == 1)
    assert now > 3 * DAY_MS
    assert waiting(db, of) == ["water/a/2"]
    (dead,) = dead_letters(db, of.n)
    assert (dead.event, dead.case, dead.why) == ("water/a/0", "a", "status 422")
    play(db, of, lambda _: PostVerdict(), now, until=lambda: not waiting(db, of))
    assert send_again(db, of.n) == 1
    assert waiting(db, of) == ["water/a/0"]
    assert dead_letters(db, of.n) == []
    assert drop_dead(db, of.n) == 0


def test_of_dead_letters_the_newest_are_kept_and_the_others_counted() -> None:
    """For each subscription by itself, and no longer than there is one."""
    db, of = filled(cases="abcdefg")
    other = active(db, WATER, HERE)
    arrive(db, *(order(n, each, category="x") for n, each in enumerate("xy", 10)))
    few = LIMITS._replace(most_dead=3)
    for each in (of, other):
        now = 0
        for _ in range(2):
            while isinstance(posting := next_posting(db, each.id, now), Posting):
                settle(db, posting, REFUSED, now, few, 0.5)
            now += 4 * DAY_MS
    assert [letter.case for letter in dead_letters(db, of.n)] == ["g", "x", "y"]
    assert standing(db, now_is(db, of), Language.EN)["dead_gone"] == 6
    assert [letter.case for letter in dead_letters(db, other.n)] == ["x", "y"]
    assert "dead_gone" not in standing(db, now_is(db, other), Language.EN)
    SubscriptionRows(db).remove(of.n)
    assert db.execute("SELECT * FROM dead_gone").fetchall() == []


def play(
    db: sqlite3.Connection,
    of: Subscription,
    verdict: Callable[[Posting], PostVerdict],
    now: int,
    until: Callable[[], bool],
) -> int:
    """Post until something is so; the time then."""
    turn = False
    for _ in range(2000):
        if until():
            return now
        turn = not turn
        posting = next_posting(db, of.id, now, held_first=turn)
        if isinstance(posting, Posting):
            settle(db, posting, verdict(posting), now, LIMITS, 0.5)
        else:
            assert posting is not None, "nothing will ever be sent"
            now = max(posting, now + 1)
    raise AssertionError("never")


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=25),
    st.lists(st.sampled_from([PostVerdict(), DOWN, REFUSED, None]), max_size=40),
    st.booleans(),
)
def test_each_case_is_taken_in_order_and_once(cases: list[str], fate: list[PostVerdict | None], batch: bool) -> None:
    """Whatever the subscriber answers, and wherever the process was killed (None)."""
    db, of = filled(Receiver("http://127.0.0.1:1/", batch=batch, inside=True), "".join(cases))
    took, left = list[str](), list(fate)
    now, turn, flight = 0, False, None
    while waiting(db, of):
        turn = not turn
        posting = next_posting(db, of.id, now, held_first=turn)
        if not isinstance(posting, Posting):
            assert posting is not None
            now = posting
            continue
        message = message_of(of.id, posting.documents, batch=batch)
        verdict = left.pop(0) if left else PostVerdict()
        if flight is not None and len(posting.documents) > 1:
            assert message == flight
        flight = message if verdict is None and len(posting.documents) > 1 else None
        if verdict is not None:
            if not verdict.why:
                took += [each.id for each in posting.documents]
            settle(db, posting, verdict, now, LIMITS, 0.5)
    assert sorted(took) == sorted(f"water/{each}/{n}" for n, each in enumerate(cases))
    for each in "abcd":
        of_case = [int(id.rpartition("/")[2]) for id in took if id.startswith(f"water/{each}/")]
        assert of_case == sorted(of_case)
    assert db.execute("SELECT (SELECT count(*) FROM documents) + (SELECT count(*) FROM held)").fetchone() == (0,)


def test_410_stops_it_and_what_waits_stays() -> None:
    db, of = filled()
    settle(db, found(db, of), PostVerdict("status 410", gone=True), 0, LIMITS, 0.0)
    assert now_is(db, of).why == StopReason.GONE
    assert standing(db, now_is(db, of), Language.EN)["resumes_at"] == {"0": 6}
    assert len(waiting(db, of)) == 6


def test_a_subscriber_for_whom_too_much_waits_is_stopped_where_its_topic_is() -> None:
    db, of = filled()
    assert stop_overfull(db, 6) == []
    assert stop_overfull(db, 5) == [of.id]
    arrive(db, order(6, "d", category="x"))
    SubscriptionRows(db).resume(of.n)
    arrive(db, order(5, "c", category="x"), order(6, "d", category="x"))
    assert len(waiting(db, of)) == 7


def test_nothing_happens_to_what_ended_while_it_was_posted() -> None:
    db, of = filled()
    posting = found(db, of)
    SubscriptionRows(db).remove(of.n)
    settle(db, posting, PostVerdict(), 0, LIMITS, 0.0)
    assert db.execute("SELECT (SELECT count(*) FROM documents) + (SELECT count(*) FROM waiting)").fetchone() == (0,)


def test_one_that_was_stopped_while_it_was_posted_stays_stopped() -> None:
    db, of = filled()
    posting = found(db, of)
    SubscriptionRows(db).stop(of.n, StopReason.KEY_REVOKED)
    settle(db, posting, PostVerdict(), 0, LIMITS, 0.0)
    assert (now_is(db, of).state, now_is(db, of).why, waiting(db, of)) == ("stopped", "key_revoked", [])
