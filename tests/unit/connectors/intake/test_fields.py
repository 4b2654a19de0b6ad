import contextlib
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.fields import Fields
from connectors.intake.refusal import Refused
from schemas.command import Act
from schemas.datum import Datum
from schemas.place import Coordinates, PlaceGiven

ZONE = ZoneInfo("Asia/Shanghai")


def fields(**sent: Any) -> Fields:
    return Fields(sent, ZONE)


def faults(checked: Fields) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        checked.done()
    return [(fault.code, fault.where) for fault in refusal.value.faults]


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
    checked = fields(until=sent)
    assert checked.time_ms("until") == t
    checked.done()


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
    checked = fields(until=sent)
    assert checked.time_ms("until") is None
    assert faults(checked) == [(code, "until")]


@pytest.mark.parametrize("lat", ["24.46", 24.46, " 24.46", "+24.46"], ids=repr)
def test_coordinates_come_as_numbers_or_digits(lat: object) -> None:
    checked = fields(lat=lat, lon="118", datum="gcj02")
    assert checked.place() == PlaceGiven(coordinates=Coordinates(lon=118, lat=24.46, datum=Datum.GCJ02))


def test_a_position_without_a_datum_is_what_the_region_says_or_refused() -> None:
    """GCJ-02 taken for WGS-84 is 500 m off and in another grid."""
    sent = {"lat": 24.46, "lon": 118.08}
    nameless = Fields(sent, ZONE)
    nameless.place()
    assert faults(nameless) == [("datum_needed", "datum")]
    known = Fields(sent, ZONE, Datum.GCJ02)
    assert known.place() == PlaceGiven(coordinates=Coordinates(lon=118.08, lat=24.46, datum=Datum.GCJ02))
    told = Fields({**sent, "datum": "wgs84"}, ZONE, Datum.GCJ02)
    assert told.place() == PlaceGiven(coordinates=Coordinates(lon=118.08, lat=24.46))


@pytest.mark.parametrize(
    "lat", ["nan", "inf", "1e3", "", "24,46", 90.1, -91, True, [], {}, "0x10", "٣", 10**20], ids=repr
)
def test_impossible_coordinates_are_named(lat: object) -> None:
    checked = fields(lat=lat, lon=118)
    checked.place()
    assert ("bad_coordinate", "lat") in faults(checked)


def test_half_a_position_names_the_missing_half() -> None:
    checked = fields(lat=24)
    checked.place()
    assert faults(checked) == [("half_coordinates", "lon")]


def test_all_mistakes_are_told_at_once() -> None:
    checked = fields(act="fly", by="a b", hours="x", datum="mars", nope=1, source={"due_ms": 1})
    checked.choice("act", Act, code="unknown_act")
    checked.id("by")
    checked.whole("hours", 1, 10)
    checked.place()
    assert faults(checked) == [
        ("unknown_act", "act"),
        ("bad_id", "by"),
        ("bad_number", "hours"),
        ("unknown_datum", "datum"),
        ("unknown_field", "nope"),
        ("source_not_open", "source"),
    ]


@pytest.mark.parametrize("value", [0, 11, 1.5, "1.5", "ten", True, [], 10**20], ids=repr)
def test_whole_numbers_stay_in_their_range(value: object) -> None:
    checked = fields(hours=value)
    assert checked.whole("hours", 1, 10) is None
    assert faults(checked) == [("bad_number", "hours")]


def test_words_lose_control_characters_and_are_limited() -> None:
    checked = fields(text=" a\x00b\r\nc\x1b ", note="x" * 11)
    assert checked.text("text") == "ab\nc"
    checked.text("note", 10)
    assert faults(checked) == [("too_long", "note")]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.fixed_dictionaries(dict.fromkeys(("id", "act", "lat", "lon", "t", "n", "text", "flag"), anything)))
def test_no_value_at_all_breaks_the_checks(sent: dict[str, Any]) -> None:
    """Whatever JSON holds is a value or a named mistake, never another exception."""
    checked = Fields({name: value for name, value in sent.items() if value is not None}, ZONE)
    checked.id("id", needed=True)
    checked.choice("act", Act)
    checked.place()
    checked.time_ms("t")
    checked.whole("n", 1, 5)
    checked.text("text")
    checked.flag("flag")
    checked.any_of("text", "lat")
    with contextlib.suppress(Refused):
        checked.done()
