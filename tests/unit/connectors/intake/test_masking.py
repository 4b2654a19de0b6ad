"""Phones, identity cards and plates do not reach the log; codes and house numbers do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.accept import accept
from connectors.intake.masking import masked
from connectors.intake.submission import ActSubmission, ReportSubmission
from schemas.command import Act
from tests.worlds.doors import doors


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("请打13800000012", "请打138******12"),
        ("138 0000 0012 或 138-0000-0012", "138******12 或 138******12"),
        ("+86 13800000012", "+86 138******12"),
        ("电话１３８００００００１２", "电话１３８******１２"),
        ("0592-0000012", "0592-*****12"),
        ("身份证110101190001010000", "身份证110101************"),
        ("11010119000101000X", "110101************"),
        ("闽D·A0001违停", "闽D·***01违停"),
        ("闽DA00012", "闽D***12"),
    ],
)
def test_numbers_that_say_who_somebody_is_are_masked(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "网格350203001002003",
        "网格编码35020300100200300401",
        "湖滨南路12-8号",
        "订单2026113000001234567",
        "demo-G001-2611-00001",
        "闽D路口",
        "12345热线",
        "24.461000, 118.082000",
    ],
)
def test_codes_addresses_and_positions_stay(said: str) -> None:
    assert masked(said) == said


@given(st.text("0123456789-+ X闽DA·１３８", max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


async def test_whatever_words_a_report_has_are_masked(tmp_path: Path) -> None:
    """In its text, its address, and the attributes that its door adds."""
    number = "13800000012"
    async with doors(tmp_path) as town:
        sent = ReportSubmission(text=f"call {number}", address=f"house 1, {number}", attributes={"contact": number})
        await accept(town.gateway, ("chat",), sent)
        note = ActSubmission(case="T-G01-2511-00001", act=Act.ANSWER, by="p1", note=number)
        await accept(town.gateway, ("chat",), note)
        assert [number.encode() in each.row.value for each in town.stored()] == [False, False]
