"""Problems written back into a copy of the lists."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from grid36.cli import run
from grid36.files.rulebook import read_rulebook
from grid36.files.rulebook.comments import AUTHOR, write_comments
from grid36.files.rulebook.layout import WORKBOOK, Form
from grid36.files.rulebook.template import empty_rulebook, new_rulebook
from grid36.settings import data_folder
from schemas.names import Language

EXAMPLE = data_folder("regions") / "example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workbook with a wrong limit in J3 and an own remark in B3."""
    new_rulebook(tmp_path / "mine", empty_rulebook(), Form.XLSX, Language.EN)
    book = load_workbook(tmp_path / "mine" / WORKBOOK)
    book["categories"]["J3"] = "4 hours"
    book["categories"]["J3"].number_format = "@"
    book.save(tmp_path / "mine" / WORKBOOK)
    return tmp_path / "mine"


def test_the_cell_says_what_is_right(folder: Path) -> None:
    """In a copy, beside everything that stood there; the lists stay as they are."""
    before, copy = (folder / WORKBOOK).read_bytes(), folder / "checked.xlsx"
    reading = read_rulebook(folder)
    write_comments(reading, reading.problems, copy, Language.EN)
    assert (folder / WORKBOOK).read_bytes() == before
    book = load_workbook(copy)
    cell = book["categories"]["J3"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("4 hours", "00FFC7CE")
    assert cell.comment is not None
    assert cell.comment.text == "a limit is not written like this → write 4h"
    assert [row[4].value for row in book["problems"].iter_rows(min_row=2)] == ["J3"]


def test_a_corrected_copy_is_a_list_again(folder: Path) -> None:
    """Its sheet of problems is nothing, and the next check takes old remarks away, not those of people."""
    copy = folder / "checked.xlsx"
    reading = read_rulebook(folder)
    write_comments(reading, reading.problems, copy, Language.EN)
    book = load_workbook(copy)
    book["categories"]["J3"] = "4h"
    book.save(copy)
    corrected = read_rulebook(copy)
    assert corrected.problems == ()
    assert corrected.rulebook is not None
    assert corrected.rulebook.categories[0].limits.accept == "4h"
    write_comments(corrected, (), copy, Language.EN)
    cell = load_workbook(copy)["categories"]["J3"]
    assert (cell.comment, cell.fill.fill_type) == (None, None)


def test_lists_in_csv_get_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the command, with what the checks of meaning found: here a person nobody knows."""
    new_rulebook(tmp_path / "mine", empty_rulebook(), Form.CSV, Language.EN)
    routing = tmp_path / "mine" / "routing.csv"
    routing.write_text(routing.read_text(encoding="utf-8") + "r1,1,other,,,,nobody-of-ours,,,,\n", encoding="utf-8")
    copy = tmp_path / "checked.xlsx"
    code = run(["rules", "check", str(tmp_path / "mine"), "--region", str(EXAMPLE), "--comments", str(copy)])
    assert code == 1
    assert "routing.csv" in capsys.readouterr().out
    cell = load_workbook(copy)["routing"]["G3"]
    assert cell.comment is not None
    assert cell.comment.author == AUTHOR
    assert cell.value == "nobody-of-ours"


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """new, check, convert; and wrong use is 2."""
    mine, text = str(tmp_path / "mine"), str(tmp_path / "text")
    assert run(["rules", "new", mine, "--empty", "--lang", "en"]) == 0
    assert run(["rules", "new", mine]) == 2
    assert run(["rules", "convert", mine, text, "--to", "csv"]) == 0
    assert run(["rules", "check", text, "--region", str(EXAMPLE), "--comments", "x.txt"]) == 2
    capsys.readouterr()
    assert run(["rules", "check", text, "--region", str(EXAMPLE), "--json"]) == 0
    (tmp_path / "text" / "rulebook.yaml").unlink()
    assert run(["rules", "check", text]) == 1
    assert run(["rules", "convert", text, str(tmp_path / "more")]) == 2


def test_characters_that_no_workbook_holds_show_as_a_mark(tmp_path: Path) -> None:
    new_rulebook(tmp_path / "mine", empty_rulebook(), Form.CSV, Language.EN)
    routing = tmp_path / "mine" / "routing.csv"
    routing.write_text(routing.read_text(encoding="utf-8") + "r1,so\x01on,other\n", encoding="utf-8")
    copy = tmp_path / "checked.xlsx"
    assert run(["rules", "check", str(tmp_path / "mine"), "--region", str(EXAMPLE), "--comments", str(copy)]) == 1
    book = load_workbook(copy)
    assert book["routing"]["B3"].value == "so\ufffdon"
    assert "so\ufffdon" in {row[5].value for row in book.worksheets[-1].iter_rows()}


def test_a_copy_that_cannot_be_written_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_rulebook(tmp_path / "mine", empty_rulebook(), Form.CSV, Language.EN)
    copy = tmp_path / "nowhere" / "checked.xlsx"
    assert run(["rules", "check", str(tmp_path / "mine"), "--region", str(EXAMPLE), "--comments", str(copy)]) == 2
    assert str(copy) in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]
