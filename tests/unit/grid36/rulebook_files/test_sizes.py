"""Lists of the sizes that are really kept, with invented content: each is read in seconds from any kind of file."""

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from grid36.rulebook_files import read_rulebook
from grid36.rulebook_files.layout import Form
from grid36.rulebook_files.template import EMPTY
from grid36.rulebook_files.writing import write_rulebook
from schemas.rulebook import Rulebook

VERDICTS = ("handle", "assist", "refuse")
CLASSES = ("joint_enforcement", "management_service", "emergency")


def items(level: str, *numbers: int) -> list[dict[str, Any]]:
    """So many items of each part of a list: handled, assisted, refused in turn of the parts."""
    return [
        {
            "id": f"{level[0].upper()}{part}-{number:03}",
            "level": level,
            "name": {"zh": f"示例事项{part}之{number}", "en": f"Sample item {part}.{number}"},
            "verdict": VERDICTS[part % 3],
            "lead": f"body-{number % 16}",
            "assists": [f"body-{16 + number % 5}", "body-x"] if part % 2 else [],
            "basis": f"示例清单第 {part} 部分第 {number} 条",
            "limits": {"accept": "1h", "resolve": "5wd"},
            "guide": {"zh": "1 到场;2 处置;\n3 拍照。" * 8},
        }
        for part, count in enumerate(numbers)
        for number in range(1, count + 1)
    ]


def whistles(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"W{number:02}",
            "name": {"zh": f"示例吹哨事项{number}"},
            "whistle_class": CLASSES[number % 3],
            "departments": [f"body-{number % 7}", "body-x"],
        }
        for number in range(1, count + 1)
    ]


def rulebook(**lists: list[dict[str, Any]]) -> Rulebook:
    rows = [
        {
            "id": f"r{number}",
            "priority": number,
            "when": {"category": [f"c{number}"]},
            "then": {"assign": "department", "department": f"body-{number % 16}"},
        }
        for number in range(1, len(lists["items"]))
    ]
    routing = {"name": "routing", "hit_policy": "F", "inputs": ["category"], "rows": rows}
    return Rulebook.model_validate({**EMPTY, **lists, "routing": routing})


SIZES = {
    "a village, 16 + 30 + 34": rulebook(items=items("village", 16, 30, 34)),
    "a township, 71": rulebook(items=items("street", 71), whistles=whistles(36)),
    "a district, 988 + 840": rulebook(items=items("district", 988, 840), whistles=whistles(36)),
}


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
@pytest.mark.parametrize("size", SIZES)
def test_each_size_is_read_in_seconds(size: str, form: Form, tmp_path: Path) -> None:
    """In lists, and the same again."""
    write_rulebook(SIZES[size], tmp_path, form)
    start = perf_counter()
    reading = read_rulebook(tmp_path)
    seconds = perf_counter() - start
    assert (reading.problems, reading.rulebook) == ((), SIZES[size])
    assert {"items", "routing"} <= set(reading.lists)
    assert seconds < 10, seconds


def test_a_list_full_of_mistakes_is_told_in_seconds(tmp_path: Path) -> None:
    """Every cell of 1,828 verdicts is wrong, and each is named."""
    write_rulebook(SIZES["a district, 988 + 840"], tmp_path, Form.CSV)
    file = tmp_path / "items.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("可办理", "办").replace("协助办理", "帮"), encoding="utf-8"
    )
    start = perf_counter()
    reading = read_rulebook(tmp_path)
    assert len(reading.problems) == 1828
    assert perf_counter() - start < 10
