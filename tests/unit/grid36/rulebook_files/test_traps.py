"""What happens to lists that people edit: each mistake is named with sheet, row, column, and what would be right."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from grid36.files.rulebook import FaultyRulebook, RulebookReading, load_rulebook, read_rulebook
from grid36.files.rulebook.problems import Problems
from grid36.files.rulebook.sheets import MOST_ROWS
from grid36.files.rulebook.xlsx_sheets import Bounds, open_workbook
from schemas.items import Verdict
from schemas.names import Language

HEAD = """
name: town
default_category: other
routing: {name: routing, hit_policy: F, inputs: [], default: {assign: grid_head}}
"""
CATEGORIES = "id,name_zh,item,accept\nother,其他,,4h\n"
ITEMS = "id,name_zh,verdict,lead,valid_from\n"


def told(reading: RulebookReading) -> list[tuple[str, str, str | None]]:
    return [(p.code, p.place.sheet, p.place.cell) for p in reading.problems]


@pytest.fixture
def town(tmp_path: Path) -> Callable[..., RulebookReading]:
    """Reads a town's lists, given as CSV texts or bytes."""

    def read(yaml: str = HEAD, **lists: str | bytes) -> RulebookReading:
        (tmp_path / "rulebook.yaml").write_text(yaml, encoding="utf-8")
        for name, text in {"categories": CATEGORIES, **lists}.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
        return read_rulebook(tmp_path)

    return read


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., RulebookReading]:
    """Reads a town whose items stand in a workbook, changed by a function before it is saved."""

    def read(rows: Sequence[Sequence[Any]], change: Callable[[Worksheet], object] = lambda _: None) -> RulebookReading:
        (tmp_path / "rulebook.yaml").write_text(HEAD, encoding="utf-8")
        made = Workbook()
        categories, items = made.worksheets[0], made.create_sheet("事项")
        categories.title = "categories"
        for row in [("id", "name_zh"), ("other", "其他")]:
            categories.append(row)
        for cells in [("编号", "名称", "结论", "主办", "生效日"), *rows]:
            items.append(list(cells))
        change(items)
        made.save(tmp_path / "lists.xlsx")
        return read_rulebook(tmp_path)

    return read


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("C1,清扫,maybe,,", ("cell", "C2")),
        ("C1,清扫,,,", ("missing", "C2")),
        ("C1,,handle,,", ("missing", "B2")),
        ("C1,清扫,handle,Parks Office,", ("string_pattern_mismatch", "D2")),
        ("C1,清扫,handle,,45992", ("serial_date", "E2")),
        ("C1,清扫,handle,,3.4.2026", ("cell", "E2")),
        ("C1,清扫,handle,,2026-02-30", ("cell", "E2")),
        ("1.2E+11,清扫,handle,,", ("became_number", "A2")),
        (f"C1,{'长' * 2001},handle,,", ("string_too_long", "B2")),
        ("C1,清扫,#REF!,,", ("formula", "C2")),
        ("C1,清扫,handle,,,more", ("more_cells", "F2")),
        ("C1,清扫,handle,,\nC1,清洗,assist,,", ("twice", "A3")),
        ("007,清扫,handle,,\n8,清洗,assist,,", ("lost_zeros", "A3")),
    ],
)
def test_a_wrong_cell_is_named(town: Callable[..., RulebookReading], row: str, expected: tuple[str, str]) -> None:
    reading = town(items=ITEMS + row + "\n")
    assert reading.rulebook is None
    code, cell = expected
    assert told(reading) == [(code, "items.csv", cell)]


def test_all_problems_are_told_at_once_in_both_languages(town: Callable[..., RulebookReading]) -> None:
    """With the value and what would be right."""
    reading = town(items=ITEMS + "C1,清扫,maybe,,soon\n", categories="id,name_zh,accept\nother,其他,4 hours\n")
    assert [p.say(Language.EN) for p in reading.problems] == [
        'categories.csv, row 2, column accept (C2): "4 hours": a limit is not written like this → write 4h',
        'items.csv, row 2, column verdict (C2): "maybe": this is not one of the values'
        " → write one of handle, assist, refuse",
        'items.csv, row 2, column valid_from (E2): "soon": this is no date of the form year-month-day'
        " → write a date such as 2027-01-31",
    ]
    said = [p.say(Language.ZH) for p in reading.problems]
    assert said[1].endswith("→ 写其中之一：可办理、协助办理、不可办理")


def test_the_door_raises_all_of_them(town: Callable[..., RulebookReading]) -> None:
    reading = town(items=ITEMS + "C1,清扫,maybe,,soon\n")
    with pytest.raises(FaultyRulebook, match="valid_from") as caught:
        load_rulebook(reading.layout.yaml.parent)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ("id,name_zh,verdict,leader", ("unknown_column", "D1")),
        ("id,name_zh,verdict,结论", ("twice", "D1")),
        ("id,name_zh,结果", ("unknown_column", "C1")),
        ("id,name_zh,verdict,", ("no_title", "D2")),
        ("id;name_zh;verdict", ("separator", None)),
    ],
)
def test_wrong_titles_are_named(
    town: Callable[..., RulebookReading], titles: str, expected: tuple[str, str | None]
) -> None:
    reading = town(items=f"{titles}\nC1,清扫,handle,x\n")
    assert (expected[0], "items.csv", expected[1]) in told(reading)


def test_titles_are_understood_in_both_languages(town: Callable[..., RulebookReading]) -> None:
    """Half or full width, with blanks or marks, and a name in English alone."""
    reading = town(items="编号*, Name EN ,结论,ｌｅａｄ\n# 说明,,,\nC1,Sweep,协助办理,parks\n")
    assert reading.rulebook is not None
    item = reading.rulebook.items[0]
    assert (item.id, item.name.zh, item.verdict, item.lead) == ("C1", "Sweep", "assist", "parks")


def test_what_is_forgiven(town: Callable[..., RulebookReading]) -> None:
    """Full width, separators of both widths, dates and limits as people write them; blanks are told."""
    items = (
        "id,name_zh,verdict,assists,accept,valid_from,dual\nＣ０１,清扫（路）,可办理,a；b、c,４ 小时,2027年1月5日,是\n"
    )
    reading = town(items=items.replace("清扫", "\u3000清扫"))
    assert reading.rulebook is not None
    item = reading.rulebook.items[0]
    assert (item.id, item.name.zh, item.assists) == ("C01", "清扫（路）", ("a", "b", "c"))
    assert item.limits is not None
    assert (item.limits.accept, item.valid_from, item.dual) == ("4h", date(2027, 1, 5), True)
    assert [(p.code, p.severity) for p in reading.problems] == [("blanks", "warning")]


def test_files_of_other_encodings(town: Callable[..., RulebookReading]) -> None:
    """A mark is nothing, GBK is read and told, UTF-16 is refused."""
    items = ITEMS + "C1,清扫,可办理,,\n"
    assert told(town(items=b"\xef\xbb\xbf" + items.encode())) == []
    reading = town(items=items.encode("gbk"))
    assert told(reading) == [("encoding", "items.csv", None)]
    assert reading.rulebook is not None
    assert reading.rulebook.items[0].name.zh == "清扫"
    assert town(items=items.encode("utf-16")).rulebook is None


def test_empty_rows_are_nothing_and_rows_keep_their_numbers(town: Callable[..., RulebookReading]) -> None:
    reading = town(items=ITEMS + ',,,,\n\nC1,"两\n行",可办理,,\n\u3000,,,,\nC2,清洗,maybe,,\n')
    assert told(reading) == [("cell", "items.csv", "C6")]


def test_two_spellings_and_unknown_items(town: Callable[..., RulebookReading]) -> None:
    categories = "id,name_zh,item\nother,其他,C-01\nroad,道路,C01\n"
    reading = town(items=ITEMS + "C01,清扫,handle,,\n", categories=categories)
    assert [(p.code, p.place.cell, p.severity) for p in reading.problems] == [
        ("unknown_item", "C2", "error"),
        ("two_spellings", "C3", "warning"),
    ]
    assert "such as C01" in reading.problems[0].say(Language.EN)


def test_a_subcategory_names_a_category(town: Callable[..., RulebookReading]) -> None:
    """At its cell and with the nearest one, not for the whole rulebook."""
    categories = "id,name_zh,紧急\nother,其他,\nroad-works,道路,是\n"
    parts = "编号,类别,名称,词语,紧急\nhole,road_works,深坑,深坑; 大坑,yes\n"
    reading = town(categories=categories, subcategories=parts)
    assert [(p.code, p.place.sheet, p.place.cell) for p in reading.problems] == [
        ("unknown_category", "subcategories.csv", "B2")
    ]
    assert "such as road-works" in reading.problems[0].say(Language.EN)
    reading = town(categories=categories, subcategories=parts.replace("_", "-"))
    assert reading.rulebook is not None
    assert [each.urgent for each in reading.rulebook.categories] == [False, True]
    assert [(each.id, each.words, each.urgent) for each in reading.rulebook.subcategories] == [
        ("hole", ("深坑", "大坑"), True)
    ]


def test_a_list_stands_in_one_place(town: Callable[..., RulebookReading]) -> None:
    yaml = HEAD + "categories: [{id: other, name: {zh: 其他}}]\n"
    reading = town(yaml)
    assert [(p.code, p.place.sheet) for p in reading.problems] == [("two_places", "categories.csv")]
    assert "rulebook.yaml" in reading.problems[0].say(Language.ZH)


def test_a_table_of_decisions(town: Callable[..., RulebookReading]) -> None:
    """Inputs come from the titles; ranges in every way people write them."""
    rows = "id,优先级,小时,类别,结果:派给,then_department\n" + "".join(
        f"r{i},{i},{cell},other；road,grid_head,parks\n"
        for i, cell in enumerate(["≥7", "<=19", "7～19", "7..19", "7;8", "-"], 1)
    )
    book = town(routing=rows).rulebook
    assert book is not None
    assert book.routing.kinds() == {"hour": "number", "category": "text"}
    ends = [(row.cell("hour").ge, row.cell("hour").le, row.cell("hour").one_of) for row in book.routing.rows]
    span = (7, 19, None)
    assert ends == [(7, None, None), (None, 19, None), span, span, (None, None, (7, 8)), (None, None, None)]
    assert book.routing.rows[0].then == {"assign": "grid_head", "department": "parks"}


@pytest.mark.parametrize(
    ("titles", "cell", "kept"),
    [
        ("id,类别,结果:处置时限,结果:节点", "fence（围挡）=2紧急工作时；repair=无", ["fence=2uh", "repair=none"]),
        (
            "id,category,then_resolve,then_milestones",
            "fence(围挡|Fence off)=3uh; Repair=none",
            ["fence=3uh", "repair=none"],
        ),
        ("id,category,then_resolve,then_milestones", "", None),
    ],
)
def test_limits_of_milestones(
    town: Callable[..., RulebookReading], titles: str, cell: str, kept: list[str] | None
) -> None:
    """As on the list of items, with a word for a step that does not apply; an empty cell says nothing of them."""
    book = town(limits=f'{titles}\nr,other,5wd,"{cell}"\n').rulebook
    assert book is not None
    assert book.limits is not None
    steps = {} if kept is None else {"milestones": kept}
    assert book.limits.rows[0].then == {"resolve": "5wd", **steps}


@pytest.mark.parametrize("cell", ["fence", "fence=soon", "fence=", "=3uh", "fence=3uh repair=8uh", "-", "none"])
def test_wrong_limits_of_milestones_are_named(town: Callable[..., RulebookReading], cell: str) -> None:
    reading = town(limits=f"id,category,结果:节点\nr,other,{cell}\n")
    assert told(reading) == [("cell", "limits.csv", "C2")]
    assert "repair=none" in reading.problems[0].say(Language.EN)
    assert "repair=无" in reading.problems[0].say(Language.ZH)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("r,0,7,grid_head", ("table", "B2")),
        ("r,1,soon,grid_head", ("cell", "C2")),
        ("r,1,9..7,grid_head", ("table", "C2")),
        ("r,1,7,x\nr,1,7,y", ("twice", "A3")),
    ],
)
def test_wrong_decisions_are_named(town: Callable[..., RulebookReading], row: str, expected: tuple[str, str]) -> None:
    reading = town(routing=f"id,priority,hour,then_assign\n{row}\n")
    assert told(reading) == [(expected[0], "routing.csv", expected[1])]


def test_a_mistake_in_yaml_has_its_line(town: Callable[..., RulebookReading]) -> None:
    reading = town(HEAD + "policy:\n  return_cap: 99\n")
    assert [(p.place.row, p.place.column) for p in reading.problems] == [(6, "policy.return_cap")]
    assert town("name: [").problems[0].code == "yaml"
    assert town("- a").problems[0].code == "yaml"


def test_a_folder_without_a_rulebook(tmp_path: Path) -> None:
    assert [p.code for p in read_rulebook(tmp_path).problems] == ["missing_file"]


def test_a_good_workbook(book: Callable[..., RulebookReading]) -> None:
    """Real dates are dates, numbers with zeros in front are codes, other numbers are told."""
    rows = [(7, "清扫", "可办理", None, date(2027, 1, 5)), (8, "清洗", "不可办理", None, None)]
    reading = book(rows, lambda sheet: setattr(sheet["A2"], "number_format", "000"))
    assert told(reading) == [("lost_zeros", "事项", "A3")]
    reading = book([*rows[:1], ("C8", *rows[1][1:])])
    assert told(reading) == [("became_number", "事项", "A2")]
    assert reading.rulebook is not None
    assert [(item.id, item.valid_from) for item in reading.rulebook.items] == [("7", date(2027, 1, 5)), ("C8", None)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda sheet: sheet.merge_cells("C2:C3"), [("merged", "C2"), ("missing", "C3")]),
        (lambda sheet: setattr(sheet["A2"], "value", '="C"&1'), [("formula", "A2")]),
        (lambda sheet: setattr(sheet["A2"], "value", date(2026, 3, 4)), [("became_date", "A2")]),
        (lambda sheet: setattr(sheet["E2"], "value", 45992), [("serial_date", "E2")]),
        (lambda sheet: setattr(sheet["A2"], "value", 1.2e17), [("became_number", "A2")]),
    ],
)
def test_what_spreadsheets_do_is_named(
    book: Callable[..., RulebookReading], change: Callable[[Worksheet], object], expected: list[tuple[str, str]]
) -> None:
    reading = book([("C1", "清扫", "可办理"), ("C2", "清洗", "可办理")], change)
    assert [(p.code, p.place.cell) for p in reading.problems] == expected


def test_unknown_sheets_and_no_workbooks(book: Callable[..., RulebookReading]) -> None:
    """A sheet with a name that is no list would be left out silently; remarks and empty sheets may stay."""

    def strangers(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        for title in ("itms", "items", "# mine", "empty"):
            sheet.parent.create_sheet(title)
        for title in ("itms", "items", "# mine"):
            sheet.parent[title]["A1"] = "id"

    reading = book([("C1", "清扫", "可办理")], strangers)
    assert [(p.code, p.place.sheet) for p in reading.problems] == [("twice", "items"), ("unknown_sheet", "itms")]
    assert reading.layout.workbook is not None
    reading.layout.workbook.write_bytes(b"PK\x03\x04 no workbook")
    broken = read_rulebook(reading.layout.yaml.parent)
    assert told(broken)[0] == ("unreadable", "lists.xlsx", None)
    assert "zip" not in broken.problems[0].say(Language.ZH), "what the library says is English"


@pytest.mark.parametrize("bounds", [Bounds(unpacked=1000), Bounds(merged=3)], ids=["bytes", "merged cells"])
def test_a_workbook_over_a_bound_is_refused_before_it_is_read(
    book: Callable[..., RulebookReading], bounds: Bounds
) -> None:
    reading = book([("C1", "清扫", "可办理")], lambda sheet: sheet.merge_cells("B2:C3"))
    assert reading.layout.workbook is not None
    assert open_workbook(reading.layout.workbook, Problems()) is not None
    problems = Problems()
    assert open_workbook(reading.layout.workbook, problems, bounds) is None
    (problem,) = problems.found
    assert problem.code == "unreadable"
    assert "the most is" in problem.say(Language.EN)


def test_rows_beyond_any_list_are_refused(town: Callable[..., RulebookReading]) -> None:
    reading = town(items=ITEMS + "C1,清扫,handle,,\n" * (MOST_ROWS + 1))
    assert told(reading) == [("too_many_rows", "items.csv", None)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b"<row>"),
        (b"<worksheet", b'<worksheet a="&unknown;"'),
    ],
    ids=["cut off", "entity"],
)
def test_a_broken_workbook_is_unreadable(
    book: Callable[..., RulebookReading], tmp_path: Path, old: bytes, new: bytes
) -> None:
    book([])
    path = tmp_path / "lists.xlsx"
    change_parts(path, lambda name, content: content.replace(old, new, 1) if name.endswith("sheet2.xml") else content)
    assert ("unreadable", "lists.xlsx", None) in told(read_rulebook(tmp_path))


def change_parts(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))


def test_yes_and_no_as_other_programs_save_them_are_values(book: Callable[..., RulebookReading]) -> None:
    """LibreOffice and WPS write plain values as formulas without arguments."""

    def flags(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet["F1"], sheet["F2"], sheet["F3"] = "dual", "=FALSE()", "= false()"
        categories = sheet.parent["categories"]
        categories["C1"], categories["C2"] = "urgent", "=TRUE()"

    reading = book([("C1", "清扫", "可办理"), ("C2", "清洗", "可办理")], flags)
    assert told(reading) == []
    assert reading.rulebook is not None
    assert reading.rulebook.categories[0].urgent


def test_hidden_and_struck_rows_are_told_and_count(book: Callable[..., RulebookReading]) -> None:
    def unseen(sheet: Worksheet) -> None:
        for row in (2, 3, 5):
            sheet.row_dimensions[row].hidden = True
        for cell in sheet[4]:
            cell.font = Font(strike=True)

    reading = book([(f"C{n}", "清扫", "可办理") for n in range(1, 5)], unseen)
    assert [(p.code, p.place.row) for p in reading.problems] == [("unseen_rows", 2), ("unseen_rows", 4)]
    said = [p.say(Language.EN) for p in reading.problems]
    assert said[0].startswith("lists.xlsx, 事项, row 2: 3 hidden rows count all the same: 2-3, 5 →")
    assert "1 struck-through row counts" in said[1]
    assert reading.rulebook is not None
    assert len(reading.rulebook.items) == 4


def test_hidden_columns_are_told_and_count(book: Callable[..., RulebookReading]) -> None:
    """Also those that are a group; one that holds nothing is nobody's business."""

    def unseen(sheet: Worksheet) -> None:
        sheet.column_dimensions.group("B", "C", hidden=True)
        sheet.column_dimensions["H"].hidden = True

    reading = book([("C1", "清扫", "可办理")], unseen)
    assert [(p.code, p.severity.value) for p in reading.problems] == [("unseen_columns", "warning")]
    said = [p.say(language) for p in reading.problems for language in Language]
    assert "2 列是隐藏的，仍然有效：B 名称, C 结论 →" in said[0]
    assert "2 hidden columns count all the same: B 名称, C 结论 →" in said[1]
    assert reading.rulebook is not None
    assert reading.rulebook.items[0].verdict is Verdict.HANDLE


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (date(2026, 3, 4), 'm"月"d"日"', "3月4日"),
        (date(2026, 3, 4), "yyyy/m/d", "2026/3/4"),
        (datetime(2026, 3, 4, 8, 5), "yyyy-mm-dd hh:mm", "2026-03-04 08:05"),  # noqa: DTZ001 - a cell has no zone
    ],
)
def test_a_cell_is_quoted_as_it_stands_there(
    book: Callable[..., RulebookReading], value: Any, form: str, shown: str
) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"], sheet["A2"].number_format = value, form

    reading = book([("C1", "清扫", "可办理")], change)
    assert [problem.value for problem in reading.problems] == [shown]


def test_codes_and_yes_or_no_are_quoted_as_they_stand(town: Callable[..., RulebookReading]) -> None:
    """Not as they were understood: full width, with quotes, in capitals."""
    reading = town(categories="id,name_zh,item\nother,其他,Ｃ０９\n", items=ITEMS + "C01,清扫,ＨＡＮＤＬＥ!,,\n")
    assert sorted(str(problem.value) for problem in reading.problems) == ["Ｃ０９", "ＨＡＮＤＬＥ!"]
    reading = town(items=ITEMS + f"C01,清扫,handle,{'Ｐ' * 3} Office,\n")
    assert [problem.value for problem in reading.problems if problem.place.sheet == "items.csv"] == ["ＰＰＰ Office"]


@pytest.mark.parametrize("name", ["Lists.XLSX", "LISTS.xlsx"])
def test_the_case_of_a_name_does_not_matter(book: Callable[..., RulebookReading], tmp_path: Path, name: str) -> None:
    book([("C1", "清扫", "可办理")])
    (tmp_path / "lists.xlsx").rename(tmp_path / name)
    (tmp_path / "rulebook.yaml").rename(tmp_path / "Rulebook.YAML")
    reading = read_rulebook(tmp_path)
    assert told(reading) == []
    assert reading.rulebook is not None
    assert len(reading.rulebook.items) == 1


@pytest.mark.parametrize("name", ["Categories.CSV", "类别.csv", "CATEGORIES.csv"])
def test_a_list_in_csv_is_known_by_either_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "rulebook.yaml").write_text(HEAD, encoding="utf-8")
    (tmp_path / name).write_text("id,name_zh\nother,\n", encoding="utf-8")
    assert ("missing", name, "B2") in told(read_rulebook(tmp_path))


@pytest.mark.parametrize(
    ("name", "alone"),
    [("责任清单.xlsx", True), ("lists.ods", True), ("清单.xls", True), ("items (1).csv", True), ("item.csv", True),
     ("categories - 副本.csv", False), ("old.ods", False)],
)  # fmt: skip
def test_a_file_that_looks_like_a_list_and_is_not_read_is_named(
    book: Callable[..., RulebookReading], tmp_path: Path, name: str, alone: bool
) -> None:
    """An error, and the only one, where its list stands nowhere else; else a warning."""
    book([("C1", "清扫", "可办理")])
    (tmp_path / "lists.xlsx").rename(tmp_path / name)
    if not alone:
        (tmp_path / "categories.csv").write_text(CATEGORIES, encoding="utf-8")
    reading = read_rulebook(tmp_path)
    problem = next(p for p in reading.problems if p.code == "not_read")
    assert (problem.place.sheet, problem.severity) == (name, "error" if alone else "warning")
    assert ".xlsx" in problem.remedy.en or ".csv" in problem.remedy.en
    assert not alone or len(reading.problems) == 1


def test_a_copy_beside_lists_in_yaml_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "rulebook.yaml").write_text(
        f"{HEAD}categories: [{{id: other, name: {{zh: 其他}}}}]\n", encoding="utf-8"
    )
    for name in ("lists (1).xls", "categories_copy.csv"):
        (tmp_path / name).write_bytes(b"")
    reading = read_rulebook(tmp_path)
    assert reading.rulebook is not None
    assert [p.code for p in reading.problems] == ["not_read", "not_read"]


def test_other_workbooks_in_the_folder_are_left_alone(book: Callable[..., RulebookReading], tmp_path: Path) -> None:
    """One with other sheets, and a copy of the list with remarks."""
    Workbook().save(tmp_path / "budget.xlsx")
    checked = Workbook()
    for title in ("items", "problems"):
        checked.create_sheet(title)
    checked.save(tmp_path / "checked.xlsx")
    (tmp_path / "people.csv").write_text("id\n", encoding="utf-8")
    assert told(book([("C1", "清扫", "可办理")])) == []


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file (.xls)"),
        (b"<html><table></table>", "a table in a web page"),
        (None, "a workbook in Strict Open XML"),
        ("mimetype", "an OpenDocument spreadsheet (.ods)"),
    ],
    ids=["xls", "html", "strict", "ods"],
)
@pytest.mark.parametrize("name", ["lists.xlsx", "lists.ods"])
def test_a_workbook_of_another_kind_is_named_with_the_remedy(
    book: Callable[..., RulebookReading], tmp_path: Path, name: str, head: bytes | str | None, says: str
) -> None:
    book([("C1", "清扫", "可办理")])
    path = tmp_path / "lists.xlsx"
    if head is None:
        plain = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        change_parts(path, lambda _, content: content.replace(plain, strict))
    elif isinstance(head, str):
        with ZipFile(path, "w") as archive:
            archive.writestr(head, "application/vnd.oasis.opendocument.spreadsheet")
    else:
        path.write_bytes(head)
    path.rename(tmp_path / name)
    problem = next(p for p in read_rulebook(tmp_path).problems if p.place.sheet == name)
    assert says in problem.text.en
    assert "(.xlsx)" in problem.remedy.en
