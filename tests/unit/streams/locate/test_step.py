"""The step `locate`: each report once, to the right home; garbage aside, and counted honestly."""

import asyncio
import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from rules.book.compiled_rulebook import CompiledRulebook
from rules.places.region_index import RegionIndex
from schemas.codec import decode, decode_any, encode
from schemas.command import COMMAND, Open, Supply
from schemas.models import LogModel
from schemas.parked import ParkedOutcome, ParkedRecord, SettleOutcome
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Activation, Photo, Report, Reporter, SourceFacts, Supplement, Unusable
from schemas.settling import Settle, SettleReport, settling_id
from schemas.topics import partition_of
from streams.locate.step import KEEP_MS, LocateStep
from streams.partition.contract import ConsumedRecord, Effects, raw_of
from streams.rulebooks.cache import cache_of
from streams.rulebooks.schedule import Switch
from tests.worlds.commanded_street import START_MS, book

BOOK = book()
N = 4


def report(report_id: str = "r1", **more: Any) -> Report:
    """A report of a place that is known."""
    fields = {"text": "dirty", "place": PlaceGiven(address="First Road 12"), "door": "page", "received_ms": START_MS}
    return Report(id=report_id, reporter=Reporter(id="walker"), **{**fields, **more})


class Desk:
    """A step of the partition of one id, with what the engine would keep of it."""

    def __init__(self, report_id: str = "r1", partition: int | None = None) -> None:
        self.partition = partition_of(report_id, N) if partition is None else partition
        self.cache = cache_of(BOOK)
        self.state: dict[str, bytes] = {}
        self.step = self.fresh()
        self.offset = 0

    def fresh(self, bookkeeping: Any = None) -> LocateStep:
        """A step with the state so far."""
        step = LocateStep(self.partition, N, self.cache)
        step.restore(list(self.state.items()))
        step.resume(bookkeeping or {})
        asyncio.run(step.prepare([]))
        return step

    def take(self, value: LogModel | bytes, t_ms: int = START_MS) -> Effects:
        """Apply or park, as the partition does."""
        raw = value if isinstance(value, bytes) else encode(value)
        record = ConsumedRecord(self.offset, t_ms, b"k", raw)
        self.offset += 1
        try:
            effects = self.step.apply(record, t_ms)
        except Exception as error:  # noqa: BLE001  # as the partition does
            effects = self.step.park(record, error, t_ms)
        for key, changed in effects.changes.items():
            content = raw_of(changed)
            if content is None:
                del self.state[key]
            else:
                self.state[key] = content
        return effects

    @property
    def counts(self) -> Any:
        """The bookkeeping's counts."""
        return self.step.bookkeeping()["counts"]


def opened(effects: Effects) -> Open:
    """The one command among what was written."""
    (output,) = effects.outputs
    command = decode_any(COMMAND, output.value)
    assert isinstance(command, Open)
    assert (output.topic, output.partition) == ("commands", partition_of(command.home, N))
    assert output.key == command.home.encode()
    return command


def aside(effects: Effects) -> ParkedRecord:
    """The one parked record among what was written."""
    (output,) = effects.outputs
    assert output.topic == "parked"
    return decode(ParkedRecord, output.value)


def test_a_place_chooses_the_home() -> None:
    at = Desk()
    command = opened(at.take(report()))
    assert command.home == "test-G1"
    assert command.place is not None
    assert command.place.segment == "S1"
    assert at.counts == {"accepted": 1, "located": 1}


def test_without_a_place_it_waits_in_the_unplaced_home() -> None:
    at = Desk()
    command = opened(at.take(report(place=PlaceGiven(address="nowhere"))))
    assert command.home == "test-U"
    assert command.trouble is not None
    assert command.trouble.reason == "unknown_address"
    assert at.counts == {"accepted": 1, "waiting": 1}


def test_the_same_report_again_gives_nothing() -> None:
    """Also after a restart, and with another time of the door's clock."""
    at = Desk()
    at.take(report())
    at.step = at.fresh(at.step.bookkeeping())
    assert at.take(report(received_ms=START_MS + 7)).outputs == []
    assert at.counts == {"accepted": 1, "located": 1, "repeated": 1}


def test_another_report_with_the_same_id_is_parked_and_not_counted() -> None:
    at = Desk()
    at.take(report())
    assert aside(at.take(report(text="something else"))).error == "ReportIdReusedError"
    assert at.counts == {"accepted": 1, "located": 1, "aside": 1}


@pytest.mark.parametrize(
    "garbage",
    [b"not json", b"{}", b"[]", b"", b'{"id":"a b"}', b'{"id":7}', b'{"id":"\\ud800"}', b"[" * 5000, b"x" * 70_000],
)
def test_garbage_without_an_id_is_parked_only(garbage: bytes) -> None:
    at = Desk()
    assert aside(at.take(garbage)).id is None
    assert at.counts == {"aside": 1}
    assert at.state == {}


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"received_ms": -9_000_000_000_000},
        {"received_ms": 7_300_000_000_000},
        {"place": {"coordinates": {"lon": 999, "lat": 1}}},
        {"text": "x" * 4001},
        {"change": {}},
        {"change": {"id": ["x"]}},
        {"change": {"id": "x", "deep": json.loads("[" * 17 + "]" * 17)}},
    ],
)
def test_an_unreadable_report_with_an_id_is_accepted_and_parked(change: dict[str, object]) -> None:
    at = Desk()
    raw = {**json.loads(encode(report())), **change}
    effects = at.take(json.dumps(raw).encode())
    assert aside(effects).id == "r1"
    assert at.counts == {"accepted": 1, "parked": 1}
    at.take(json.dumps(raw).encode())
    assert at.counts == {"accepted": 1, "parked": 1, "aside": 1}, "not counted twice"


def test_unknown_fields_of_a_newer_producer_are_tolerated() -> None:
    raw = {**json.loads(encode(report())), "mood": "fine"}
    assert opened(Desk().take(json.dumps(raw).encode())).report == report()


def test_an_unusable_row_counts_as_parked() -> None:
    at = Desk()
    row = Unusable(id="r1", reason="no such date", door="importer", received_ms=START_MS)
    assert "no such date" in aside(at.take(row)).reason
    assert at.counts == {"accepted": 1, "parked": 1}


def test_a_record_in_the_wrong_partition_is_parked_only() -> None:
    """Its id could be counted by two partitions otherwise."""
    at = Desk(partition=(partition_of("r1", N) + 1) % N)
    assert aside(at.take(report())).error == "WrongPartitionError"
    assert at.counts == {"aside": 1}


def test_source_facts_are_honoured_from_importers_only() -> None:
    facts = SourceFacts(due_ms=START_MS)
    at = Desk()
    assert opened(at.take(report(source=facts))).report.source is None
    assert opened(Desk().take(report(source=facts, door="importer"))).report.source == facts


def test_what_is_supplied_later_goes_to_the_home_of_the_report() -> None:
    at = Desk()
    at.take(report(place=PlaceGiven(address="nowhere")))
    at.step = at.fresh(at.step.bookkeeping())
    given = Supplement(
        id="s1",
        report="r1",
        place=PlaceGiven(coordinates=Coordinates(lon=118.015, lat=24.005)),
        reporter=Reporter(id="walker"),
        door="page",
        received_ms=START_MS,
    )
    (output,) = at.take(given).outputs
    command = decode_any(COMMAND, output.value)
    assert isinstance(command, Supply)
    assert (command.home, command.report) == ("test-U", "r1")
    assert command.place is not None
    assert command.place.grid == "G2"


def test_words_that_are_an_address_answer_where_it_is() -> None:
    at = Desk()
    at.take(report(place=PlaceGiven()))

    def told(text: str, name: str) -> Supply:
        given = Supplement(
            id=name, report="r1", text=text, reporter=Reporter(id="walker"), door="page", received_ms=START_MS
        )
        (output,) = at.take(given).outputs
        command = decode_any(COMMAND, output.value)
        assert isinstance(command, Supply)
        return command

    sure, asked, nothing = told("First Road 12", "s1"), told("behind First Road 12", "s2"), told("still dirty", "s3")
    assert sure.place is not None
    assert asked.place is None
    assert asked.trouble is not None
    assert asked.trouble.candidates
    assert (nothing.place, nothing.trouble) == (None, None)


def test_where_a_photo_was_taken_is_asked_about() -> None:
    photo = Photo(digest="ab" * 32, lon=118.015, lat=24.005)
    command = opened(Desk().take(report(place=PlaceGiven(), photos=(photo,))))
    assert command.place is None
    assert command.trouble is not None
    assert [each.code for each in command.trouble.candidates] == ["S2"]


def test_what_is_supplied_for_nothing_is_parked() -> None:
    given = Supplement(id="s1", report="r1", reporter=Reporter(id="w"), door="page", received_ms=START_MS)
    at = Desk()
    assert aside(at.take(given)).error == "UnknownReportError"
    assert at.counts == {"aside": 1}


def test_ids_are_forgotten_by_the_time_of_the_log() -> None:
    """The state gets tombstones, and what is older than the memory is refused: it may have been here."""
    at = Desk()
    at.take(report())
    later = START_MS + KEEP_MS + 120_000
    other = next(f"x{i}" for i in range(99) if partition_of(f"x{i}", N) == at.partition)
    effects = at.take(report(other, received_ms=later), later)
    assert effects.changes["r1"] is None
    assert list(at.state) == [other]
    assert aside(at.take(report(), later)).error == "ReportTooOldError"


def moved() -> CompiledRulebook:
    """A book of a region in which the first road belongs to the second grid."""
    first, second = BOOK.region.segments
    region = BOOK.region.model_copy(update={"segments": (first.model_copy(update={"grid": "G2"}), second)})
    return replace(BOOK, version="second", region=region, places=RegionIndex(region))


LATER_MS = START_MS + 60_000


def activation(effective_ms: int, rulebook: str = "second", region: str = "moved") -> Activation:
    return Activation(id="v2", rulebook=rulebook, region=region, effective_ms=effective_ms)


def with_the_moved_region() -> Desk:
    """A desk of a worker that can load the other region."""
    at = Desk()
    at.cache.put(Switch(0, "second", "moved"), moved())
    return at


def test_another_region_is_used_from_its_time_on() -> None:
    """No command of the cases is needed for it, and a restart does not forget it."""
    at = with_the_moved_region()
    assert at.take(activation(LATER_MS)) == Effects()
    assert at.step.bookkeeping()["switches"] == [[LATER_MS, "second", "moved"]]
    assert opened(at.take(report(), LATER_MS - 1)).home == "test-G1"
    at.step = at.fresh(json.loads(json.dumps(at.step.bookkeeping())))
    partner = next(f"r{n}" for n in range(2, 99) if partition_of(f"r{n}", N) == at.partition)
    assert opened(at.take(report(partner), LATER_MS)).home == "test-G2"
    assert at.counts == {"accepted": 2, "located": 2}, "it is no report"


def test_content_that_is_not_there_is_no_reason_to_stop() -> None:
    """It is set aside, and places are found where they were."""
    at = with_the_moved_region()
    assert aside(at.take(activation(0, region="?"))).error == "UnknownContentError"
    assert opened(at.take(report())).home == "test-G1"
    assert at.counts == {"aside": 1, "accepted": 1, "located": 1}


def test_many_plans_are_refused_and_the_last_word_about_a_time_counts() -> None:
    at = with_the_moved_region()
    for n in range(8):
        at.take(activation(LATER_MS + n))
    assert aside(at.take(activation(LATER_MS + 9))).error == "TooManySwitchesError"
    assert at.take(activation(LATER_MS + 7, BOOK.version, "region")) == Effects()
    switches: Any = at.step.bookkeeping()["switches"]
    assert switches[-1] == [LATER_MS + 7, BOOK.version, "region"]


UNUSABLE = b'{"type":"report","id":"r1","text":7}'
"""A report with a readable id that counts as parked."""


def word(value: bytes, settle: Settle = Settle.RETRY, parked: str = "1-0") -> SettleReport:
    """A person's word on a parked record with this value."""
    return SettleReport(
        id=settling_id(parked), parked=parked, settle=settle, by="duty-desk", error="UnreadableError",
        value_b64=b64encode(value).decode(),
    )  # fmt: skip


def outcome(effects: Effects) -> ParkedOutcome:
    """What became of a word."""
    (output,) = [each for each in effects.outputs if each.topic == "parked"]
    return decode(ParkedOutcome, output.value)


def test_a_parked_report_that_is_tried_again_becomes_a_case_once() -> None:
    """Also after a restart in between, and it is parked no longer."""
    at = Desk()
    late = encode(report(received_ms=START_MS - KEEP_MS - 1))
    assert aside(at.take(late)).error == "ReportTooOldError"
    assert at.counts == {"accepted": 1, "parked": 1}
    effects = at.take(word(late))
    done = outcome(effects)
    assert (done.outcome, done.of, done.by, done.report) == (SettleOutcome.RETRIED, "1-0", "duty-desk", "r1")
    assert [each.topic for each in effects.outputs] == ["commands", "parked"]
    assert at.counts == {"accepted": 1, "parked": 0, "located": 1}
    at.step = at.fresh(at.step.bookkeeping())
    for again in (word(late), word(late, Settle.DROP)):
        assert not at.take(again).outputs
    assert at.counts == {"accepted": 1, "parked": 0, "located": 1}
    assert at.take(late).outputs == [], "the door sends it again: it is known"


def test_what_fails_again_stays_parked_and_may_be_tried_or_dropped_later() -> None:
    at = Desk()
    at.take(UNUSABLE)
    for _ in range(2):
        done = outcome(at.take(word(UNUSABLE)))
        assert (done.outcome, done.error) == (SettleOutcome.FAILED, "UnreadableError")
        assert at.counts == {"accepted": 1, "parked": 1}
    assert outcome(at.take(word(UNUSABLE, Settle.DROP))).outcome is SettleOutcome.DROPPED
    assert at.counts == {"accepted": 1, "parked": 0, "dropped": 1}
    at.step = at.fresh(at.step.bookkeeping())
    for settle in Settle:
        assert not at.take(word(UNUSABLE, settle)).outputs
    assert at.counts == {"accepted": 1, "parked": 0, "dropped": 1}


def test_what_was_never_accepted_changes_no_count() -> None:
    """A second report under the same id stays aside; a supplement that finds its report later is passed on."""
    at = Desk()
    at.take(report())
    other = encode(report(text="something else"))
    at.take(other)
    before = dict(at.counts)
    assert outcome(at.take(word(other))).error == "ReportIdReusedError"
    assert outcome(at.take(word(other, Settle.DROP))).outcome is SettleOutcome.DROPPED
    assert at.counts == before
    fresh = Desk()
    supplement = encode(
        Supplement(id="s", report="r1", reporter=Reporter(id="walker"), door="page", received_ms=START_MS)
    )
    assert aside(fresh.take(supplement)).error == "UnknownReportError"
    fresh.take(report())
    effects = fresh.take(word(supplement))
    assert [each.topic for each in effects.outputs] == ["commands", "parked"]
    assert outcome(effects).outcome is SettleOutcome.RETRIED


def test_a_report_whose_id_is_forgotten_is_not_tried_again() -> None:
    """Nobody could tell whether it became a case meanwhile."""
    at = Desk()
    assert outcome(at.take(word(encode(report())))).error == "ReportTooOldError"


def test_the_largest_report_fits_into_a_word() -> None:
    at = Desk()
    large = b'{"type":"report","id":"r1","text":"' + b"x" * 63_000 + b'"}'
    at.take(large)
    done = outcome(at.take(word(large)))
    assert (done.outcome, done.error) == (SettleOutcome.FAILED, "UnreadableError"), "too long a text, not too large"
