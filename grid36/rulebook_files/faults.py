"""What the strict models say of a rulebook, said of the cells it came from and in both languages."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from grid36.rulebook_files.problems import Place, Problems
from grid36.rulebook_files.rows import Rows
from grid36.rulebook_files.yaml_file import line_of

_TEXTS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]]] = {
    "missing": lambda _: ("不能为空", "this must not be empty"),
    "extra_forbidden": lambda _: ("没有这一项", "there is no such field"),
    "enum": lambda _: ("不是可选值", "this is not one of the values"),
    "string_pattern_mismatch": lambda _: ("写法不对", "this is not written as it should be"),
    "string_too_long": lambda c: (
        f"太长,最多 {c['max_length']} 个字符",
        f"this is too long, the most is {c['max_length']} characters",
    ),
    "string_too_short": lambda _: ("不能为空", "this must not be empty"),
    "greater_than": lambda c: (f"应大于 {c['gt']}", f"this must be greater than {c['gt']}"),
    "greater_than_equal": lambda c: (f"不能小于 {c['ge']}", f"this must not be less than {c['ge']}"),
    "less_than_equal": lambda c: (f"不能大于 {c['le']}", f"this must not be greater than {c['le']}"),
}
_CORRECT: Final = ("改正这一处", "correct this place")


def add_faults(error: ValidationError, lists: Mapping[str, Rows], yaml: Path, problems: Problems) -> None:
    """Each fault where it stands, a cell of a list or a line of YAML, unless the cell is known to be wrong."""
    for detail in error.errors(include_url=False):
        where = detail["loc"]
        text = _text(detail)
        if not where and _is_known(text[1], problems):
            continue
        place, right, quoted = _cell(where, lists)
        if place is None:
            place, right = Place(yaml.name, line_of(yaml, where), ".".join(map(str, where)) or None), _CORRECT
        elif problems.stands_at(place) or _is_told(where, place, problems):
            continue
        problems.add(detail["type"], place, text, right, quoted or _shown(detail))


def _is_told(where: tuple[int | str, ...], place: Place, problems: Problems) -> bool:
    """Whether a fault of a whole list was found already with its row."""
    return len(where) == 1 and any(p.code == "twice" and p.place.sheet == place.sheet for p in problems.errors)


def _is_known(said: str, problems: Problems) -> bool:
    """Whether all that the whole rulebook is said to have wrong was found in cells."""
    found = any(p.code in {"unknown_item", "unknown_category"} for p in problems.errors)
    return found and all(
        part.endswith(("which is not on the list", "which is not a category")) for part in said.split("; ")
    )


def _cell(where: tuple[int | str, ...], lists: Mapping[str, Rows]) -> tuple[Place | None, tuple[str, str], str | None]:
    """The place in a list, what is right there, and the cell as it stands; None for what stands in YAML."""
    match where:
        case (str() as name, "rows", int() as index, *rest) if name in lists:
            pass
        case (str() as name, "inputs", int(), *rest) if name in lists:
            return lists[name].place(None), _CORRECT, None
        case (str() as name, int() as index, *rest) if name in lists:
            pass
        case (str() as name,) if name in lists:
            return lists[name].place(None), _CORRECT, None
        case _:
            return None, _CORRECT, None
    rows, path = lists[name], tuple(str(step) for step in rest)
    titled = rows.at(path)
    right = titled.column.kind.right if titled else None
    said = (right.zh, right.en) if right else _CORRECT
    return rows.place(index, path), said, rows.quoted(index, path)


def _text(detail: ErrorDetails) -> tuple[str, str]:
    known = _TEXTS.get(detail["type"])
    if known:
        return known(detail.get("ctx", {}))
    said = detail["msg"].removeprefix("Value error, ")
    if said.startswith("row ") and ": " in said:  # counted without titles
        said = said.partition(": ")[2]
    return f"不可用:{said}", said


def _shown(detail: ErrorDetails) -> str | None:
    given = detail["input"]
    return str(given) if isinstance(given, str | int | float) and detail["type"] != "missing" else None
