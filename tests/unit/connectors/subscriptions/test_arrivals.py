"""What arrives waits once for each who subscribed to it, whatever is read again."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.subscription import Selection, StopReason
from schemas.case_facts import FACTS_END_KIND, FACTS_KIND
from schemas.order import FINISHED_KIND, ORDER_KIND, Written
from tests.unit.connectors.subscriptions.subscribed import Written as Row
from tests.unit.connectors.subscriptions.subscribed import (
    active,
    arrive,
    arrive_cases,
    bodies,
    case,
    opened,
    order,
    waiting,
)


def test_a_department_gets_its_orders_as_its_topic_has_them() -> None:
    db = opened()
    all_of_it = active(db, Selection("water"))
    elsewhere = active(db, Selection("parks"))
    assert arrive(db, order(0, "c1", category="leak"), order(1, "c1")) == {all_of_it.n}
    first, last = bodies(db, all_of_it)
    assert (first["type"], first["data"]) == (ORDER_KIND, {"case": "c1", "category": "leak"})
    assert (first["id"], first["source"], first["subject"]) == ("water/c1/0", "grid36/orders", "c1")
    assert (last["type"], last["id"], "data" in last) == (FINISHED_KIND, "water/c1/1/finished", False)
    assert bodies(db, elsewhere) == []


def test_a_narrowed_subscription_is_told_when_a_case_leaves_it() -> None:
    """The end of an order says no category, and what became of another category is never sent."""
    db = opened()
    leaks = active(db, Selection("water", category="leak"))
    here = active(db, Selection("water", area="G1"))
    one = active(db, Selection("water", case="c1"))
    place = {"grid": "G1", "segment": "S1"}
    arrive(db, order(0, "c1", category="leak", place=place), order(1, "c2", category="other"))
    assert [waiting(db, each) for each in (leaks, here, one)] == [["water/c1/0"]] * 3
    arrive(db, order(2, "c1", category="other", subcategory="leak", place=place))  # still one by its subcategory
    arrive(db, order(3, "c1", category="other", place={"grid": "G2"}), order(4, "c1", category="x"), order(5, "c1"))
    assert waiting(db, leaks) == ["water/c1/0", "water/c1/2", "water/c1/3/left"]
    assert waiting(db, here) == ["water/c1/0", "water/c1/2", "water/c1/3/left"]
    assert waiting(db, one) == ["water/c1/0", "water/c1/2", "water/c1/3", "water/c1/4", "water/c1/5/finished"]
    assert {each["type"] for each in bodies(db, leaks)[2:]} == {FINISHED_KIND}


def test_outsiders_get_facts_of_places_and_words_only_if_they_may_read_them() -> None:
    db = opened()
    leaks, trusted = active(db, Selection(category="leak")), active(db, Selection(category="leak", words=True))
    person: dict[str, Any] = {
        "reporter": "anna",
        "assignee": "ben",
        "acts": ["x"],
        "texts": [{"id": "t"}],
        "team": "t1",
    }
    place = {"grid": "G1", "label": "Ring 1", "by": "address", "lon": 1.0, "lat": 2.0, "unit": "u"}
    said = Written(id="t", case="c1", by="anna", role="report", at_ms=0, text="it leaks")
    inner = Written(id="u", case="c1", by="ben", role="note", at_ms=0, text="for us")
    arrive_cases(db, case(7, "c1", category="leak", place=place, **person), texts={"c1": [said, inner]})
    (facts,) = bodies(db, leaks)
    assert (facts["type"], facts["id"], facts["subject"]) == (FACTS_KIND, "c1/7", "c1")
    assert facts["data"] == {
        "case": "c1", "seq": 7, "state": "dispatched", "kind": "problem", "category": "leak", "submitted_ms": 0,
        "place": {"grid": "G1", "label": "Ring 1", "lon": 1.0, "lat": 2.0},
    }  # fmt: skip
    (with_words,) = bodies(db, trusted)
    assert with_words["data"].pop("written") == [json.loads(said.model_dump_json(exclude_defaults=True))]
    assert with_words["data"] == facts["data"]


def test_what_is_about_people_or_the_house_is_for_nobody_outside() -> None:
    """A case that becomes such a one ends, without a word why; so does an archived one."""
    db = opened()
    here = active(db, Selection(area="G1"))
    place = {"grid": "G1", "label": "x", "by": "code"}
    people: tuple[dict[str, Any], ...] = (
        {"kind": "question"},
        {"kind": "complaint"},
        {"pushed_by": "x"},
        {"state": "moved"},
    )
    for n, more in enumerate(people):
        assert not arrive_cases(db, case(n, f"c{n}", place=place, **more))
    arrive_cases(db, case(5, "a", place=place), case(6, "b", place=place))
    arrive_cases(db, case(7, "a", place=place, kind="question"), case(8, "a", place=place, kind="question"))
    arrive_cases(db, case(9, "b"), case(10, "c0"))
    assert [(each["type"], each["subject"]) for each in bodies(db, here)] == [
        (FACTS_KIND, "a"), (FACTS_KIND, "b"), (FACTS_END_KIND, "a"), (FACTS_END_KIND, "b"),
    ]  # fmt: skip


def test_erased_words_are_gone_from_what_waits_and_from_dead_letters() -> None:
    """Other words stay, and so do the events."""
    db = opened()
    water, trusted = active(db, Selection("water")), active(db, Selection(category="leak", words=True))
    texts = [{"id": id, "case": "c1", "by": "p", "role": "report", "at_ms": 0, "text": f"text {id}"} for id in "ab"]
    written = [Written.model_validate(each) for each in texts]
    arrive(db, order(0, "c1", category="leak", written=texts))
    arrive_cases(db, case(0, "c1", category="leak"), texts={"c1": written})
    dead = "INSERT INTO dead_letters SELECT seq, 1, id, subject, body, 'status 422', 1, 0 FROM documents WHERE seq = 1"
    db.execute(dead)
    arrive(db, order(1, "c1", category="leak", changed=["text_erased"], written=texts[:1]))
    words = Row(0, 1, 1, b"words/c1", json.dumps({"written": texts[:1]}).encode())
    arrive_cases(db, words, case(2, "c1", category="leak"), texts={"c1": written[:1]})
    left = [each["data"]["written"] for each in (*bodies(db, water), *bodies(db, trusted))]
    assert [[one["id"] for one in each] for each in left] == [["a"]] * 4
    assert b"text b" not in b"".join(db.execute("SELECT body FROM dead_letters").fetchone())
    arrive_cases(db, words._replace(offset=3, value=None))
    assert [each["data"]["written"] for each in bodies(db, trusted)] == [[], []]


def test_a_record_that_cannot_be_read_holds_nothing_up() -> None:
    db = opened()
    leaks = active(db, Selection("water", category="leak"))
    broken = order(1, "c1", category="leak")._replace(value=b"{")
    arrive(db, order(0, "c1", category="leak"), broken, order(2, "c1", category="leak")._replace(value=b"[1]"))
    arrive(db, order(3, "c1", category="leak"))
    assert waiting(db, leaks) == ["water/c1/0", "water/c1/3"]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=12))
def test_whatever_is_read_again_waits_once(reads: list[tuple[int, int]]) -> None:
    """A reader that was killed or restarted begins anywhere before the place that is in the file."""
    db = opened()
    water = active(db, Selection("water"))
    known = 0
    for back, count in reads:
        begin = max(known - back, 0)
        arrive(db, *(order(n, f"c{n % 3}", category="x") for n in range(begin, begin + count)))
        known = max(known, begin + count)
    assert waiting(db, water) == [f"water/c{n % 3}/{n}" for n in range(known)]


@settings(max_examples=40)
@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4))
def test_one_that_is_resumed_gets_what_it_missed_and_the_others_nothing_twice(
    before: int, missed: int, step: int
) -> None:
    """Its topic is read once more from where it stopped."""
    db = opened()
    water, other = active(db, Selection("water")), active(db, Selection("water"))
    records = [order(n, f"c{n % 3}", category="x") for n in range(before + missed + 3)]
    arrive(db, *records[:before])
    SubscriptionRows(db).stop(water.n, StopReason.FULL)
    arrive(db, *records[before : before + missed])
    SubscriptionRows(db).resume(water.n)
    arrive(db, *records[before + missed : before + missed + 1])  # as long as nobody has begun anew
    for begin in range(before, len(records), step):
        arrive(db, *records[begin : begin + step])
    wanted = [f"water/c{n % 3}/{n}" for n in range(len(records))]
    assert (waiting(db, water), waiting(db, other)) == (wanted, wanted)
    assert db.execute("SELECT count(*) FROM own_positions").fetchone() == (0,)
