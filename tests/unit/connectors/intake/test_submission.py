from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from connectors.intake.refusal import FieldFault, Refused
from connectors.intake.submission import (
    ActSubmission,
    CoverSubmission,
    ReportSubmission,
    SupplementSubmission,
)
from connectors.intake.validation import validated
from schemas.datum import Datum
from schemas.names import Language
from schemas.report import Photo

ZONE = ZoneInfo("Asia/Shanghai")


def report(**sent: Any) -> ReportSubmission:
    return validated(ReportSubmission, sent, ZONE)


def act(**sent: Any) -> ActSubmission:
    return validated(ActSubmission, {"case": "T-G01-2511-00001", "act": "urge", "by": "p1"} | sent, ZONE)


def faults(kind: type[BaseModel], **sent: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        validated(kind, sent, ZONE)
    return [(fault.code, fault.where) for fault in refusal.value.faults]


def act_faults(**sent: Any) -> list[tuple[str, str]]:
    return faults(ActSubmission, **{"case": "T-G01-2511-00001", "act": "urge", "by": "p1"} | sent)


@pytest.mark.parametrize(
    ("sent", "t"),
    [
        ("2026-11-22T08:30+08:00", 1_795_307_400_000),
        ("2026-11-22T00:30:00Z", 1_795_307_400_000),
        ("2026-11-22T08:30", 1_795_307_400_000),
        (1_795_307_400_000, 1_795_307_400_000),
        ("1900-01-01T00:00Z", -2_208_988_800_000),
    ],
)
def test_times_are_rfc_3339_or_milliseconds_and_of_the_region_where_no_offset_stands(sent: object, t: int) -> None:
    assert act(until=sent).until == t


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("2200-01-01T00:00Z", "time_out_of_range"),
        ("1899-12-31T23:59Z", "time_out_of_range"),
        (10**30, "time_out_of_range"),
        ("0001-01-01T00:00", "time_out_of_range"),
        ("9999-12-31T23:59-23:59", "time_out_of_range"),
        ("tomorrow", "bad_time"),
        ("2026-02-30T00:00", "bad_time"),
        (1.5, "bad_time"),
        (True, "bad_time"),
        ([], "bad_time"),
    ],
)
def test_impossible_times_are_named(sent: object, code: str) -> None:
    assert act_faults(until=sent) == [(code, "until")]


@pytest.mark.parametrize("lat", ["24.46", 24.46, " 24.46", "+24.46"], ids=repr)
def test_coordinates_come_as_numbers_or_digits(lat: object) -> None:
    sent = report(lat=lat, lon="118", datum="gcj02")
    assert (sent.lat, sent.lon, sent.datum) == (24.46, 118.0, Datum.GCJ02)


@pytest.mark.parametrize(
    "lat", ["nan", "inf", "1e3", "", "24,46", 90.1, -91, True, [], {}, "0x10", "٣", 10**20], ids=repr
)
def test_impossible_coordinates_are_named(lat: object) -> None:
    assert faults(ReportSubmission, lat=lat, lon=118) == [("bad_coordinate", "lat")]


def test_all_mistakes_are_told_at_once() -> None:
    sent = {"act": "fly", "by": "a b", "hours": "x", "datum": "mars", "nope": 1, "source": {"due_ms": 1}}
    assert sorted(act_faults(**sent)) == sorted(
        [
            ("unknown_act", "act"),
            ("bad_id", "by"),
            ("bad_number", "hours"),
            ("unknown_datum", "datum"),
            ("unknown_field", "nope"),
            ("source_not_open", "source"),
        ]
    )


@pytest.mark.parametrize("value", [0, 6, 1.5, "1.5", "ten", True, [], 10**20], ids=repr)
def test_whole_numbers_stay_in_their_range(value: object) -> None:
    assert act_faults(cooperation=value) == [("bad_number", "cooperation")]


@pytest.mark.parametrize("value", [4, "4", "4.0", 4.0], ids=repr)
def test_whole_numbers_come_as_numbers_or_digits(value: object) -> None:
    assert act(cooperation=value).scores == {"cooperation": 4}


@pytest.mark.parametrize("value", [1, 0, "maybe", "TRUE", [], 1.0], ids=repr)
def test_a_flag_is_yes_or_no(value: object) -> None:
    assert faults(ReportSubmission, fixed=value) == [("wrong_type", "fixed")]
    assert [report(fixed=word).fixed for word in (True, "on", "1", False, "no", "0")] == [True] * 3 + [False] * 3


def test_words_lose_control_characters_and_are_limited() -> None:
    assert report(text=" a\x00b\r\nc\x1b ").text == "ab\nc"
    assert act_faults(cite="x" * 201) == [("too_long", "cite")]


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("x", "{…}"),
        ("[1]", "{…}"),
        ({"": "x"}, "{id: value}"),
        ({"a": 1}, "{id: value}"),
        ({"a": "b" * 61}, "{id: value}"),
    ],
)
def test_attributes_are_names_and_short_values(sent: object, wanted: str) -> None:
    assert report(attributes='{"land": "park"}').attributes == {"land": "park"}
    with pytest.raises(Refused) as refusal:
        report(attributes=sent)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.where, fault.facts["wanted"]) == ("wrong_type", "attributes", wanted)


def test_a_door_may_make_a_submission_of_values_that_it_has() -> None:
    """A chat has no form: it knows its position, its photo and its times as what they are."""
    sent = ReportSubmission(
        id="m1", text="井盖", lat=24.4, lon=118.0, datum=Datum.GCJ02, photos=(Photo(digest="a" * 64),)
    )
    assert sent == report(id="m1", text="井盖", lat="24.4", lon="118", datum="gcj02", photos=[{"digest": "a" * 64}])
    assert CoverSubmission(person="p1", by="boss", from_ms=1, until=2).from_ms == 1
    with pytest.raises(ValidationError):
        ReportSubmission(lat=91)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
kinds = st.sampled_from([ReportSubmission, SupplementSubmission, ActSubmission, CoverSubmission])


@given(kinds, st.data())
def test_every_value_is_valid_or_its_mistake_is_named(kind: type[BaseModel], data: st.DataObject) -> None:
    """Whatever JSON holds: what passes has no unknown field, and every mistake has its field and its sentence."""
    known = [field.alias or name for name, field in kind.model_fields.items() if "photos" not in name]
    sent = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys([*known, "nope"], anything)))
    found = mistakes(kind, sent)
    assert {fault.where.partition(".")[0] for fault in found} <= {*known, "nope"}
    assert all(fault.to_json(language) for fault in found for language in Language)
    assert found or "nope" not in sent


def mistakes(kind: type[BaseModel], sent: dict[str, Any]) -> Sequence[FieldFault]:
    try:
        validated(kind, sent, ZONE)
    except Refused as refusal:
        return refusal.faults
    return ()
