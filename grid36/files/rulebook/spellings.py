"""Compares the rows of a list: repeated ids, lost zeros, two spellings, unknown names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final
from unicodedata import normalize

from grid36.files.rulebook.cells import plain_code, read_text, split_list
from grid36.files.rulebook.kinds import CODES
from grid36.files.rulebook.problems import Problems
from grid36.files.rulebook.rows import Rows, Titled
from grid36.files.rulebook.sheets import Raw
from schemas.names import Name

_ONCE: Final = ("categories", "subcategories", "whistles", "routing", "joint", "limits")
_FEW: Final = 3_000  # to look through more names takes longer than a steward waits


def compare(lists: Mapping[str, Rows], content: Mapping[str, Any], problems: Problems) -> None:
    """Add what can be seen only by comparing rows."""
    for name, rows in lists.items():
        if name in _ONCE:
            _twice(rows, problems)
        for titled in rows.titled:
            if titled.column.kind.is_code:
                _zeros(rows, titled, problems)
                _spellings(rows, titled, problems)
    _items_twice(lists, problems)
    _unknown(lists, content, problems)


def _twice(rows: Rows, problems: Problems) -> None:
    first: dict[Any, int] = {}
    for index, fields in enumerate(rows.fields):
        id_ = fields.get("id")
        if id_ is not None and first.setdefault(id_, index) != index:
            row = rows.numbers[first[id_]]
            text = Name.of("files.cell.same_id", row=row)
            remedy = Name.of("files.cell.same_id.remedy")
            problems.add("twice", rows.place(index, ("id",)), text, remedy, rows.quoted(index, ("id",)) or id_)


def _items_twice(lists: Mapping[str, Rows], problems: Problems) -> None:
    """Versions of an item that have no dates to part them; those with dates are compared by the model."""
    rows = lists.get("items")
    first: dict[Any, int] = {}
    for index, fields in enumerate(rows.fields if rows else ()):
        if fields.get("life", "active") != "active" or {"valid_from", "valid_to"} & fields.keys():
            continue
        key = (fields.get("id"), fields.get("level"))
        if key[0] is not None and rows is not None and first.setdefault(key, index) != index:
            row = rows.numbers[first[key]]
            text = Name.of("files.cell.same_item", row=row)
            remedy = Name.of("files.cell.same_item.remedy")
            problems.add("twice", rows.place(index, ("id",)), text, remedy, rows.quoted(index, ("id",)) or key[0])


def _values(rows: Rows, titled: Titled) -> Iterator[tuple[int, str]]:
    """What a column says, row by row; each part of a list."""
    for index, fields in enumerate(rows.fields):
        value: Any = fields
        for step in titled.column.path:
            value = value.get(step) if isinstance(value, dict) else None
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each != "-":
                yield index, each


def _zeros(rows: Rows, titled: Titled, problems: Problems) -> None:
    """Numbers where codes should be: wrong when others show zeros in front, else worth a word."""
    values = [value for _, value in _values(rows, titled) if value.isdigit()]
    width = max((len(value) for value in values if value.startswith("0") and len(value) > 1), default=0)
    for index, value in _values(rows, titled):
        if not value.isdigit():
            continue
        place = rows.place(index, titled.column.path)
        if len(value) < width:
            whole = value.zfill(width)
            text = Name.of("files.cell.lost_zeros")
            remedy = Name.of("files.cell.lost_zeros.remedy", whole=whole)
            problems.add("lost_zeros", place, text, remedy, value)
        elif isinstance(_raw(rows, index, titled), int | float):
            text = Name.of("files.cell.kept_as_number")
            remedy = Name.of("files.cell.kept_as_number.remedy")
            problems.warn("became_number", place, text, remedy, value)


def _quoted(rows: Rows, index: int, titled: Titled, value: str) -> str:
    """A code as it stands in its cell, or in the part of the cell that names it."""
    cell = rows.quoted(index, titled.column.path) or value
    return next((part for part in split_list(cell, CODES) if read_text(part, plain_code) == value), value)


def _raw(rows: Rows, index: int, titled: Titled) -> Raw:
    cells = rows.cells[index]
    return cells[titled.number - 1] if titled.number <= len(cells) else None


def folded(text: str) -> str:
    """What two spellings of one thing have in common."""
    return re.sub(r"[\s_\-.·()]+", "", normalize("NFKC", text)).casefold()


def _spellings(rows: Rows, titled: Titled, problems: Problems) -> None:
    spelled: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, value in _values(rows, titled):
        spelled[folded(value)][value].append(index)
    for ways in spelled.values():
        if len(ways) < 2 or not next(iter(ways)):
            continue
        usual, *others = sorted(ways, key=lambda way: (-len(ways[way]), way))
        for other in others:
            place = rows.place(ways[other][0], titled.column.path)
            row = rows.numbers[ways[usual][0]]
            text = Name.of("files.cell.two_spellings", row=row, usual=usual)
            shown = _quoted(rows, ways[other][0], titled, other)
            problems.warn("two_spellings", place, text, Name.of("files.cell.two_spellings.remedy"), shown)


def _unknown(lists: Mapping[str, Rows], content: Mapping[str, Any], problems: Problems) -> None:
    """Names of items and categories that stand in no list; people, places and cells of rows are checked elsewhere."""
    for name, path, code in _NAMING:
        rows, listed = lists.get(name), _LISTED[code]
        known = {str(row.get("id")) for row in content.get(listed) or () if isinstance(row, dict)}
        titled = rows.at(path) if rows else None
        if rows is None or titled is None:
            continue
        for index, value in _values(rows, titled):
            if value not in known:
                near = _near(value, known)
                key = f"files.cell.not_listed.{code}"
                remedy = Name.of(f"{key}.near", near=near) if near else Name.of(f"{key}.remedy")
                problems.add(code, rows.place(index, path), Name.of(key), remedy, _quoted(rows, index, titled, value))


_NAMING: Final = (
    ("categories", ("item",), "unknown_item"),
    ("routing", ("then", "item"), "unknown_item"),
    ("subcategories", ("category",), "unknown_category"),
)
_LISTED: Final = {"unknown_item": "items", "unknown_category": "categories"}


def _near(value: str, known: Iterable[str]) -> str | None:
    names = list(known)
    same = [name for name in names if folded(name).lstrip("0") == folded(value).lstrip("0")]
    found = same or (get_close_matches(value, names, 1) if len(names) <= _FEW else [])
    return found[0] if found else None
