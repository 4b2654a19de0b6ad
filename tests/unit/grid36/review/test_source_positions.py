"""Problems told where they stand in the files: lines of YAML, and rows and cells of CSV files."""

from pathlib import Path
from shutil import copy

import pytest
import yaml

from grid36.files.rulebook import read_rulebook
from grid36.review.source_positions import Where
from rules.check.all import check
from rules.check.said import problem
from tests.strategies.broken_books import EXAMPLE, example

ROUTING = """id,priority,category,kind,then_assign,then_department,note
# the routing table of a test,,,,,,
trees,1,tree,,grid_head,,
lamps,2,street-light,,grid_head,,
more-lamps,2,street-light,question,nobody,parks,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with its routing table in a CSV file."""
    content = yaml.safe_load((EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8"))
    del content["routing"]
    (tmp_path / "rulebook.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (tmp_path / "routing.csv").write_text(ROUTING, encoding="utf-8")
    return tmp_path


def test_rows_of_a_csv_file_as_a_spreadsheet_counts_them(folder: Path) -> None:
    reading = read_rulebook(folder)
    assert reading.rulebook is not None, [p.text.en for p in reading.problems]
    found = {p.code: p for p in Where(reading).in_files(check(example()[0], reading.rulebook))}
    overlap = found["overlap_priority"]
    assert (overlap.sheet, overlap.rows) == ("routing.csv", (4, 5)), "titles and the remark are counted"
    person = found["unknown_person_in_output"]
    assert (person.sheet, person.rows, person.column) == ("routing.csv", (5,), "then_assign")
    places = Where(reading).places(problem("unknown_person_in_output", "routing", (3,), "assign", value="nobody"))
    assert [place.cell for place in places] == ["E5"]


def test_rows_of_yaml_by_their_lines(tmp_path: Path) -> None:
    copy(EXAMPLE / "rulebook.yaml", tmp_path)
    reading, lines = read_rulebook(tmp_path), (EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8").splitlines()
    places = Where(reading).places(problem("shared_word", "categories", (1, 17), "words", word="a", categories="b"))
    assert [lines[(place.row or 0) - 1].split()[2] for place in places] == ["greasy-pavement,", "tree,"]
    table = Where(reading).places(problem("unused_input", "routing", (), "hour"))
    assert [lines[(place.row or 0) - 1] for place in table] == ["routing:"]
    nowhere = Where(reading).places(problem("repeated_row", "joint", (1, 2), other="a"))
    assert [(place.sheet, place.row) for place in nowhere] == [("rulebook.yaml", None)]


def test_the_regions_problems_name_ids_only() -> None:
    told = Where(read_rulebook(EXAMPLE)).in_files([problem("unknown_head", "grids", (), "head", grid="G1", value="x")])
    assert [(p.sheet, p.rows, p.column) for p in told] == [("grids.csv", (), "head")]
