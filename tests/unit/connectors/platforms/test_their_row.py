"""Rows of platforms: read by their table of columns, and refused aloud where they cannot be read for certain."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.intake.refusal import Refused
from connectors.platforms.their_row import TheirRow, read_row
from schemas.datum import Datum
from schemas.platform import TheirState
from schemas.report import ReportKind
from tests.worlds.platforms import call, filed
from tests.worlds.small_town import example_street

ZONE = ZoneInfo("Asia/Shanghai")
PLATFORMS = {each.code: each for each in example_street().region.platforms}


def hotline(**more: Any) -> TheirRow:
    return read_row(PLATFORMS["hotline"], call(**{"id": "H1"} | more), ZONE)


def error(cells: dict[str, Any], platform: str = "hotline") -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        read_row(PLATFORMS[platform], cells, ZONE)
    fault = refused.value.faults[0]
    assert refused.value.answer("en")["message"]  # type: ignore[arg-type]  # a language by its tag
    return fault.code, fault.where


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("求助", ReportKind.SERVICE_REQUEST),
        ("咨询", ReportKind.QUESTION),
        ("建议", ReportKind.SUGGESTION),
        ("投诉", ReportKind.COMPLAINT),
        ("", ReportKind.PROBLEM),
    ],
)
def test_the_kinds_of_a_hotline_are_kinds_of_ours(word: str, kind: ReportKind) -> None:
    assert hotline(诉求类型=word).kind is kind


def test_words_that_the_tables_lack_are_refused() -> None:
    assert error(call("H1", 诉求类型="表扬")) == ("platform_word", "诉求类型")
    assert error(call("H1", 工单状态="?")) == ("platform_word", "工单状态")


def test_a_category_that_nobody_mapped_goes_into_the_words() -> None:
    assert (hotline(诉求分类="路灯不亮").category, hotline(诉求分类="路灯不亮").text) == ("street-light", "路面有油污")
    assert (hotline(诉求分类="油烟").category, hotline(诉求分类="油烟").text) == ("", "油烟\n路面有油污")


@pytest.mark.parametrize("id", ["2.02611E+17", "2.02611e17", 1e15, 12.5])
def test_a_rounded_number_is_no_id(id: Any) -> None:
    assert error(call(id)) == ("platform_rounded", "工单编号")


@pytest.mark.parametrize(
    ("id", "read"), [('="007"', "007"), (" 20261130000000001 ", "20261130000000001"), (42, "42"), (42.0, "42")]
)
def test_an_id_is_read_in_full(id: Any, read: str) -> None:
    assert hotline(id=id).theirs == read


@pytest.mark.parametrize("value", [{"a": 1}, ["H1"], [], True, False])
def test_what_is_no_text_and_no_number_is_no_id(value: Any) -> None:
    assert error(call(value)) == ("platform_value", "工单编号")
    assert error(filed("D1", value), "district") == ("platform_value", "热线工单号")


@pytest.mark.parametrize("column", ["诉求内容", "诉求地址", "工单状态", "办理时限", "是否保密"])
def test_a_list_or_an_object_is_no_text(column: str) -> None:
    assert error(call("H1") | {column: {"a": ["b"]}}) == ("platform_value", column)
    assert hotline(别的列=["b"]).theirs == "H1"


def test_a_row_needs_an_id_of_bounded_length() -> None:
    assert error(call("")) == ("platform_no_id", "工单编号")
    assert error(call("9" * 61)) == ("platform_bad_id", "工单编号")


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-11-30 14:05", 1_796_018_700_000),
        ("2026/11/30 14:05:00", 1_796_018_700_000),
        ("2026年11月30日 14时05分", 1_796_018_700_000),
        ("2026-11-30T06:05:00Z", 1_796_018_700_000),
        ("2026-11-30", 1_795_968_000_000),
    ],
)
def test_times_are_in_the_zone_of_the_platform(text: str, ms: int) -> None:
    assert hotline(来电时间=text).reported_ms == ms


def test_a_due_day_lasts_until_its_end() -> None:
    assert hotline(办理时限="2026-11-30").due_ms == 1_795_968_000_000 + 86_400_000 - 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("46357.5", "platform_number_time"), ("11/12/2026", "platform_time"), ("2026-13-01", "platform_time")],
)
def test_a_time_that_is_not_certain_is_refused(text: str, code: str) -> None:
    assert error(call("H1", 办理时限=text)) == (code, "办理时限")


def test_a_position_without_a_known_datum_is_not_used() -> None:
    row = hotline(纬度="24.46", 经度="118.08")
    assert (row.lat, row.unused_position, row.address) == (None, True, "湖滨南路12号")
    placed = read_row(PLATFORMS["district"], filed("D1", lat=24.46, lng=118.08), ZONE)
    assert (placed.lat, placed.lon, placed.datum) == (24.46, 118.08, Datum.GCJ02)
    assert error(filed("D1", lat="244.6", lng="118"), "district") == ("bad_coordinate", "lat")


def test_who_asked_for_confidentiality_is_struck_from_the_words() -> None:
    told = {"来电人": "测试来电人", "联系电话": "0592-0000000", "text": "我是测试来电人，电话0592-0000000"}
    assert hotline(**told, 是否保密="是").text == "我是***，电话***"
    assert "测试来电人" in hotline(**told, 是否保密="否").text


def test_states_there() -> None:
    assert [hotline(工单状态=word).state for word in ("待办", "已撤单", "已办结")] == [
        TheirState.OPEN, TheirState.WITHDRAWN, TheirState.ENDED,
    ]  # fmt: skip
    assert read_row(PLATFORMS["district"], filed("D1", "H1"), ZONE).also == (("hotline", "H1"),)


def test_name_and_number_in_one_cell_are_both_struck() -> None:
    told = {"来电人": "测试来电人 0592-0000000（12）", "text": "12号测试来电人留了0592-0000000", "是否保密": "是"}
    assert hotline(**told).text == "12号***留了***"


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    assert error(call("H1", text="灯" * 4001)) == ("too_long", "标题, 诉求内容")
