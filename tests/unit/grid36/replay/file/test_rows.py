from dataclasses import fields
from datetime import UTC, datetime

import pytest

from grid36.replay.file.mapping import Mapping
from grid36.replay.file.rows import PastRow, RowFault, reader

US = {"zone": "America/New_York", "formats": ("%m/%d/%Y %I:%M:%S %p",)}
MAPPING = Mapping.model_validate({
    "id": "id",
    "reported_at": {"column": "from", **US},
    "closed_at": {"column": "to", **US},
    "due_at": "due",
    "latitude": "lat",
    "longitude": "lon",
    "datum": "wgs84",
    "category": "what",
})  # fmt: skip


def read(**cells: str) -> PastRow | RowFault:
    return reader(MAPPING)(3, {"id": "1", "from": "11/01/2015 12:30:00 AM"} | cells)


def usable(**cells: str) -> PastRow:
    row = read(**cells)
    assert isinstance(row, PastRow)
    return row


def ms(year: int, month: int, day: int, hour: int, minute: int) -> int:
    return round(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


def test_local_times_become_instants() -> None:
    assert usable(to="01/02/2016 03:04:05 PM").closed_ms == ms(2016, 1, 2, 20, 4) + 5000


def test_a_clock_time_shown_twice_is_the_first_unless_that_lies_before_the_report() -> None:
    """1:10 comes twice when summer time ends; a case cannot close before it was reported."""
    assert usable(to="11/01/2015 01:10:00 AM").closed_ms == ms(2015, 11, 1, 5, 10)
    late = usable(**{"from": "11/01/2015 01:50:00 AM", "to": "11/01/2015 01:10:00 AM"})
    assert late.closed_ms is not None
    assert late.closed_ms - late.reported_ms == 20 * 60_000


def test_times_with_an_offset_need_no_zone() -> None:
    assert usable(due="2015-11-02T00:30:00+01:00").due_ms == ms(2015, 11, 1, 23, 30)
    assert usable(due="2015-11-02T00:30:00Z").due_ms == ms(2015, 11, 2, 0, 30)


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ({"id": " "}, "id", "missing"),
        ({"id": "x" * 81}, "id", "longer"),
        ({"from": ""}, "from", "missing"),
        ({"from": "2015-11-01"}, "from", "no time"),
        ({"from": "11/01/1815 12:30:00 AM"}, "from", "the year 1815"),
    ],
)
def test_a_row_without_id_or_time_is_a_fault_with_its_place(cells: dict[str, str], column: str, what: str) -> None:
    fault = read(**cells)
    assert isinstance(fault, RowFault)
    assert (fault.number, fault.column) == (3, column)
    assert what in fault.what
    assert fault.reason.remedy()
    assert fault.report == (None if column == "id" else "1")


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ({"to": "11/01/2215 12:30:00 AM"}, "to", "the year 2215"),
        ({"to": "11/01/2015 12:29:59 AM"}, "to", "before the time of the report"),
        ({"to": "yesterday"}, "to", "no time"),
        ({"due": "2015-11-01T00:30:00"}, "due", "has no offset"),
        ({"due": "2015-10-01T00:30:00Z"}, "due", "before the time of the report"),
        ({"what": "x" * 201}, "what", "longer"),
        ({"lat": "91", "lon": "0"}, "lat", "no position"),
    ],
)
def test_one_impossible_fact_is_left_out_and_the_others_come_in(cells: dict[str, str], column: str, what: str) -> None:
    good = {"to": "11/03/2015 12:30:00 PM", "due": "2015-11-04T00:00:00Z", "what": "Kite", "lat": "30", "lon": "-40"}
    row, whole = usable(**good | cells), usable(**good)
    (left,) = row.left_out
    assert left.column == column
    assert what in left.reason.what()
    assert not whole.left_out
    differing = [f.name for f in fields(PastRow) if getattr(row, f.name) != getattr(whole, f.name)]
    wanted = {"to": ["closed_ms"], "due": ["due_ms"], "what": ["category"], "lat": ["place", "impossible"]}[column]
    assert differing == [*wanted, "left_out"]


@pytest.mark.parametrize(("lat", "lon"), [("91", "0"), ("0", "181"), ("nan", "1"), ("north", "1"), ("1", "")])
def test_impossible_coordinates_leave_a_row_without_a_place(lat: str, lon: str) -> None:
    row = usable(lat=lat, lon=lon)
    assert row.impossible
    assert row.place.is_empty


def test_a_row_without_coordinates_is_no_fault() -> None:
    row = usable(lat="", lon=" ")
    assert row.place.is_empty
    assert not row.impossible


def test_ids_are_made_fit_for_keys_and_stay_different() -> None:
    ids = {usable(id=text).report for text in ("a b", "a~20b", "a/b", "ab")}
    assert len(ids) == 4
    assert usable(id="a b").report == "a~20b"
