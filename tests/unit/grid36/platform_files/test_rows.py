"""A platform's file is read to its end before anything of it is sent, and a broken one is refused with its place."""

from pathlib import Path

import pytest

from grid36.platform_files.rows import checked_file, file_rows
from grid36.replay.file.reasons import WrongFile
from schemas.names import Language
from tests.worlds.small_town import example_street

HOTLINE = next(each for each in example_street().region.platforms if each.code == "hotline")
HEAD = "工单编号,诉求内容,诉求地址"


def refusal(path: Path, text: str, language: Language = Language.ZH) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongFile) as refused:
        checked_file(path, HOTLINE)
    assert str(path) in refused.value.say(language)
    return refused.value.say(language)


@pytest.mark.parametrize(
    "rows",
    [
        '1,路面有油污,x\n2,"没有配对,x\n3,路灯不亮,x\n',
        '1,路面有油污,x\n2,"没有配对,x\n3,"路灯不亮",x\n',
        '1,路面有油污,x\n2,"引"号",x\n',
        f"1,路面有油污,x\n2,{'灯' * 131_073},x\n",
    ],
    ids=["open", "closed by the next", "inside", "too long"],
)
def test_a_row_that_ends_where_it_should_not_is_named_by_its_line(rows: str, tmp_path: Path) -> None:
    assert "第 3 行" in refusal(tmp_path / "a.csv", f"{HEAD}\n{rows}")


def test_a_file_of_many_rows_is_counted_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEAD, *(f"{n},路面有油污,x" for n in range(1, 1502))]), encoding="utf-8")
    whole = checked_file(path, HOTLINE)
    ids = [row.id for row in whole.rows()]
    assert (whole.total, len(ids), ids[0], ids[-1]) == (1501, 1501, "1", "1501")


def test_a_column_that_is_used_has_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert "诉求内容" in refusal(path, f"{HEAD},备注,备注,诉求内容\n1,x,y,,,z\n")
    path.write_text(f"{HEAD},备注,备注\n1,x,y,a,b\n", encoding="utf-8")
    assert [row.id for row in file_rows(path, HOTLINE)] == ["1"]


def test_all_columns_of_a_table_count_as_used() -> None:
    columns = HOTLINE.columns
    assert {columns.id, *columns.text, *columns.caller, columns.due_at, columns.confidential} <= columns.used
    district = next(each for each in example_street().region.platforms if each.code == "district")
    assert set(district.columns.also.values()) <= district.columns.used


def test_the_separator_is_that_of_the_header_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("某日工单,明细\n工单编号;诉求内容\n1;路面,有油污\n", encoding="utf-8")
    assert [row.cells for row in file_rows(path, HOTLINE)] == [{"工单编号": "1", "诉求内容": "路面,有油污"}]


@pytest.mark.parametrize(("content", "words"), [("", "空文件"), ("PK\x03\x04", "压缩包"), ("a,b\n", "工单编号")])
def test_a_file_that_is_none_of_theirs_is_named(content: str, words: str, tmp_path: Path) -> None:
    assert words in refusal(tmp_path / "a.csv", content)
