"""Lists of the sizes that are really kept, with invented content: each is read in seconds from any kind of file."""

from pathlib import Path

import pytest

from grid36.files.rulebook import read_rulebook
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.writing import write_rulebook
from grid36.review.sample_rulebooks import Shape, shaped
from schemas.rulebook import Rulebook


def with_rows(shape: Shape, rows: int) -> Rulebook:
    """A shape that has so many rows of routing."""
    told = shaped(shape).model_dump(mode="json")
    told["routing"]["rows"] = [
        {"id": f"r{n}", "priority": n, "when": {"category": [f"c{n}"]}, "then": {"assign": "department"}}
        for n in range(1, rows + 1)
    ]
    return Rulebook.model_validate(told)


SIZES = {shape: with_rows(shape, max(1, len(shaped(shape).items))) for shape in Shape}


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
@pytest.mark.parametrize("size", SIZES)
def test_each_size_is_read(size: Shape, form: Form, tmp_path: Path) -> None:
    """In lists, and the same again."""
    write_rulebook(SIZES[size], tmp_path, form)
    reading = read_rulebook(tmp_path)
    assert (reading.problems, reading.rulebook) == ((), SIZES[size])
    assert {"routing", "whistles" if size is Shape.WHISTLES else "items"} <= set(reading.lists)


def test_a_list_full_of_mistakes_is_told(tmp_path: Path) -> None:
    """Every cell of 1,828 verdicts is wrong, and each is named."""
    write_rulebook(SIZES[Shape.DISTRICT], tmp_path, Form.CSV)
    file = tmp_path / "items.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("可办理", "办").replace("协助办理", "帮"), encoding="utf-8"
    )
    assert len(read_rulebook(tmp_path).problems) == 1828
