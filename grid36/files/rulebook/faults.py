"""Reports errors of the strict models at the cells they came from, in both languages."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from grid36.files.rulebook.problems import CellPlace, Problems
from grid36.files.rulebook.rows import Rows
from grid36.files.rulebook.yaml_file import line_of
from schemas.mistake import Said
from schemas.mistake_words import said_apart
from schemas.names import Name


def add_faults(error: ValidationError, lists: Mapping[str, Rows], yaml: Path, problems: Problems) -> None:
    """Each fault where it stands, a cell of a list or a line of YAML, unless the cell is known to be wrong."""
    for detail in error.errors(include_url=False):
        where = detail["loc"]
        several = said_apart(detail) if where else _unknown(said_apart(detail), problems)
        if not several:
            continue
        place, right, quoted = _cell(where, lists)
        if place is None:
            place, right = CellPlace(yaml.name, line_of(yaml, where), ".".join(map(str, where)) or None), _correct()
        elif problems.stands_at(place) or _is_reported(where, place, problems):
            continue
        text = Name.joined("；", "; ", (Name(zh=zh, en=en) for zh, en in several))
        problems.add(detail["type"], place, text, right, quoted or _shown(detail))


def _is_reported(where: tuple[int | str, ...], place: CellPlace, problems: Problems) -> bool:
    """Whether a fault of a whole list was found already with its row."""
    return len(where) == 1 and any(p.code == "twice" and p.place.sheet == place.sheet for p in problems.errors)


def _unknown(several: Sequence[Said], problems: Problems) -> Sequence[Said]:
    """What the whole rulebook is said to have wrong, without what was found in cells already."""
    if not any(p.code in {"unknown_item", "unknown_category"} for p in problems.errors):
        return several
    known = ("which is not on the list", "which is not a category")
    return [said for said in several if not said[1].endswith(known)]


def _cell(where: tuple[int | str, ...], lists: Mapping[str, Rows]) -> tuple[CellPlace | None, Name, str | None]:
    """The place in a list, what is right there, and the cell as it stands; None for what stands in YAML."""
    match where:
        case (str() as name, "rows", int() as index, *rest) if name in lists:
            pass
        case (str() as name, "inputs", int(), *rest) if name in lists:
            return lists[name].place(None), _correct(), None
        case (str() as name, int() as index, *rest) if name in lists:
            pass
        case (str() as name,) if name in lists:
            return lists[name].place(None), _correct(), None
        case _:
            return None, _correct(), None
    rows, path = lists[name], tuple(str(step) for step in rest)
    titled = rows.at(path)
    right = titled.column.kind.right if titled else None
    said = right or _correct()
    return rows.place(index, path), said, rows.quoted(index, path)


def _shown(detail: ErrorDetails) -> str | None:
    given = detail["input"]
    return str(given) if isinstance(given, str | int | float) and detail["type"] != "missing" else None


def _correct() -> Name:
    return Name.of("files.fault.correct_this_place")
