from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from grid36.files.region.load import load_region
from grid36.files.staff_sheet import StaffSheet, UnreadableStaffSheet, read_staff, role_called
from schemas.directory import Directory
from schemas.names import Language
from schemas.people import Role
from tests.worlds.small_town import EXAMPLE


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(load_region(EXAMPLE))


def read(folder: Path, directory: Directory, *rows: Sequence[object], book: bool = False) -> StaffSheet:
    if book:
        written, file = Workbook(), folder / "staff.xlsx"
        assert written.active is not None
        for row in rows:
            written.active.append([*row])
        written.save(file)
    else:
        file = folder / "staff.csv"
        file.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8-sig")
    return read_staff(file, directory)


def codes(sheet: StaffSheet) -> list[tuple[str, int | None]]:
    return [(each.code, each.place.row) for each in sheet.unusable]


@pytest.mark.parametrize("book", [False, True])
def test_rows_that_agree_with_the_region_are_used(directory: Directory, tmp_path: Path, *, book: bool) -> None:
    sheet = read(
        tmp_path,
        directory,
        ("编号", "姓名", "角色", "路段", "班次", "代班人"),
        ("supervisor-01", "某某", "路段负责人", "HBN-1；CSL-3S", "08:00-16:00", "supervisor-02"),
        ("", "", "", "", "", ""),
        ("cleaner-01", "", "executor", "HBN-1", "", ""),
        ("head-01", "", "patroller;小巷管家", "", "", ""),
        book=book,
    )
    assert [each.id for each in sheet.people] == ["supervisor-01", "cleaner-01", "head-01"]
    assert (sheet.unusable, sheet.remarks) == ((), ())


@pytest.mark.parametrize("book", [False, True])
def test_each_row_that_cannot_be_used_is_named_with_the_reason(
    directory: Directory, tmp_path: Path, *, book: bool
) -> None:
    sheet = read(
        tmp_path,
        directory,
        ("person", "role", "segment", "substitute", "phone"),
        ("", "patroller", "", "", ""),
        ("nobody", "", "", "", ""),
        ("supervisor-01", "inspector", "", "", ""),
        ("supervisor-01", "", "", "", ""),
        ("supervisor-02", "", "HBN-99", "", ""),
        ("supervisor-03", "king", "HBN-1", "", ""),
        ("cleaner-01", "", "", "nobody", ""),
        book=book,
    )
    assert codes(sheet) == [
        ("no_id", 2),
        ("unknown_person", 3),
        ("other_role", 4),
        ("person_twice", 5),
        ("unknown_segment", 6),
        ("other_role", 7),
        ("other_segment", 7),
    ]
    assert [each.id for each in sheet.people] == ["cleaner-01"]
    assert [each.code for each in sheet.remarks] == ["unknown_column", "unknown_substitute"]
    for each in (*sheet.unusable, *sheet.remarks):
        assert "staff." in each.say(Language.EN)
        assert " → " in each.say(Language.ZH)


def test_a_number_is_an_id_too(directory: Directory, tmp_path: Path) -> None:
    assert codes(read(tmp_path, directory, ("id",), (1001,), (1001.0,), book=True)) == [("unknown_person", 2)] * 1 + [
        ("unknown_person", 3)
    ]


@pytest.mark.parametrize("rows", [[("name", "role"), ("x", "y")], [("id", "person"), ("a", "b")], [()]])
def test_a_sheet_without_people_says_so(directory: Directory, tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(UnreadableStaffSheet) as wrong:
        read(tmp_path, directory, *rows)
    assert "staff.csv" in wrong.value.say(Language.EN)


def test_what_is_no_workbook_says_so(directory: Directory, tmp_path: Path) -> None:
    file = tmp_path / "staff.xlsx"
    file.write_bytes(b"PK nonsense")
    with pytest.raises(UnreadableStaffSheet):
        read_staff(file, directory)


def test_roles_by_their_names_in_both_languages() -> None:
    assert [role_called(word) for word in ("patroller", "PATROLLER", "网格员", "king")] == [
        Role.PATROLLER,
        Role.PATROLLER,
        Role.PATROLLER,
        None,
    ]
