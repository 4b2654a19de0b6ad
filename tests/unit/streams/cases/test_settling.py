"""A person's word on a parked command: tried again or dropped, once, and counted so that the events alone say it."""

import json
from base64 import b64encode

from rules.decide import decide
from rules.decision.draft import Decision, DecisionContext
from schemas.case import Case
from schemas.codec import decode, encode
from schemas.command import Act, AnyCommand, Do, Open
from schemas.parked import ParkedOutcome, ParkedRecord, SettleOutcome
from schemas.place import Found, PlaceGiven
from schemas.report import Report, Reporter
from schemas.settling import Settle, SettleCommand, settling_id
from schemas.topics import EVERYWHERE, home
from streams.cases.proof import Replica
from streams.cases.step import CasesStep
from streams.partition.contract import Output
from streams.rulebooks.cache import cache_of
from tests.unit.streams.partition_lab import Lab
from tests.worlds.commanded_street import START_MS, book

BOOK = book()
NUMBER = "test-G1-2610-00001"


class Faulty:
    """Rules with a fault that a new release mends."""

    def __init__(self) -> None:
        self.mended = False

    def __call__(self, case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:
        if not self.mended:
            raise ZeroDivisionError
        return decide(case, command, context)


def lab(rules: Faulty) -> Lab:
    return Lab(lambda: CasesStep(0, 1, cache_of(BOOK), decide=rules))


def opening(**more: str) -> Open:
    found = BOOK.places.locate(PlaceGiven(address="First Road 12"))
    assert isinstance(found, Found)
    report = Report(id="r1", text="dirty", reporter=Reporter(id="walker"), door="page", received_ms=START_MS)
    return Open(id="r1", home=home("test", found.place.grid), report=report, place=found.place, **more)  # type: ignore[arg-type]


def run(at: Lab, *commands: AnyCommand | SettleCommand | bytes) -> list[Output]:
    start = len(at.log)
    for command in commands:
        at.append((at.log[-1].t_ms if at.log else START_MS) + 60_000, command)
    return at.run(at.log[start:])


def word(at: Lab, offset: int, settle: Settle = Settle.RETRY) -> SettleCommand:
    """The word on what was parked at an offset of the log."""
    parked = f"0-{offset}"
    (record,) = [
        each for output in at.of("parked") if b'"outcome"' not in (output.value or b"")
        for each in [decode(ParkedRecord, output.value)] if each.offset == offset
    ]  # fmt: skip
    return SettleCommand(
        id=settling_id(parked), home=EVERYWHERE, parked=parked, settle=settle, by="duty-desk", error=record.error,
        value_b64=b64encode(record.value).decode(),
    )  # fmt: skip


def outcome(written: list[Output]) -> ParkedOutcome:
    (output,) = [each for each in written if each.topic == "parked"]
    return decode(ParkedOutcome, output.value)


def types(written: list[Output]) -> list[str]:
    return [json.loads(output.value or b"")["type"] for output in written if output.topic == "events"]


def counts(at: Lab) -> tuple[int, int, int, int]:
    """Reports and actions that are parked, and that were dropped."""
    return tuple(at.book[f"{what}_{of}"] for what in ("parked", "dropped") for of in ("reports", "actions"))  # type: ignore[return-value]


def proved(at: Lab) -> bool:
    """Whether the events alone give the same state and the same counts."""
    replica = Replica(BOOK)
    for output in at.of("events"):
        replica.take(output.value or b"")
    assert list(replica.differences(at.state, at.book)) == []
    return True


def test_a_parked_report_becomes_a_case_once_its_cause_is_mended_and_never_twice() -> None:
    rules = Faulty()
    at = lab(rules)
    run(at, opening())
    assert counts(at) == (1, 0, 0, 0)
    again = word(at, 0)
    failed = run(at, again)
    assert (types(failed), outcome(failed).outcome, outcome(failed).error) == (
        [],
        SettleOutcome.FAILED,
        "ZeroDivisionError",
    )
    rules.mended = True
    written = run(at, again)
    assert types(written) == ["parked_retried", "opened", "dispatched"]
    done = outcome(written)
    assert (done.outcome, done.by, done.report) == (SettleOutcome.RETRIED, "duty-desk", "r1")
    assert counts(at) == (0, 0, 0, 0)
    assert at.book["counts"] == {"routed": 1}
    at.step = at.recovered()
    assert run(at, again, word(at, 0, Settle.DROP)) == []
    assert counts(at) == (0, 0, 0, 0)
    assert proved(at)


def test_words_that_were_forgotten_give_no_second_case() -> None:
    """Long after, when the partition has forgotten the word itself, the case still says that it is there."""
    rules = Faulty()
    at = lab(rules)
    run(at, opening())
    rules.mended = True
    run(at, word(at, 0))
    at.state = {key: value for key, value in at.state.items() if not key.startswith("seen/")}
    at.step = at.recovered()
    assert run(at, word(at, 0)) == []
    assert at.book["counts"] == {"routed": 1}


def test_what_is_dropped_counts_as_dropped_and_can_not_be_tried_again() -> None:
    rules = Faulty()
    at = lab(rules)
    run(at, opening(), b"garbage")
    assert counts(at) == (1, 1, 0, 0)
    written = run(at, word(at, 0, Settle.DROP), word(at, 1, Settle.DROP))
    assert types(written) == ["parked_dropped", "parked_dropped"]
    assert counts(at) == (0, 0, 1, 1)
    rules.mended = True
    assert run(at, word(at, 0), word(at, 1)) == []
    assert counts(at) == (0, 0, 1, 1)
    assert proved(at)


def test_a_parked_act_is_done_once_by_its_own_id() -> None:
    rules = Faulty()
    rules.mended = True
    at = lab(rules)
    run(at, opening())
    act = Do(id="a-1", home="test-G1", act=Act.ACKNOWLEDGE, case=NUMBER, by="owner-a")
    rules.mended = False
    run(at, act)
    assert counts(at) == (0, 1, 0, 0)
    rules.mended = True
    assert types(run(at, act)) == ["acknowledged"], "its sender was faster"
    assert types(run(at, word(at, 1))) == ["parked_retried"]
    assert counts(at) == (0, 0, 0, 0)
    assert proved(at)


def test_a_report_that_was_parked_on_its_way_to_another_home_moves_in_once() -> None:
    rules = Faulty()
    at = lab(rules)
    run(at, opening(moved_from="test-U-2610-00001"))
    assert at.book["counts"] == {"moved_in": 1}
    rules.mended = True
    run(at, word(at, 0))
    assert at.book["counts"] == {"routed": 1, "moved_in": 1}
    assert counts(at) == (0, 0, 0, 0)
    assert proved(at)


def test_what_cannot_be_read_still_fails_and_says_so() -> None:
    at = lab(Faulty())
    run(at, b"garbage")
    done = outcome(run(at, word(at, 0)))
    assert (done.outcome, done.error) == (SettleOutcome.FAILED, "NothingToRetryError")
    assert counts(at) == (0, 1, 0, 0)


def test_a_word_holds_a_command_of_the_largest_size() -> None:
    at = lab(Faulty())
    run(at, encode(opening())[:-1] + b" " * 60_000 + b"}")
    assert len(encode(word(at, 0))) > 80_000
    assert outcome(run(at, word(at, 0))).error == "ZeroDivisionError"
