"""What the gateway knows of reports that were set aside."""

import json

import pytest

from connectors.intake.parked_reports import ParkedReports


def record(**fields: object) -> bytes:
    return json.dumps({"v": 1, "topic": "reports", "reason": "it cannot be read", **fields}).encode()


def test_a_report_is_known_with_its_reason() -> None:
    known = ParkedReports()
    known.take(record(id="r-1"))
    assert known.reason("r-1") == "it cannot be read"
    assert known.reason("r-2") is None


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", record(), record(id=7), record(id="a-1", case="X-1")])
def test_acts_and_what_names_no_report_are_passed_over(value: bytes | None) -> None:
    known = ParkedReports()
    known.take(value)
    assert known.reason("a-1") is None


def test_only_the_latest_are_remembered() -> None:
    known = ParkedReports(most=2)
    for name in ("one", "two", "three"):
        known.take(record(id=name))
    assert [known.reason(name) is not None for name in ("one", "two", "three")] == [False, True, True]
