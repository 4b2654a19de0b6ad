"""What is parked, as it is followed, and the row that asks for something."""

from base64 import b64encode

import pytest

from connectors.intake.parked_records import (
    NotRetriableError,
    NotSettledError,
    ParkedRecords,
    SettledAlreadyError,
    UnusableWordError,
    content_text,
    reason_in,
    settling_row,
)
from schemas.codec import decode, encode
from schemas.names import Language
from schemas.parked import KEPT_BYTES, ParkedOutcome, ParkedRecord, SettleOutcome
from schemas.settling import Settle, SettleCommand, SettleReport


def record(topic: str = "p.reports", value: bytes = b"{}", **more: object) -> bytes:
    fields: dict[str, object] = {
        "topic": topic, "partition": 3, "offset": 9, "t_ms": 1, "reason": "it cannot be read",
        "error": "UnreadableError", "size": len(value), "value_b64": b64encode(value[:KEPT_BYTES]).decode(),
    }  # fmt: skip
    return encode(ParkedRecord.model_validate(fields | more))


def outcome(of: str, what: SettleOutcome) -> bytes:
    return encode(ParkedOutcome(outcome=what, of=of, by="desk", t_ms=2))


def test_a_record_is_named_by_its_place_and_followed_by_its_outcomes() -> None:
    known = ParkedRecords()
    known.take(3, 17, record())
    known.take(3, 18, outcome("3-17", SettleOutcome.FAILED))
    item = known.get("3-17")
    assert item is not None
    assert (item.settled, item.failed) == (None, 1)
    known.take(3, 19, outcome("3-17", SettleOutcome.DROPPED))
    known.take(3, 20, outcome("3-17", SettleOutcome.RETRIED))
    assert item.settled is not None
    assert item.settled.outcome is SettleOutcome.DROPPED, "the first counts"
    known.take(3, 21, outcome("3-9", SettleOutcome.DROPPED))
    known.take(3, 22, b'{"of":"a newer release"}')
    known.take(3, 23, None)
    assert ([each.id for each in known.all()], known.unreadable) == (["3-17"], 1)


def test_only_the_latest_are_remembered() -> None:
    known = ParkedRecords(most=2)
    for offset in range(3):
        known.take(0, offset, record())
    assert [each.id for each in known.all()] == ["0-1", "0-2"]


@pytest.mark.parametrize(("topic", "kind"), [("p.reports", SettleReport), ("commands", SettleCommand)])
def test_the_row_goes_to_the_partition_that_parked_it(topic: str, kind: type[SettleReport | SettleCommand]) -> None:
    known = ParkedRecords()
    known.take(3, 17, record(topic, b"as it came"))
    item = known.get("3-17")
    assert item is not None
    row = settling_row(item, Settle.RETRY, "desk", "mended")
    word = decode(kind, row.value)
    assert (row.topic, row.partition) == (topic.removeprefix("p."), 3)
    assert (word.id, word.parked, word.by, word.value) == ("settle/3-17", "3-17", "desk", b"as it came")
    assert settling_row(item, Settle.RETRY, "desk", "mended") == row, "asked twice it is the same"


def test_what_cannot_be_asked_for_is_refused_with_its_reason() -> None:
    known = ParkedRecords()
    values = {
        1: record("replay", error="UnusableRow"),
        2: record("reports", b"", error="DeletedBeforeApplied"),
        3: record("commands", b"", offset=None),
        4: record("reports", b"x" * (KEPT_BYTES + 1)),
        5: record(),
    }
    for offset, value in values.items():
        known.take(0, offset, value)
    known.take(0, 6, outcome("0-5", SettleOutcome.RETRIED))
    items = {n: known.get(f"0-{n}") for n in values}
    for n, fault in ((1, NotSettledError), (2, NotSettledError), (3, NotRetriableError), (4, NotRetriableError)):
        item = items[n]
        assert item is not None
        with pytest.raises(fault):
            settling_row(item, Settle.RETRY, "desk", "")
    deadline, settled = items[3], items[5]
    assert deadline is not None
    assert settled is not None
    assert settling_row(deadline, Settle.DROP, "desk", "").topic == "commands"
    with pytest.raises(SettledAlreadyError, match="retried"):
        settling_row(settled, Settle.DROP, "desk", "")
    with pytest.raises(UnusableWordError):
        settling_row(deadline, Settle.DROP, "duty desk", "")


def test_content_is_shown_as_text_whatever_it_is() -> None:
    assert content_text('{"text":"路面"}'.encode()) == '{\n  "text": "路面"\n}'
    assert content_text(b"\xffgarbage") == "\ufffdgarbage"
    assert content_text(b"[" * 100_000).startswith("[[")


def test_the_reason_is_said_in_the_readers_language() -> None:
    """A record has it in English, with its facts; the kind of error says it in Chinese."""
    english = "The message could not be read. (detail: text)"
    assert reason_in("UnreadableError", english, Language.EN) == english
    assert "无法读取" in reason_in("UnreadableError", english, Language.ZH)
    assert "ZeroDivisionError" in reason_in("ZeroDivisionError", "a fault of the program", Language.ZH)
    assert reason_in("", "of another release", Language.ZH) == "of another release"
