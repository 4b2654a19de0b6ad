import json
from dataclasses import replace
from typing import NamedTuple

import pytest

from schemas.errors import Retry, WrongInput
from streams.kafka.settings import EngineSettings
from streams.partition.apply import PartitionWork, Pause, Pending, PoisonIsolation
from streams.partition.bookkeeping import Bookkeeping
from streams.partition.contract import ConsumedRecord, Effects, Output
from streams.partition.errors import Refusal, UnwritableError
from tests.oracles.toy import Hook, ToyStep

SETTINGS = EngineSettings("nowhere", "toy", 1)
TOPICS = {"commands": "commands", "state": "state", "events": "events"}


def add(offset: int, t_ms: int = 1000, key: str = "a", **more: object) -> ConsumedRecord:
    return ConsumedRecord(offset, t_ms, b"k", json.dumps({"do": "add", "key": key, "by": 1, **more}).encode())


def make(
    hook: Hook | None = None, careful: PoisonIsolation | None = None, settings: EngineSettings = SETTINGS
) -> PartitionWork:
    return PartitionWork(ToyStep(0, TOPICS, hook), Bookkeeping(1), settings, careful or PoisonIsolation())


def events(work: PartitionWork) -> list[str]:
    return [json.loads(output.value or b"")["what"] for output in work.pending.outputs]


def test_a_deadline_fires_before_the_record_that_comes_after_it() -> None:
    """Strictly before: one that falls due at the record's own time waits."""
    work = make()

    list(work.through([add(0, 1000, alarm_ms=50), add(1, 1050, "b"), add(2, 1051, "b")]))

    assert events(work) == ["add", "add", "alarm", "add"]


def test_time_never_goes_back() -> None:
    work = make()

    list(work.through([add(0, 1000), add(1, 900), add(2, 1001)]))

    times = [json.loads(output.value or b"")["t_ms"] for output in work.pending.outputs]
    assert times == [1000, 1000, 1001]
    assert work.bookkeeping() == Bookkeeping(1, 3, 1001, (2, 1001), {"n": 3})


def test_a_transaction_may_end_between_two_deadlines() -> None:
    """The clock then stands between, the record that brought them is still to come."""
    work = make(settings=replace(SETTINGS, deadlines_per_transaction=2))
    list(work.through([add(i, 1000 + i, f"k{i}", alarm_ms=100) for i in range(3)]))
    work.take_pending(0)

    going = work.through([add(3, 5000)])

    assert next(going) is Pause.COMMIT
    assert (work.next, work.clock, work.fired) == (3, 1101, 2)
    work.take_pending(0)
    assert list(going) == []
    assert (work.next, work.clock, work.fired) == (4, 5000, 3)


def test_a_transaction_ends_after_so_many_records_or_bytes() -> None:
    by_records = make(settings=replace(SETTINGS, records_per_transaction=2))
    by_bytes = make(settings=replace(SETTINGS, bytes_per_transaction=50))

    for work, ends in ((by_records, 2), (by_bytes, 5)):
        pauses = []
        for pause in work.through([add(i) for i in range(5)]):
            pauses.append(pause)
            work.take_pending(0)
        assert pauses == [Pause.COMMIT] * ends


def test_what_is_written_holds_the_last_value_of_each_key_and_the_place() -> None:
    work = make()
    list(work.through([add(0), add(1), add(2, key="b")]))

    pending, outputs = work.take_pending(0)

    state = {output.key: output.value for output in outputs if output.topic == "state"}
    assert state == {
        b"a": b'{"total": 2, "due": null}',
        b"b": b'{"total": 1, "due": null}',
        b"__partition": b'{"n":3,"next":3,"clock":1000,"partitions":1,"last":[2,1000]}',
    }
    assert (pending.effects, work.pending.effects) == (3, 0)


def test_a_record_that_was_applied_is_not_applied_again() -> None:
    work = make()

    list(work.through([add(0), add(1)]))
    list(work.through([add(0), add(1), add(2)]))

    assert len(work.pending.outputs) == 3


@pytest.mark.parametrize("error", [ValueError("x"), WrongInput(), OSError()])
def test_a_record_s_own_failure_parks_it_after_a_second_try(error: Exception) -> None:
    """Also a `Stop`: one bad command must not be able to stop the worker."""
    tries = []

    def fail(what: str) -> None:
        if what == "fail":
            tries.append(what)
            raise error

    work = make(fail)
    list(work.through([add(0), add(1, do="fail"), add(2)]))

    assert events(work) == ["add", "parked", "add"]
    assert len(tries) == 2


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), Refusal(), Retry()])
def test_what_is_not_the_record_s_fault_is_raised(error: Exception) -> None:
    def fail(what: str) -> None:
        if what == "fail":
            raise error

    with pytest.raises(type(error)):
        list(make(fail).through([add(0, do="fail")]))


def test_what_cannot_be_written_is_found_in_single_steps_and_parked() -> None:
    """Three lives of one partition: too large together, too large alone, parked."""
    careful = PoisonIsolation()
    records = [add(0), add(1, do="huge", bytes=900_000), add(2)]

    with pytest.raises(UnwritableError):
        list(make(careful=careful).through(records))
    assert (careful.single, careful.park_next) == (True, False)

    work = make(careful=careful)
    going = work.through(records)
    assert next(going) is Pause.COMMIT
    work.take_pending(0)
    with pytest.raises(UnwritableError):
        next(going)
    assert careful.park_next

    work = make(careful=careful)
    list(work.through(records[1:]))
    assert events(work) == ["parked", "add"]
    assert not careful.single


class Notice(NamedTuple):
    """What is still to be said of a case, and how often that changed."""

    said: bytes

    @property
    def size(self) -> int:
        return len(self.said)

    def after(self, earlier: "Notice") -> "Notice":
        return Notice(earlier.said + self.said)

    def outputs(self) -> list[Output]:
        return [Output("notices", 0, b"case", self.said)]


def test_of_what_is_replaced_within_a_transaction_only_the_last_is_written() -> None:
    """And it takes in what came before; the size counts once."""
    pending = Pending()
    other = Output("events", 0, b"case", b"event")

    for said in (b"1", b"2", b"3"):
        effects = Effects([other], {"key": said}, {("notices", b"case"): Notice(said)})
        assert effects.records() == [other, Output("notices", 0, b"case", said)]
        pending.add(effects)

    assert pending.outputs == [other] * 3
    assert [each.outputs()[0].value for each in pending.latest.values()] == [b"123"]
    assert pending.changes == {"key": b"3"}
    assert pending.bytes == Effects([other] * 3, {"key": b"3"}).size + len(b"123")
