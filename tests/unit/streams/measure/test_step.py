"""The step `measure`: counts what the events say, once each, and stops at the first hole."""

import pytest
from pydantic_core import from_json, to_json

from schemas.codec import decode
from schemas.command import Act
from schemas.event import digest_of
from schemas.measure import Measure
from streams.measure.step import ChainBrokenError, MeasureStep
from streams.partition.contract import ConsumedRecord, State, raw_of
from tests.unit.streams.cases.test_step import act, lab, opening, run

MINUTE_MS = 60_000


def events() -> list[bytes]:
    """One case: reported, resolved, verified, reopened, resolved and verified again."""
    at = lab()
    run(at, opening(received_ms=1_793_000_060_000))
    run(at, act(Act.RESOLVE, "owner-a", note="done"))
    run(at, act(Act.VERIFY, "walker"))
    run(at, act(Act.REOPEN, "walker", note="still dirty"))
    run(at, act(Act.RESOLVE, "owner-a", note="done").model_copy(update={"id": "again"}))
    run(at, act(Act.VERIFY, "walker").model_copy(update={"id": "thanks"}))
    return [output.value or b"" for output in at.of("events")]


def feed(step: MeasureStep, values: list[bytes]) -> dict[str, Measure]:
    """What the state topic holds afterwards."""
    changes: dict[str, State] = {}
    for offset, value in enumerate(values):
        changes.update(step.apply(ConsumedRecord(offset, 0, b"k", value), 0).changes)
    state = {key: raw_of(value) for key, value in changes.items()}
    assert dict(step.items()) == state
    return {key: decode(Measure, value) for key, value in state.items()}


def test_reopening_takes_out_what_closing_put_in() -> None:
    figures = feed(MeasureStep(3), events())
    assert figures["3/opened/all"].count == 1
    for figure in ("all", "category/dirt", "department/waste", "segment/S1", "grid/G1"):
        found = figures[f"3/resolution/{figure}"]
        assert (found.count, found.sum_ms) == (1, 4 * MINUTE_MS)
        assert sum(found.buckets.values()) == 1
    for figure in ("all", "category/dirt", "department/waste"):
        assert figures[f"3/on_time/{figure}"].count == 1


def test_a_report_that_moved_counts_once() -> None:
    """In the home where it waited; where it goes on it is opened, but not reported again."""
    opened = from_json(events()[0])
    moved = opened | {"now": opened["now"] | {"moved_from": "R1-U-2611-00001"}}
    assert "0/opened/all" in feed(MeasureStep(0), [to_json(opened)])
    assert feed(MeasureStep(0), [to_json(moved)]) == {}


def test_it_goes_on_after_a_restart() -> None:
    values = events()
    whole = feed(MeasureStep(0), values)
    first, second = MeasureStep(0), MeasureStep(0)
    feed(first, values[:5])
    second.restore(list(first.items()))
    second.resume(first.bookkeeping())
    for value in values[5:]:
        second.apply(ConsumedRecord(0, 0, b"k", value), 0)
    assert {key: decode(Measure, value) for key, value in second.items()} == whole


@pytest.mark.parametrize("what", ["hole", "double", "garbage"])
def test_a_broken_chain_is_refused(what: str) -> None:
    values = events()
    step = MeasureStep(0)
    step.apply(ConsumedRecord(0, 0, b"k", values[0]), 0)
    wrong = {"hole": values[2], "double": values[0], "garbage": b"x"}[what]
    with pytest.raises(ChainBrokenError):
        step.apply(ConsumedRecord(1, 0, b"k", wrong), 0)


def test_duties_are_counted_apart() -> None:
    """One not done, and then, by a word that came late, done after all."""
    opened, closed = from_json(events()[0]), from_json(events()[2])
    due = opened | {"facts": {"duty": "run"}}
    told = {"sign": 1, "duty": "run", "done": False, "person": "walker", "grid": "G1"}
    late = closed | {"type": "closed", "facts": {"figures": told}, "n": 1}
    figures = feed(MeasureStep(0), values := [to_json(due), linked(due, late)])
    assert {name: figure.count for name, figure in figures.items()} == {
        "0/duty-due/all": 1, "0/duty-due/grid/G1": 1, "0/duty-not-done/all": 1, "0/duty-not-done/grid/G1": 1,
        "0/duty-not-done/person/walker": 1,
    }  # fmt: skip
    anew = late | {"facts": {"figures": told | {"done": True, "anew": True}}, "n": 2}
    figures = feed(MeasureStep(0), [*values, linked(from_json(values[1]), anew)])
    assert (figures["0/duty-done/all"].count, figures["0/duty-not-done/all"].count) == (1, 0)


def linked(before: dict[str, object], event: dict[str, object]) -> bytes:
    """An event that follows another."""
    return to_json(event | {"prev": digest_of(to_json(before))})
