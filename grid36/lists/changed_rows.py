"""What a draft changes, row by row, in the words of the workbook: its sheets, titles and cells in both languages."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Final, TypeAlias

from connectors.lists.checked import FieldChange, RowChange
from grid36.files.rulebook.sheets import TypedCell
from grid36.files.rulebook.titles import LISTS
from grid36.files.rulebook.writing import written_list
from rules.review.rulebook_diff import Changed
from schemas.names import Language, Name
from schemas.rulebook import Rulebook
from schemas.table import Table

MOST_CHARACTERS: Final = 300
"""Of a cell."""
_Cells: TypeAlias = Mapping[Name, Name]
"""Title to content, in both languages; empty cells are left out."""
_Key: TypeAlias = tuple[Any, ...]


def row_changes(old: Rulebook, new: Rulebook, changes: Iterable[Changed]) -> Iterator[RowChange]:
    """Each change, with the cells that differ."""

    @cache
    def entries(newer: bool, sheet: str) -> tuple[list[Any], dict[_Key, Any]]:
        part = getattr(new if newer else old, sheet, None)
        rows = list(part.rows if isinstance(part, Table) else part or ()) if sheet in LISTS else []
        return rows, {_key(row): row for row in rows}

    for one in changes:
        before, after = _both(one, entries)
        label = getattr(after if after is not None else before, "name", None)
        cells = [_cells(one.sheet, getattr(side, one.sheet, None), row) for side, row in ((old, before), (new, after))]
        yield RowChange(
            change=one.change.value,
            sheet=LISTS.get(one.sheet, Name.same(one.sheet)),
            id=one.id,
            label=label if isinstance(label, Name) else None,
            fields=tuple(_differing(*cells) if any(cells) else _plain(one)),
        )


def _both(one: Changed, entries: Any) -> tuple[Any | None, Any | None]:
    """The entry before and after; `row` counts in the newer list, or in the older for what was removed."""
    if one.row is None:
        return None, None
    (old_rows, old_by), (new_rows, new_by) = entries(False, one.sheet), entries(True, one.sheet)
    rows = old_rows if one.change == "removed" else new_rows
    if one.row > len(rows):
        return None, None
    key = _key(rows[one.row - 1])
    return old_by.get(key), new_by.get(key)


def _key(row: Any) -> _Key:
    """Versions of an item have one id, and differ by level and first day."""
    return row.id, getattr(row, "level", None), getattr(row, "valid_from", None)


def _cells(sheet: str, part: Any, row: Any | None) -> _Cells:
    """The cells of one row as a workbook would have them; none for what no sheet holds."""
    if row is None or sheet not in LISTS:
        return {}
    alone = part.model_copy(update={"rows": (row,)}) if isinstance(part, Table) else (row,)
    with suppress(TypeError, AttributeError, ValueError):  # a value that no cell can say
        zh, en = (written_list(sheet, alone, language) for language in (Language.ZH, Language.EN))
        return {
            Name(zh=title_zh.rstrip("*"), en=title_en.rstrip("*")): Name(zh=_cut(cell_zh), en=_cut(cell_en))
            for title_zh, title_en, cell_zh, cell_en in zip(zh.titles, en.titles, zh.rows[0], en.rows[0], strict=True)
            if _cut(cell_zh)
        }
    return {}


def _differing(before: _Cells, after: _Cells) -> Iterator[FieldChange]:
    for column in dict.fromkeys([*after, *before]):
        if before.get(column) != after.get(column):
            yield FieldChange(column=column, before=before.get(column), after=after.get(column))


def _plain(one: Changed) -> Iterator[FieldChange]:
    """What no sheet holds, as it stands in YAML."""
    for name, before, after in one.fields:
        yield FieldChange(column=Name.same(name), before=_json(before), after=_json(after))


def _json(value: Any) -> Name | None:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return None if value in (None, "", [], {}) else Name.same(text[:MOST_CHARACTERS])


def _cut(cell: str | TypedCell | None) -> str:
    text = cell.text if isinstance(cell, TypedCell) else cell or ""
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
