"""How messages look as bytes: JSON values and CloudEvents headers."""

import json

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.case import Case, State
from schemas.codec import UnreadableError, cloud_event, decode, decode_any, encode, faults, joined, writer
from schemas.command import COMMAND, Tick
from schemas.order import Written
from schemas.report import INCOMING, Report, Reporter
from tests.worlds.street import T0, a_report


def test_defaults_are_left_out_and_come_back() -> None:
    raw = encode(Reporter(id="p"))
    assert raw == b'{"id":"p"}'
    assert decode(Reporter, raw) == Reporter(id="p")


def test_the_type_that_a_union_needs_is_always_there() -> None:
    assert encode(Tick(id="t", home="*")) == b'{"type":"tick","id":"t","home":"*"}'
    assert decode_any(COMMAND, encode(Tick(id="t", home="*"))) == Tick(id="t", home="*")


@pytest.mark.parametrize("objects", [[b"{}"], [b'{"a":1}', b"{}", b'{"b":{}}'], [b"{}", b'{"b":2,"c":3}']])
def test_objects_are_joined_field_by_field(objects: list[bytes]) -> None:
    together: dict[str, object] = {}
    for each in objects:
        together |= json.loads(each)
    assert json.loads(joined(*objects)) == together


def test_a_writer_writes_fields_as_the_model_would() -> None:
    """Defaults inside the fields are left out, and a field that the model does not have is not lost."""
    reporter = Reporter(id="p")
    write = writer(Report)
    assert write({"id": "r", "reporter": reporter, "more": 1}) == b'{"id":"r","reporter":{"id":"p"},"more":1}'


def test_unknown_fields_of_newer_producers_are_tolerated() -> None:
    assert decode(Reporter, b'{"id": "p", "shoe_size": 43}') == Reporter(id="p")


@pytest.mark.parametrize("raw", [None, b"", b"not json", b"\xff\xfe", b"[]", b"{}", b'{"type":"report","v":2}'])
def test_garbage_is_unreadable_and_says_where(raw: bytes | None) -> None:
    with pytest.raises(UnreadableError, match="Compare it with the JSON Schema"):
        decode_any(INCOMING, raw)
    with pytest.raises(UnreadableError):
        decode(Report, raw)


def test_another_version_is_unreadable() -> None:
    raw = encode(a_report()).replace(b'"id":"r1"', b'"id":"r1","v":2')
    with pytest.raises(UnreadableError, match="v: Input should be 1"):
        decode(Report, raw)


def test_a_fault_names_the_place_and_never_the_value() -> None:
    """What people wrote does not get into logs this way."""
    with pytest.raises(UnreadableError) as caught:
        decode(Report, b'{"id": "secret words", "reporter": {}, "door": 3, "received_ms": 1e30}')
    said = str(caught.value)
    assert "secret" not in said
    assert "reporter.id: Field required" in said
    assert said.count(";") == 3


def test_of_many_faults_the_first_few_are_named() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(list[int]).validate_python(["x"] * 20)
    assert faults(caught.value).count("valid integer") == 5


def test_numbers_that_are_none_stay_out() -> None:
    """NaN and infinity are no JSON."""
    with pytest.raises(UnreadableError):
        decode_any(COMMAND, encode(Tick(id="t", home="*")).replace(b'"*"', b"NaN"))


@given(st.text(max_size=200), st.text(max_size=50), st.integers(-(2**53), 2**53))
def test_any_words_survive(text: str, by: str, at_ms: int) -> None:
    clean = text.encode("utf-8", "ignore").decode()
    words = Written(id="w", case="c", by=by.encode("utf-8", "ignore").decode(), role="note", at_ms=at_ms, text=clean)
    assert decode(Written, encode(words)) == words


def test_a_case_survives() -> None:
    case = Case(number="n", home="h", report="r", state=State.SUBMITTED, deadlines={}, acts=("a",))
    assert decode(Case, encode(case)) == case
    assert b"deadlines" not in encode(case)


def as_others_read(headers: tuple[tuple[str, bytes], ...], value: bytes) -> CloudEvent:
    """Our message, read by the CloudEvents library."""
    message = KafkaMessage(headers=dict(headers), key=None, value=value)
    read = from_binary(message, JSONFormat(), CloudEvent)
    assert isinstance(read, CloudEvent)
    return read


def test_others_read_our_headers() -> None:
    headers = cloud_event(
        event_id="3-7",
        source="grid36/cases",
        kind="grid36.case.opened",
        t_ms=T0 + 5,
        subject="R1-G1-2611-00001",
        extensions=[("sourceoffset", "12")],
    )
    read = as_others_read(headers, b'{"n": 7}')
    assert (read.get_id(), read.get_source(), read.get_type()) == ("3-7", "grid36/cases", "grid36.case.opened")
    assert (read.get_specversion(), read.get_subject()) == ("1.0", "R1-G1-2611-00001")
    assert read.get_extension("sourceoffset") == "12"
    time = read.get_time()
    assert time is not None
    assert round(time.timestamp() * 1000) == T0 + 5
    assert read.get_data() == {"n": 7}


def test_without_a_subject_there_is_no_header_for_it() -> None:
    headers = dict(cloud_event(event_id="0-0", source="s", kind="k", t_ms=0))
    assert "ce_subject" not in headers
    assert headers["ce_time"] == b"1970-01-01T00:00:00.000Z"


@given(st.integers(-2_208_988_800_000, 7_258_118_399_999))
def test_every_time_a_message_can_have_can_be_written(t_ms: int) -> None:
    """Also the years 1900 and 2199."""
    time = dict(cloud_event(event_id="0-0", source="s", kind="k", t_ms=t_ms))["ce_time"].decode()
    assert (len(time), time[-1]) == (24, "Z")


@pytest.mark.parametrize("field", ["to", "cite", "category", "case"])
def test_what_an_act_names_is_bounded(field: str) -> None:
    """Refusals repeat what somebody named, and the log is for ever."""
    told = {"type": "do", "id": "a", "home": "h", "act": "erase", "case": "c", "by": "b", field: "x" * 251}
    with pytest.raises(UnreadableError, match=field):
        decode_any(COMMAND, json.dumps(told).encode())
