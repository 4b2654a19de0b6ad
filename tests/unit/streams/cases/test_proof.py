"""The law the proof hangs on: the state is the fold of the events, whatever was forgotten on the way."""

import json
import random
from functools import cache

import pytest

from schemas.chain import ChainError
from schemas.codec import decode, encode
from schemas.event import Event
from schemas.order import Order
from streams.cases.proof import Replica
from streams.cases.state_records import CaseWords
from streams.cases.step import CasesStep
from streams.rulebooks.cache import cache_of
from tests.unit.streams.partition_lab import Lab
from tests.worlds.commanded_street import Street, book

BOOK, SECOND = book(), book("second")


@cache
def live(seed: int, count: int, *, crashes: bool) -> Lab:
    """A street's stream through one partition, in transactions of random size, some of them forgotten."""
    lab = Lab(lambda: CasesStep(0, 1, cache_of(BOOK, SECOND)))
    street, dice = Street(seed, BOOK), random.Random(seed)
    effects: list[tuple[int, bytes]] = []
    start = 0
    street.look = lambda number: lab.step.memory.case(number)  # noqa: PLW0108  # the step changes at a crash
    for t_ms, command in street.commands(count):
        lab.append(t_ms, command)
        for at_ms, value in effects:
            lab.append(max(at_ms, t_ms), value)
        effects = []
        if len(lab.log) - start >= (7 if seed % 2 else 1):
            records = lab.log[start:]
            if crashes:
                for _ in range(dice.choice((0, 0, 1, 2))):
                    lab.run(records[: dice.randint(0, len(records))], commit=False)
            written = lab.run(records)
            start = len(lab.log)
            effects = [(o.t_ms or 0, o.value) for o in written if o.topic == "commands" and o.value]
        street.numbers = [key.removeprefix("case/") for key in lab.state if key.startswith("case/")]
    lab.run(lab.log[start:])
    return lab


def folded(lab: Lab) -> Replica:
    """The same from the events alone."""
    return fold([output.value or b"" for output in lab.of("events")])


def fold(values: list[bytes]) -> Replica:
    """A replica that took these events."""
    replica = Replica(BOOK)
    for value in values:
        replica.take(value)
    return replica


@pytest.mark.parametrize("seed", range(5))
def test_state_is_the_fold_of_the_events(seed: int) -> None:
    lab = live(seed, 250, crashes=False)
    assert list(folded(lab).differences(lab.state, lab.book)) == []
    assert dict(lab.step.memory.items()) == lab.state, "memory and topic are the same"
    assert dict(lab.recovered().memory.items()) == lab.state


def test_what_is_written_in_parts_is_what_the_models_write() -> None:
    """Events, orders and words are put together from parts; fields at their defaults are left out all the same."""
    lab = live(1, 250, crashes=False)
    for output in lab.of("events"):
        assert encode(decode(Event, output.value)) == output.value
    for key, words in lab.state.items():
        assert not key.startswith("words/") or encode(decode(CaseWords, words)) == words
    orders = [output.value for output in lab.outputs if output.topic.startswith("department.") and output.value]
    assert any(b'"category_name"' in order for order in orders)
    for order in orders:
        assert json.loads(encode(decode(Order, order))) == json.loads(order)


@pytest.mark.parametrize("seed", range(5))
def test_forgotten_transactions_change_nothing(seed: int) -> None:
    """Any redelivery split gives the same events, orders, texts and state, byte for byte."""
    calm, crashed = live(seed, 250, crashes=False), live(seed, 250, crashes=True)
    assert crashed.outputs == calm.outputs
    assert (crashed.state, crashed.book) == (calm.state, calm.book)


def test_the_stream_is_not_a_dull_one() -> None:
    """The laws above mean something only if most kinds of event happen."""
    seen = {
        json.loads(output.value or b"")["type"]
        for seed in range(5)
        for output in live(seed, 250, crashes=False).of("events")
    }
    assert len(seen) >= 30, sorted(seen)


@pytest.mark.parametrize("what", ["changed", "lost", "doubled", "swapped"])
def test_a_planted_change_is_found(what: str) -> None:
    values = [output.value or b"" for output in live(3, 60, crashes=False).of("events")]
    if what == "changed":
        values[10] = values[10].replace(b'"t_ms":1', b'"t_ms":2')
    elif what == "lost":
        del values[10]
    elif what == "doubled":
        values.insert(10, values[10])
    else:
        values[10:12] = values[11], values[10]
    with pytest.raises(ChainError):
        fold(values)


def test_a_change_in_the_last_event_is_found() -> None:
    """Nothing follows it, so only the digest in the state shows it."""
    lab = live(3, 60, crashes=False)
    values = [output.value or b"" for output in lab.of("events")]
    values[-1] = values[-1].replace(b'"by":"', b'"by":"x')
    replica = fold(values)
    assert any("digest" in difference for difference in replica.differences(lab.state, lab.book))


def test_a_change_in_the_state_is_found() -> None:
    lab = live(3, 60, crashes=False)
    replica = folded(lab)
    case, words = (next(key for key in lab.state if key.startswith(kind)) for kind in ("case/", "words/"))
    planted = {
        case: lab.state[case].replace(b'"seq":', b'"seq":1'),
        words: lab.state[words].replace(b'"by":"', b'"by":"x'),
    }
    for key, value in planted.items():
        found = list(replica.differences({**lab.state, key: value}, lab.book))
        assert len(found) == 1
        assert found[0].startswith(key)
    less = {key: value for key, value in lab.state.items() if key != case}
    assert list(replica.differences(less, lab.book)) == [f"{case} is missing"]


def test_events_hold_no_free_text() -> None:
    """What people wrote is in `texts` only, so that it can be erased."""
    for output in live(5, 300, crashes=False).of("events"):
        assert "地面有油" not in (output.value or b"").decode()
        assert "好了" not in (output.value or b"").decode()
        Event.model_validate_json(output.value or b"")
