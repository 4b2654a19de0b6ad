"""Times in one column or two, in one form or several, and days without an hour."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid36.replay.file.columns import TimeColumn
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.reasons import UnusableValue
from grid36.replay.file.rows import PastRow, reader
from grid36.replay.file.times import Moment, time_reader
from schemas.command import RecordWhat
from tests.unit.grid36.replay.reading import rows_of

ZONE = "America/Chicago"
US = "%m/%d/%Y"


def moment(cells: dict[str, str], **named: Any) -> Moment:
    found = time_reader(TimeColumn.model_validate({"zone": ZONE, **named}))(cells)
    assert found is not None
    return found


def local(at_ms: int) -> str:
    """What the clocks of the zone showed."""
    return f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "forms"), [("2016-01-04", ()), ("20160104", ()), ("01/04/2016", (US,)), ("4 Jan 16", ("%d %b %y",))]
)
def test_a_day_is_a_day_however_it_is_written(text: str, forms: tuple[str, ...]) -> None:
    found = moment({"d": text}, column="d", formats=forms)
    assert found.by_day
    assert local(found.first_ms) == "2016-01-04 00:00"
    assert local(found.last_ms + 1) == "2016-01-05 00:00"


def test_midnight_is_a_time_when_the_format_says_so() -> None:
    assert not moment({"d": "2016-01-04T00:00:00"}, column="d").by_day
    assert not moment({"d": "01/04/2016 12:00:00 AM"}, column="d", format="%m/%d/%Y %I:%M:%S %p").by_day


@pytest.mark.parametrize("named", [{"column": "d", "time": "t"}, {"columns": ["d", "t"]}])
@pytest.mark.parametrize("hour", ["09:30 AM", "9:30 am"])
def test_day_and_hour_in_two_columns(named: dict[str, Any], hour: str) -> None:
    cells = {"d": "01/04/2016", "t": hour}
    found = moment(cells, format="%m/%d/%Y %I:%M %p", **named)
    assert (found.by_day, local(found.first_ms)) == (False, "2016-01-04 09:30")
    without = moment({**cells, "t": ""}, format="%m/%d/%Y %I:%M %p", **named)
    assert (without.by_day, local(without.first_ms)) == (True, "2016-01-04 00:00")


@pytest.mark.parametrize("day", ["2016-01-04", "2016-01-04T00:00:00.000", "2016-01-04 00:00"])
@pytest.mark.parametrize("hour", ["9:30", "09:30:00", "09:30 AM", "9:30am"])
def test_an_hour_beside_an_iso_day_needs_no_format(day: str, hour: str) -> None:
    """Portals export the day as its midnight."""
    named = TimeColumn.model_validate({"columns": ["d", "t"], "zone": ZONE})
    found = time_reader(named)({"d": day, "t": hour})
    assert found is not None
    assert (found.by_day, local(found.first_ms)) == (False, "2016-01-04 09:30")
    without = time_reader(named)({"d": day, "t": ""})
    assert without is not None
    assert without.by_day
    for cells in ({"d": "2016-01-04T08:00", "t": hour}, {"d": day, "t": "noon"}, {"d": "", "t": hour}):
        with pytest.raises(UnusableValue):
            time_reader(named)(cells)


@pytest.mark.parametrize("day", ["1899-12-31", "0001-01-01", "2200-01-01", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_years_that_nobody_meant(day: str) -> None:
    with pytest.raises(UnusableValue) as caught:
        moment({"d": day}, column="d")
    assert caught.value.reason.code == "year"


def test_a_past_does_not_reach_far_ahead(tmp_path: Path) -> None:
    """One slip of a key would let time pass until then, and make every open case late."""
    year = datetime.now(UTC).year
    lines = "\n".join(f"{ahead},2016-01-04T08:00,{year + ahead}-01-04T08:00" for ahead in (-1, 0, 10, 11, 80))
    rows = rows_of(tmp_path, f"id,created,closed\n{lines}", closed_at={"column": "closed", "zone": ZONE})
    assert [row.report for row in rows if isinstance(row, PastRow) and row.left_out] == ["10", "11", "80"]


def test_two_columns_in_iso_form() -> None:
    assert local(moment({"d": "2016-01-04", "t": "09:30"}, columns=["d", "t"]).first_ms) == "2016-01-04 09:30"


def test_a_column_may_be_written_in_several_ways() -> None:
    forms = ["%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M", US]
    read = time_reader(TimeColumn.model_validate({"column": "d", "zone": ZONE, "formats": forms}))
    found = [read({"d": text}) for text in ("01/04/2016 09:30", "04.01.2016 09:30", "01/04/2016")]
    assert [each and (local(each.first_ms), each.by_day) for each in found] == [
        ("2016-01-04 09:30", False), ("2016-01-04 09:30", False), ("2016-01-04 00:00", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"column": "d", "format": US, "formats": [US]}, "format once"),
        ({"column": "d", "columns": ["e", "f"]}, "columns once"),
        ({"column": "d", "format": "%H:%M"}, "must say year"),
        ({"column": "d", "formats": [US, "%Y-%m-%d %I:%M"]}, "must say year"),
        ({"column": "d", "format": "%Y-%m-%d %H:%M %p"}, "with %p the hour is %I"),
        ({"column": "d", "formats": ["%Y-%m-%d %Q"]}, "no format|must say"),
    ],
)
def test_what_a_mapping_cannot_mean_is_refused(named: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TimeColumn.model_validate(named)


def test_a_column_in_which_every_time_is_midnight_holds_days(tmp_path: Path) -> None:
    """As portals export days; a single other time shows that they are hours."""
    lines = [f"{day},2016-01-{day:02}T09:30:00,2016-01-{day:02}T00:00:00.000" for day in range(4, 15)]
    closed: dict[str, Any] = {"closed_at": {"column": "closed", "zone": "Asia/Shanghai"}}
    for hours, count in (("", 11), ("20,2016-01-20T09:30:00,2016-01-20T10:00:00", 0)):
        rows = rows_of(tmp_path, "\n".join(["id,created,closed", *lines, hours]), **closed)
        assert sum(RecordWhat.CLOSED in row.by_day for row in rows if isinstance(row, PastRow)) == count
        assert sum(bool(row.left_out) for row in rows if isinstance(row, PastRow)) == (0 if count else 11)


FORMS = {False: "%Y-%m-%d %H:%M", True: "%Y-%m-%d"}
MAPPING = Mapping.model_validate({
    "id": "id",
    **{f"{name}_at": {"column": name, "zone": ZONE, "formats": list(FORMS.values())}
       for name in ("reported", "acknowledged", "closed", "due")},
})  # fmt: skip
NAMES = ("reported", "acknowledged", "closed", "due")
TIMES = st.tuples(st.integers(0, 4 * 24), st.booleans())


@given(st.tuples(TIMES, TIMES, TIMES, TIMES))
def test_facts_keep_their_order_whatever_is_known_by_day(times: tuple[tuple[int, bool], ...]) -> None:
    """What comes in is never before the report nor out of order, and a closing on the day it was due is in time."""
    begin = datetime(2016, 3, 11, tzinfo=UTC)  # the clocks change on the 13th
    cells = {"id": "1"}
    for name, (hours, by_day) in zip(NAMES, times, strict=True):
        cells[name] = (begin + timedelta(hours=hours)).strftime(FORMS[by_day])
    row = reader(MAPPING)(1, cells)
    assert isinstance(row, PastRow)
    facts = [at for at in (row.reported_ms, row.acknowledged_ms, row.closed_ms) if at is not None]
    assert facts == sorted(facts)
    assert row.due_ms is None or row.due_ms >= row.reported_ms
    if (
        row.closed_ms is not None
        and row.due_ms is not None
        and times[2][1]
        and cells["closed"][:10] == cells["due"][:10]
    ):
        acknowledged_later = row.acknowledged_ms is not None and not times[1][1] and row.acknowledged_ms > row.due_ms
        assert row.closed_ms <= row.due_ms or acknowledged_later


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026年11月3日 上午9:05", "2026-11-03 09:05"),
        ("2026年11月3日下午2:30:11", "2026-11-03 14:30"),
        ("2026年11月3日 14时30分", "2026-11-03 14:30"),
        ("2026/11/3 9:05", "2026-11-03 09:05"),
        ("2026/11/13 9:05 PM", "2026-11-13 21:05"),
        ("2026-11-03 下午12:05", "2026-11-03 12:05"),
        ("2026-11-03 上午12:05", "2026-11-03 00:05"),
        ("2026.11.3  9:05", "2026-11-03 09:05"),
        ("20261103090500", "2026-11-03 09:05"),
    ],
)
def test_where_the_year_comes_first_no_format_is_needed(text: str, shown: str) -> None:
    found = moment({"d": text}, column="d")
    assert (local(found.first_ms), found.by_day) == (shown, False)


@pytest.mark.parametrize("text", ["2026年11月3日", "2026/11/3", "2026.11.03"])
def test_so_is_a_day(text: str) -> None:
    found = moment({"d": text}, column="d")
    assert (local(found.first_ms), found.by_day) == ("2026-11-03 00:00", True)


@pytest.mark.parametrize(
    ("form", "text", "shown", "by_day"),
    [
        ("excel", "45234.5", "2023-11-04 12:00", False),
        ("excel", "45234.385416666664", "2023-11-04 09:15", False),
        ("excel", "45234", "2023-11-04 00:00", True),
        ("unix", "1700000000", "2023-11-14 16:13", False),
        ("unix_ms", "1700000000000", "2023-11-14 16:13", False),
    ],
)
def test_times_that_are_numbers_say_what_they_count(form: str, text: str, shown: str, by_day: bool) -> None:
    found = moment({"d": text}, column="d", format=form)
    assert (local(found.first_ms), found.by_day) == (shown, by_day)


@pytest.mark.parametrize(
    ("text", "form", "code"),
    [
        ("45234.5", None, "number_time"),
        ("1700000000", None, "number_time"),
        ("1700000000000", "unix", "no_time"),
        ("1700000000", "excel", "no_time"),
        ("soon", "unix", "no_time"),
        ("2026/31/12", None, "no_time"),
        ("2026-11-03 25:00", None, "no_time"),
        ("20261341990000", None, "number_time"),
    ],
)
def test_a_number_that_counts_nothing_known_is_no_time(text: str, form: str | None, code: str) -> None:
    with pytest.raises(UnusableValue) as caught:
        moment({"d": text}, column="d", **({"format": form} if form else {}))
    assert caught.value.reason.code == code
