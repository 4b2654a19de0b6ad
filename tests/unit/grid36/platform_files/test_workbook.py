"""Workbooks of platforms: a value that nobody knows is no empty cell, and damage is told in the reader's words."""

import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from grid36.platform_files.rows import FileRow, checked_file, file_rows
from grid36.replay.file.reasons import WrongFile
from schemas.names import Language
from tests.worlds.small_town import example_street

HOTLINE = next(each for each in example_street().region.platforms if each.code == "hotline")
HEAD = ["工单编号", "诉求内容", "备注"]
_LATIN_WORD = re.compile("[a-z]{3,}")


def book(*rows: list[Any], sheets: int = 1) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    for _ in range(sheets - 1):
        made.create_sheet()
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def with_sheet(content: bytes, change: Callable[[str], str]) -> bytes:
    """The same with the XML of its first sheet changed, as other programs write it."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part.decode()).encode() if name == "xl/worksheets/sheet1.xml" else part)
    return kept.getvalue()


def read(folder: Path, content: bytes) -> list[FileRow]:
    (folder / "a.xlsx").write_bytes(content)
    return list(file_rows(folder / "a.xlsx", HOTLINE))


def refusal(folder: Path, content: bytes) -> str:
    """In Chinese, wholly."""
    with pytest.raises(WrongFile) as refused:
        read(folder, content)
    said, path = refused.value.say(Language.ZH), str(folder / "a.xlsx")
    assert path in said
    assert set(_LATIN_WORD.findall(said.replace(path, ""))) <= {"xlsx", "xls"}, said
    return said


def test_a_formula_that_was_never_calculated_is_not_empty(tmp_path: Path) -> None:
    rows = [["1", "路面有油污"], ["2", '="路灯"&"不亮"']]
    assert "B3" in refusal(tmp_path, book(HEAD, *rows))
    assert "A2" in refusal(tmp_path, book(HEAD, ['=CONCATENATE("2026","1")', "路灯不亮"]))


def test_a_formula_that_nobody_reads_stops_nothing(tmp_path: Path) -> None:
    """Above the header, in another column, on another sheet."""
    found = read(tmp_path, book(["=TODAY()"], HEAD, ["1", "路面有油污", "=1+1"], sheets=2))
    assert [row.cells for row in found] == [{"工单编号": "1", "诉求内容": "路面有油污"}]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c r="B2" t="str"><f>A1</f><v>路灯不亮</v></c>', "路灯不亮"),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', None),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
    ],
)
def test_a_formula_is_read_by_its_value(cell: str, words: object, tmp_path: Path) -> None:
    content = with_sheet(book(HEAD, ["1", "here"]), lambda xml: re.sub('<c r="B2".*?</c>', cell, xml))
    (row,) = read(tmp_path, content)
    assert (row.cells or {}).get("诉求内容") == words


def test_a_formula_that_failed_is_named(tmp_path: Path) -> None:
    cell = '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert "B2" in refusal(
        tmp_path, with_sheet(book(HEAD, ["1", "x"]), lambda xml: re.sub('<c r="B2".*?</c>', cell, xml))
    )


def test_a_span_of_time_is_text(tmp_path: Path) -> None:
    (row,) = read(tmp_path, book(HEAD, ["1", timedelta(hours=26, minutes=5)]))
    assert row.cells == {"工单编号": "1", "诉求内容": "1 day, 2:05:00"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b"\xff\xd8\xff\xe0" + b"x" * 100, "工作簿"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "密码"),
        (b"PK\x03\x04", "工作簿"),
    ],
    ids=["empty", "picture", "old", "cut off"],
)
def test_what_is_no_workbook_is_told_in_words(content: bytes, words: str, tmp_path: Path) -> None:
    assert words in refusal(tmp_path, content)


def test_a_workbook_that_breaks_in_the_middle_is_refused_before_its_rows_are_sent(tmp_path: Path) -> None:
    rows = [[str(n), "路面有油污"] for n in range(3000)]
    content = with_sheet(book(HEAD, *rows), lambda xml: xml[: len(xml) * 2 // 3])
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(WrongFile):
        checked_file(tmp_path / "a.xlsx", HOTLINE)
    assert "工作簿" in refusal(tmp_path, content)


@cache
def sound() -> bytes:
    return book(HEAD, *([str(n), f"路面有油污{n}", n] for n in range(40)))


@given(
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=4),
    st.sampled_from([1, 1, 0.6]),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, flips: list[tuple[float, int]], length: float) -> None:
    content = bytearray(sound())
    for at, byte in flips:
        content[int(at * len(content))] = byte
    (tmp_path / "a.xlsx").write_bytes(content[: max(1, int(length * len(content)))])
    with suppress(WrongFile):
        list(file_rows(tmp_path / "a.xlsx", HOTLINE))
