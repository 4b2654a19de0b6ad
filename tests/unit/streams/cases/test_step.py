"""The step `cases`: what it writes, what it sets aside, and that a failure leaves nothing behind."""

import asyncio
import json
from base64 import b64decode
from typing import Any

import pytest

from rules.book.compiled_rulebook import book_of
from rules.decide import decide, due
from rules.decision.draft import Decision, DecisionContext
from schemas.case import Case, Count, Deadline, State
from schemas.catalogue import asyncapi
from schemas.codec import decode, encode
from schemas.command import Act, Activate, AnyCommand, Cover, Do, KnownText, Open, RecordWhat, Supply, Tick
from schemas.command import Record as Recorded
from schemas.order import Order
from schemas.parked import ParkedRecord
from schemas.place import Found, PlaceGiven
from schemas.region import Region
from schemas.report import MAX_BYTES, Report, Reporter
from schemas.rulebook import Rulebook
from schemas.topics import EVERYWHERE, home, partition_of
from streams.cases.proof import Replica
from streams.cases.step import CasesStep
from streams.partition.contract import ConsumedRecord, Output
from streams.rulebooks.cache import ContentMissingError, RulebookCache, cache_of
from streams.rulebooks.schedule import Switch
from tests.unit.streams.partition_lab import Lab
from tests.worlds.commanded_street import HOUR_MS, START_MS, book, rulebook

BOOK, SECOND = book(), book("second")


def lab(**options: Any) -> Lab:
    """One partition, alone."""
    return Lab(lambda: CasesStep(0, 1, cache_of(BOOK, SECOND), **options))


def opening(report: str = "r1", where: str = "First Road 12", text: str = "dirty", received_ms: int = START_MS) -> Open:
    """A located report."""
    found = BOOK.places.locate(PlaceGiven(address=where))
    place = found.place if isinstance(found, Found) else None
    words = Report(id=report, text=text, reporter=Reporter(id="walker"), door="page", received_ms=received_ms)
    return Open(id=report, home=home("test", place.grid if place else None), report=words, place=place)


def act(what: Act, by: str, case: str = "test-G1-2610-00001", **more: Any) -> Do:
    """An act on the first case."""
    return Do(id=f"{what}-{by}", home=case.rsplit("-", 2)[0], act=what, case=case, by=by, **more)


def run(at: Lab, *commands: AnyCommand | bytes, minutes: int = 1) -> list[Output]:
    """One transaction of commands, so many minutes apart."""
    start = len(at.log)
    for command in commands:
        last = at.log[-1].t_ms if at.log else START_MS
        at.append(last + minutes * 60_000, command)
    return at.run(at.log[start:])


def types(outputs: list[Output]) -> list[str]:
    """The events among them."""
    return [json.loads(output.value or b"")["type"] for output in outputs if output.topic == "events"]


def test_a_report_becomes_a_case_with_its_order_and_its_words() -> None:
    at = lab(prefix="p.")
    written = run(at, opening())
    assert [output.topic for output in written] == ["p.events", "p.events", "p.texts", "p.department.waste"]
    assert {output.partition for output in written} == {0}
    assert {output.t_ms for output in written} == {START_MS + 60_000}
    order = decode(Order, written[-1].value)
    assert written[-1].key == b"test-G1-2610-00001"
    assert (order.assignee, order.seq, order.state) == ("owner-a", 2, State.DISPATCHED)
    assert [words.text for words in order.written] == ["dirty"]
    assert order.because is not None
    cases = {"case/test-G1-2610-00001", "words/test-G1-2610-00001"}
    assert set(at.state) == {*cases, "home/test-G1", "lately/test-G1 dirt"}


def test_what_was_reported_lately_is_forgotten_when_its_week_is_over() -> None:
    """In whatever order the state was read, and so that the events alone say the same."""
    at = lab()
    run(at, *(opening(text, text=text) for text in ("dirty", "hole", "else")), minutes=60)
    run(at, opening("again"))
    assert lately(at) == ["dirt", "hole", "other"]
    at.state = dict(reversed(at.state.items()))
    at.step = at.recovered()
    run(at, opening("later", text="else"), minutes=7 * 24 * 60 - 30)
    assert lately(at) == ["dirt", "other"], "the one of the hole was before the last one of dirt"
    run(at, opening("last", text="else"), minutes=60)
    assert lately(at) == ["other"]
    replica = Replica(BOOK)
    for output in at.of("events"):
        replica.take(output.value or b"")
    assert list(replica.differences(at.state, at.book)) == []


def lately(at: Lab) -> list[str]:
    """The categories of the home that were reported lately, by the state."""
    return sorted(key.removeprefix("lately/test-G1 ") for key in at.state if key.startswith("lately/"))


def test_events_are_numbered_and_carry_cloud_event_headers() -> None:
    at = lab()
    run(at, b"garbage")
    first, *_, last = run(at, opening())[:2]
    headers = dict(first.headers)
    assert headers["ce_id"] == b"0-1"
    assert headers["ce_source"] == b"grid36/cases"
    assert headers["ce_type"] == b"grid36.case.opened"
    assert headers["ce_subject"] == b"test-G1-2610-00001"
    assert headers["ce_sourceoffset"] == b"1"
    assert json.loads(last.value or b"")["n"] == 2
    assert at.book["n"] == 3


def test_a_command_that_comes_again_gives_nothing() -> None:
    at = lab()
    run(at, opening())
    assert run(at, opening()) == []
    assert at.book["counts"] == {"routed": 1}


def test_the_story_of_one_order() -> None:
    """Every change of an order is one record with the whole of it; closing keeps it, archiving ends it."""
    at = lab()
    run(at, opening())
    case = "test-G1-2610-00001"
    run(at, act(Act.ACKNOWLEDGE, "owner-a"), act(Act.RESOLVE, "owner-a", note="cleaned"))
    run(at, act(Act.ASK, "nobody"))
    run(at, act(Act.VERIFY, "walker"))
    run(at, Tick(id="t", home=EVERYWHERE), minutes=60 * 24 * 30)
    orders = at.of("department.waste")
    states = [decode(Order, output.value).state.value if output.value else None for output in orders]
    assert states == ["dispatched", "acknowledged", "resolved", "closed", None], "a refused act is no news"
    assert {output.key for output in orders} == {case.encode()}
    assert [words.text for words in decode(Order, orders[2].value).written] == ["dirty", "cleaned"]
    assert f"case/{case}" not in at.state
    assert f"words/{case}" not in at.state
    assert at.book["counts"] == {"routed": 1}, "an archived case goes on counting"
    assert at.book["cases"] == 0


def test_every_order_is_a_cloud_event_with_an_id_of_its_own() -> None:
    """Also the tombstone that ends one, whose headers are all it has to say."""
    at = lab()
    run(at, opening())
    run(at, act(Act.CORRECT, "chief", category="hole"), act(Act.RESOLVE, "desk-roads", note="filled"))
    run(at, act(Act.VERIFY, "walker"))
    run(at, Tick(id="t", home=EVERYWHERE), minutes=60 * 24 * 30)
    records = [*at.of("department.waste"), *at.of("department.roads")]
    heads = [{name: value.decode() for name, value in record.headers} for record in records]
    assert len({head["ce_id"] for head in heads}) == len(records) == 6
    assert [head["ce_type"].removeprefix("grid36.order") for head in heads] == [
        "",
        ".finished",
        "",
        "",
        "",
        ".finished",
    ]
    assert {head["ce_subject"] for head in heads} == {"test-G1-2610-00001"}
    promised = asyncapi("1.2.3")["components"]["schemas"]["CloudEventHeaders"]
    for head in heads:
        assert set(promised["required"]) <= head.keys() <= promised["properties"].keys()
        assert head["ce_specversion"] == promised["properties"]["ce_specversion"]["const"]


def test_another_department_gets_the_order_and_the_first_one_its_end() -> None:
    at = lab()
    run(at, opening())
    written = run(at, act(Act.CORRECT, "chief", category="hole"))
    told = {output.topic: output.value for output in written if output.topic.startswith("department.")}
    assert told["department.waste"] is None
    assert decode(Order, told["department.roads"]).assignee == "desk-roads"


def test_erased_words_leave_texts_state_and_order() -> None:
    at = lab()
    run(at, opening(text="dirty, says 老王"))
    written = run(at, act(Act.ERASE, "walker"))
    assert [(o.key, o.value) for o in written if o.topic == "texts"] == [(b"r1", None)]
    assert not any("老王".encode() in (output.value or b"") for output in written)
    assert "words/test-G1-2610-00001" not in at.state


def test_a_waiting_report_that_gets_its_place_is_counted_once_on_the_way() -> None:
    at = Lab(lambda: CasesStep(partition_of("test-U", 4), 4, cache_of(BOOK)))
    found = BOOK.places.locate(PlaceGiven(code="S1"))
    assert isinstance(found, Found)
    run(at, opening(where="nowhere"))
    assert at.book["counts"] == {"waiting": 1}
    written = run(at, Supply(id="s1", home="test-U", report="r1", by="walker", place=found.place))
    assert at.book["counts"] == {"moved_out": 1}
    effect = next(output for output in written if output.topic == "commands")
    assert effect.partition == partition_of("test-G1", 4)
    there = Lab(lambda: CasesStep(effect.partition, 4, cache_of(BOOK)))
    run(there, effect.value or b"")
    assert there.book["counts"] == {"routed": 1, "moved_in": 1}


def test_garbage_is_parked_with_its_reason_and_shows() -> None:
    at = lab()
    huge = b"x" * (MAX_BYTES + 100)
    written = run(at, huge)
    assert types(written) == ["command_parked"]
    aside = decode(ParkedRecord, next(o.value for o in written if o.topic == "parked"))
    assert (aside.topic, aside.partition, aside.offset) == ("commands", 0, 0)
    assert aside.error == "UnreadableError"
    assert aside.reason
    assert b64decode(aside.value_b64) == huge[:MAX_BYTES]
    assert (aside.size, len(aside.sha256)) == (MAX_BYTES + 100, 64)
    assert at.book["parked_actions"] == 1


def test_a_past_case_is_parked_in_a_live_system_but_not_what_an_importer_tells_of_others() -> None:
    """One of them made a history of its partition: nothing ticked any more, and deadlines stood still in silence."""

    async def live() -> None:
        return None

    cache = RulebookCache(Switch(0, BOOK.version, "region"), past=live)
    cache.put(cache.first, BOOK)
    at = Lab(lambda: CasesStep(0, 1, cache))
    fact = Recorded(id="f", home="test-G1", what=RecordWhat.OPENED, report=opening().report, at_ms=START_MS)
    live_one = opening("r2")
    closed = fact.model_copy(update={"id": "g", "what": RecordWhat.CLOSED, "report": live_one.report})
    written = run(at, fact, live_one, closed)
    assert types(written)[:2] == ["command_parked", "opened"]
    assert types(written)[-1] == "closed"
    assert decode(ParkedRecord, at.of("parked")[0].value).error == "NoHistoryError"
    assert at.book["history"] is False
    assert (at.book["parked_reports"], at.book["parked_actions"]) == (0, 1), "no door accepted that report"


def failing(case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:
    """Rules with a fault."""
    raise ZeroDivisionError


def test_a_report_whose_decision_fails_counts_as_parked() -> None:
    at = lab(decide=failing)
    written = run(at, opening(), Cover(id="c", home=EVERYWHERE, person="x", by="y", from_ms=1, until_ms=2))
    assert types(written) == ["command_parked", "command_parked"]
    assert (at.book["parked_reports"], at.book["parked_actions"]) == (1, 1)
    assert "ZeroDivisionError" in decode(ParkedRecord, at.of("parked")[0].value).reason


def test_a_moved_report_that_is_parked_counts_once() -> None:
    """Its first home has counted it out, so it must be counted in, or it would be waiting and parked."""
    at = lab(decide=failing)
    run(at, opening().model_copy(update={"moved_from": "test-U-2610-00001"}))
    assert at.book["counts"] == {Count.MOVED_IN: 1}
    assert at.book["parked_reports"] == 1


def test_a_failing_deadline_is_taken_away() -> None:
    def due(case: Case, deadline: Deadline, context: DecisionContext) -> Decision:
        raise ZeroDivisionError

    at = lab(due=due)
    run(at, opening())
    before = len(decode(Case, at.state["case/test-G1-2610-00001"]).deadlines)
    run(at, Tick(id="t", home=EVERYWHERE), minutes=60 * 24 * 30)
    assert before == 3
    assert decode(Case, at.state["case/test-G1-2610-00001"]).deadlines == {}
    assert len(at.of("parked")) == 3


def test_a_deadline_that_does_not_go_away_is_taken_away() -> None:
    """Rules that forget to move a deadline must not fire it for ever."""
    at = lab(due=lambda case, deadline, context: Decision())
    run(at, opening())
    run(at, Tick(id="t", home=EVERYWHERE), minutes=60 * 24 * 30)
    assert decode(Case, at.state["case/test-G1-2610-00001"]).deadlines == {}


def test_deadlines_fire_at_their_own_time_in_order() -> None:
    at = lab()
    run(at, opening())
    run(at, Tick(id="t", home=EVERYWHERE), minutes=60 * 5)
    missed = [json.loads(output.value or b"") for output in at.of("events")]
    fired = [(event["facts"]["clock"], event["t_ms"]) for event in missed if event["type"] == "deadline_missed"]
    start = START_MS + 60_000
    assert fired == [("accept", start + HOUR_MS), ("respond", start + 4 * HOUR_MS)]


def test_a_failure_leaves_nothing_behind() -> None:
    """Copy on write: not even a record that is too large for Kafka may have changed the memory."""
    at = lab()
    run(at, opening())
    before = (dict(at.step.memory.items()), dict(at.step.bookkeeping()), at.step.next_due())
    words = "地" * 4000
    report = opening("r2", text=words).report
    grown = Open.model_construct(
        id="r2", home="test-G1", report=report.model_copy(update={"text": words * 90}), place=opening().place
    )
    record = ConsumedRecord(9, START_MS + 1, b"k", encode(opening()))
    at.step._read = {9: grown}
    with pytest.raises(Exception, match="larger than Kafka takes"):
        at.step.apply(record, START_MS + 1)
    assert (dict(at.step.memory.items()), dict(at.step.bookkeeping()), at.step.next_due()) == before


def test_words_are_erased_after_the_archive_as_well() -> None:
    """The partition has forgotten the case: the door says whose words the ledger has, and each may erase their own."""
    at = lab()
    case = "test-G1-2610-00001"
    run(at, opening(), act(Act.RESOLVE, "owner-a", note="cleaned"), act(Act.VERIFY, "walker"))
    run(at, act(Act.URGE, "nobody", "test-G1-2610-00099"), minutes=60 * 24 * 20)
    assert not [key for key in at.state if key.startswith("case/")]
    known = (KnownText(id="r1", by="walker"), KnownText(id="resolve-owner-a", by="owner-a"))
    written = run(at, act(Act.ERASE, "walker", texts=known))
    event = json.loads(written[0].value or b"")
    assert (event["type"], event["case"], event["facts"]) == ("text_erased", case, {"texts": ["r1"]})
    assert [(o.key, o.value) for o in written if o.topic == "texts"] == [(b"r1", None)]
    assert run(at, act(Act.ERASE, "walker", texts=known)) == [], "delivered again"
    assert types(run(at, act(Act.ERASE, "owner-b", texts=known))) == ["action_refused"]
    written = run(at, act(Act.ERASE, "chief", texts=known, to="resolve-owner-a"))
    assert [o.key for o in written if o.topic == "texts"] == [b"resolve-owner-a"]
    replica = Replica(BOOK)
    for output in at.of("events"):
        replica.take(output.value or b"")
    assert list(replica.differences(at.state, at.book)) == []


def test_a_rulebook_takes_over_at_its_time() -> None:
    at = lab()
    from_ms = START_MS + 10 * 60_000
    switch = Activate(
        id="a", home=EVERYWHERE, rulebook=SECOND.version, region="region", by="chief", effective_ms=from_ms
    )
    run(at, switch, opening("r1", where="S2", text="what"))
    at.step = at.recovered()
    run(at, opening("r2", where="S2", text="what"), minutes=10)
    used = {key: decode(Case, value).rulebook for key, value in at.state.items() if key.startswith("case/")}
    assert used == {"case/test-G2-2610-00001": BOOK.version, "case/test-G2-2610-00002": SECOND.version}


@pytest.mark.parametrize("in_flight", [False, True])
def test_cases_in_flight_keep_their_rulebook_unless_told_otherwise(in_flight: bool) -> None:
    """What they were opened by decides about them, also after a restart; new cases go by the active one."""
    by: dict[str, str] = {}

    def spied(case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:
        by[command.id] = context.book.version
        return decide(case, command, context)

    def spied_due(case: Case, deadline: Deadline, context: DecisionContext) -> Decision:
        by[f"{case.report} {deadline}"] = context.book.version
        return due(case, deadline, context)

    at = lab(decide=spied, due=spied_due)
    run(at, opening())
    switch = Activate(
        id="a", home=EVERYWHERE, rulebook=SECOND.version, region="region", by="chief", effective_ms=START_MS + 120_000,
        in_flight=in_flight,
    )  # fmt: skip
    run(at, switch)
    at.step = at.recovered()
    run(at, act(Act.URGE, "chief"), opening("r2", received_ms=START_MS + 180_000, where="S2", text="what"))
    run(at, Tick(id="t", home=EVERYWHERE), minutes=100)
    old = SECOND.version if in_flight else BOOK.version
    assert (by["urge-chief"], by["r2"], by["r1 accept"]) == (old, SECOND.version, old)


def test_an_unknown_rulebook_is_parked() -> None:
    at = lab()
    switch = Activate(id="a", home=EVERYWHERE, rulebook="?", region="region", by="chief", effective_ms=1)
    assert types(run(at, switch)) == ["command_parked"]


def test_a_rulebook_that_is_gone_ends_the_worker() -> None:
    """Deciding by another one than the active one would be worse than standing still."""
    at = lab()
    run(at, Activate(id="a", home=EVERYWHERE, rulebook=SECOND.version, region="region", by="x", effective_ms=1))
    step = CasesStep(0, 1, cache_of(BOOK))
    step.resume(at.book)
    with pytest.raises(ContentMissingError):
        asyncio.run(step.prepare([]))


def test_a_command_of_another_partition_is_parked() -> None:
    at = Lab(lambda: CasesStep(1 - partition_of("test-G1", 2), 2, cache_of(BOOK)))
    assert types(run(at, opening())) == ["command_parked"]


def test_live_partitions_tick_and_histories_do_not() -> None:
    tick = lab().step.tick()
    assert tick is not None
    assert (tick.topic, tick.partition) == ("commands", 0)
    assert lab(history=True).step.tick() is None


def test_covers_are_kept_and_forgotten() -> None:
    """A cover counts between its two times; the next one for that person drops what is past."""
    at = lab()
    away = Cover(
        id="c1", home=EVERYWHERE, person="owner-a", cover="owner-b", by="chief", from_ms=0, until_ms=START_MS + HOUR_MS
    )
    run(at, away, opening())
    assert decode(Case, at.state["case/test-G1-2610-00001"]).assignee == "owner-b"
    run(at, away.model_copy(update={"id": "c2", "until_ms": START_MS + 9 * HOUR_MS}), minutes=120)
    assert len(json.loads(at.state["roster/owner-a"])["spans"]) == 1


def test_a_follower_of_a_dropped_category_goes_by_the_list_it_was_opened_by() -> None:
    """A list that took it along and lacks its category knows neither its owner nor its limits."""
    plain = rulebook("third").model_dump(mode="json")
    plain["categories"] = [each for each in plain["categories"] if each["id"] != "hole"]
    plain["routing"]["rows"] = [row for row in plain["routing"]["rows"] if row["id"] != "holes"]
    third = book_of(BOOK.region, Rulebook.model_validate(plain))
    at = Lab(lambda: CasesStep(0, 1, cache_of(BOOK, third)))
    run(at, opening(text="hole"), opening("r2", text="hole"))
    switch = Activate(
        id="a", home=EVERYWHERE, rulebook=third.version, region="region", by="chief", effective_ms=START_MS + 240_000,
        in_flight=True,
    )  # fmt: skip
    run(at, switch, Tick(id="t", home=EVERYWHERE), minutes=5)
    at.step = at.recovered()
    run(at, act(Act.SPLIT, "walker", "test-G1-2610-00002"))
    master, follower = (decode(Case, at.state[f"case/test-G1-2610-0000{number}"]) for number in (1, 2))
    assert (follower.assignee, follower.department) == (master.assignee, master.department)
    assert set(follower.deadlines) == {Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE}


def test_what_was_reported_under_its_old_name_counts_as_a_repeat() -> None:
    """Dirt became litter; the third report of that week is the first one under its new name."""
    plain = rulebook("fourth").model_dump(mode="json")
    dirt = next(each for each in plain["categories"] if each["id"] == "dirt")
    dirt |= {"id": "litter", "replaces": ["dirt"], "merge": None}
    plain["routing"]["rows"][0]["when"]["category"] = ["litter"]
    fourth = book_of(BOOK.region, Rulebook.model_validate(plain))
    at = Lab(lambda: CasesStep(0, 1, cache_of(BOOK, fourth)))
    run(at, *(opening(f"r{n}", text="dirty") for n in range(3)))
    switch = Activate(
        id="a", home=EVERYWHERE, rulebook=fourth.version, region="region", by="chief", effective_ms=START_MS + HOUR_MS
    )
    run(at, switch)
    run(at, opening("r9", text="dirty"), minutes=90)
    (last,) = (case for key, value in at.state.items() if key.startswith("case/")
               for case in [decode(Case, value)] if case.report == "r9")  # fmt: skip
    assert (last.category, last.row, last.department and last.department.code) == ("litter", "again", "waste")


def heirs() -> Region:
    """The sample region after owner-a left and the waste department was renamed."""
    plain = BOOK.region.model_dump(mode="json")
    owner = next(person for person in plain["persons"] if person["id"] == "owner-a")
    owner |= {"id": "owner-new", "replaces": ["owner-a"]}
    for person in plain["persons"]:
        person["department"] = "clean" if person["department"] == "waste" else person["department"]
    body = next(body for body in plain["organisations"] if body["code"] == "waste")
    body |= {"code": "clean", "replaces": ["waste"]}
    plain["segments"][0]["owner"], plain["fallback_department"] = "owner-new", "clean"
    return Region.model_validate(plain)


def test_open_cases_go_on_under_who_replaces_their_people() -> None:
    """At the moment of the region, without another hop or deadline, also when the worker starts again in between."""
    cache = cache_of(BOOK)
    cache.put(Switch(0, BOOK.version, "later"), book_of(heirs(), BOOK.rulebook))
    at = Lab(lambda: CasesStep(0, 1, cache))
    run(at, *(opening(f"r{n}", text="hole" if n == 2 else "else") for n in range(4)))
    run(at, act(Act.ACKNOWLEDGE, "owner-a"), act(Act.RESOLVE, "owner-a", "test-G1-2610-00002"))
    before = {key: decode(Case, value) for key, value in at.state.items() if key.startswith("case/")}
    switch = Activate(id="a", home=EVERYWHERE, rulebook=BOOK.version, region="later", by="chief",
                      effective_ms=START_MS + HOUR_MS // 2)  # fmt: skip
    run(at, switch)
    assert at.step.next_due() == START_MS + HOUR_MS // 2
    at.step = at.recovered()
    run(at, Tick(id="t", home=EVERYWHERE), minutes=25)
    after = {key: decode(Case, value) for key, value in at.state.items() if key.startswith("case/")}
    moved = [key for key in before if before[key].assignee != after[key].assignee]
    assert [before[key].assignee for key in moved] == ["owner-a"] * 3
    for key, case in after.items():
        kept = {"assignee", "department", "seq", "resolved_by"}
        assert case.resolved_by == ("owner-a" if case.state is State.RESOLVED else None)  # who verifies nothing of it
        assert case.model_dump(exclude=kept) == before[key].model_dump(exclude=kept)
        assert case.assignee == ("owner-new" if key in moved else before[key].assignee)
        assert case.department is None or case.department.code in {"clean", "roads"}
    told = [output for output in at.of("department.clean") if output.value is not None]
    assert {output.key for output in told} >= {key.removeprefix("case/").encode() for key in moved}
    count = len(at.of("events"))
    at.step = at.recovered()
    run(at, Tick(id="t2", home=EVERYWHERE), minutes=1)
    assert len(at.of("events")) == count
    replica = Replica(BOOK)
    for output in at.of("events"):
        replica.take(output.value or b"")
    assert list(replica.differences(at.state, at.book)) == []
