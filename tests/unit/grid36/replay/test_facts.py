from dataclasses import replace

from grid36.replay.facts import command_id, following, located, opening, parked_id, report_of, unusable
from grid36.replay.file.reasons import Reason
from grid36.replay.file.rows import PastRow, RowFault
from grid36.replay.plan import Fact
from rules.places.region_index import RegionIndex
from schemas.codec import decode_any, encode
from schemas.command import COMMAND, RecordWhat
from schemas.place import Coordinates, PlaceGiven
from schemas.report import INCOMING, Department, ReportKind
from tests.generators.city_cases import SIDE, SOUTH, WEST, city_region

INDEX = RegionIndex(city_region())
ROW = PastRow(
    number=4,
    report="r4",
    reported_ms=1_446_000_000_000,
    closed_ms=1_446_000_600_000,
    due_ms=1_446_000_700_000,
    category="Loud Kite",
    text="over the roof",
    place=PlaceGiven(coordinates=Coordinates(lon=WEST + SIDE / 2, lat=SOUTH + SIDE / 2)),
    department=Department(code="kite", name="KITE"),
)


def test_an_opening_carries_the_whole_row_and_its_place() -> None:
    command = opening(ROW, INDEX)
    assert (command.home, command.at_ms) == ("kites-Area_00", ROW.reported_ms)
    assert command.place is not None
    assert command.place.grid == "Area_00"
    assert command.report.source is not None
    assert command.report.source.model_dump() == {
        "occurred_ms": ROW.reported_ms,
        "by_day": False,
        "due_ms": ROW.due_ms,
        "department": {"code": "kite", "name": "KITE"},
        "category": "Loud Kite",
    }
    assert decode_any(COMMAND, encode(command)) == command


def test_the_same_row_gives_the_same_bytes() -> None:
    """A replay that is started again must not write anything else."""
    assert encode(opening(ROW, INDEX)) == encode(opening(replace(ROW), RegionIndex(city_region())))


def test_rows_without_a_usable_place_wait_in_the_unplaced_home_with_a_reason() -> None:
    far = PlaceGiven(coordinates=Coordinates(lon=WEST - 0.9, lat=SOUTH))
    cases = {
        "no_place": replace(ROW, place=PlaceGiven()),
        "impossible": replace(ROW, place=PlaceGiven(), impossible=True),
        "outside": replace(ROW, place=far),
    }
    for reason, row in cases.items():
        home, place, trouble = located(INDEX, row)
        assert (home, place) == ("kites-U", None)
        assert trouble is not None
        assert trouble.reason == reason


def test_a_later_fact_repeats_nothing_but_whose_it_is() -> None:
    command = following(Fact(RecordWhat.CLOSED, ROW, 1_446_000_600_000), "kites-Area_00")
    assert command.id == command_id(ROW, RecordWhat.CLOSED) == "r4.closed"
    assert (command.report.id, command.at_ms, command.report.text) == ("r4", ROW.closed_ms, "")
    assert command.into is None
    merged = following(Fact(RecordWhat.MERGED, replace(ROW, merged_into="r2"), 5, into="r1"), "kites-Area_00")
    assert merged.into == "r1"


def test_days_without_an_hour_are_told_to_the_rules() -> None:
    row = replace(ROW, by_day=frozenset({RecordWhat.OPENED, RecordWhat.CLOSED}))
    source = opening(row, INDEX).report.source
    assert source is not None
    assert source.by_day
    assert following(Fact(RecordWhat.CLOSED, row, 5), "kites-Area_00").by_day
    assert b"by_day" not in encode(opening(ROW, INDEX)), "what is usual is not written"


def test_kind_and_attributes_go_with_the_report() -> None:
    row = replace(ROW, kind=ReportKind.QUESTION, attributes={"land": "forest"})
    report = opening(row, INDEX).report
    assert (report.kind, report.attributes) == ("question", {"land": "forest"})


def test_a_live_report_keeps_when_it_happened() -> None:
    report = report_of(ROW, 1_800_000_000_000)
    assert report.received_ms == 1_800_000_000_000
    assert report.source is not None
    assert report.source.occurred_ms == ROW.reported_ms
    assert decode_any(INCOMING, encode(report)) == report


def test_a_row_without_an_id_is_parked_under_one_of_its_own() -> None:
    """The same at every try, so that sending it again changes nothing; another file's row 9 is another row."""
    nameless = RowFault(9, "id", Reason("no_id"))
    ids = {parked_id(nameless, "a" * 64), parked_id(nameless, "b" * 64), parked_id(replace(nameless, report="x"), "a")}
    assert len(ids) == 3
    told = unusable(nameless, "a" * 64, 1_800_000_000_000)
    assert decode_any(INCOMING, encode(told)) == told
    assert "row 9" in told.reason
