"""Compares two rulebooks: changed rows, items, categories and everything else, by id."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from schemas.models import ChoiceEnum
from schemas.rulebook import Rulebook
from schemas.table import Table

_LISTS: Final = ("items", "categories", "subcategories", "whistles", "attributes", "duties")
_TABLES: Final = ("routing", "joint", "limits")
_SINGLE: Final = ("level", "default_category", "policy")


class RulebookChange(ChoiceEnum):
    """The kind of a change."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference. `row` counts from 1 in the newer rulebook, or in the older for what was removed."""

    change: RulebookChange
    sheet: str
    id: str
    row: int | None
    fields: tuple[tuple[str, Any, Any], ...] = ()
    """Field, before, after, as JSON values."""


def compare(old: Rulebook, new: Rulebook) -> tuple[Changed, ...]:
    """All differences; the order of rows counts only if the hit policy uses it."""
    return tuple(_all(old, new))


def _all(old: Rulebook, new: Rulebook) -> Iterator[Changed]:
    for sheet in _TABLES:
        yield from _tables(sheet, getattr(old, sheet), getattr(new, sheet))
    for sheet in _LISTS:
        yield from _lists(sheet, getattr(old, sheet), getattr(new, sheet))
    for sheet in _SINGLE:
        before, after = _plain(getattr(old, sheet)), _plain(getattr(new, sheet))
        if before != after:
            fields = _fields(before, after) if isinstance(before, dict) else ((sheet, before, after),)
            yield Changed(RulebookChange.CHANGED, sheet, sheet, None, fields)


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


def _tables(sheet: str, old: Table | None, new: Table | None) -> Iterator[Changed]:
    before, after = _head(old), _head(new)
    if before != after:
        change = (
            RulebookChange.ADDED if old is None else RulebookChange.REMOVED if new is None else RulebookChange.CHANGED
        )
        yield Changed(change, sheet, sheet, None, _fields(before, after))
    yield from _lists(sheet, old.rows if old else (), new.rows if new else ())


def _head(table: Table | None) -> dict[str, Any]:
    if table is None:
        return {}
    return {
        "hit_policy": table.hit_policy,
        "inputs": [column.name for column in table.inputs],
        "default": table.default,
    }


def _lists(sheet: str, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Changed]:
    before, after = _by_key(old), _by_key(new)
    for key in [*after, *(key for key in before if key not in after)]:
        if key not in before:
            yield Changed(RulebookChange.ADDED, sheet, key[0], after[key][0])
        elif key not in after:
            yield Changed(RulebookChange.REMOVED, sheet, key[0], before[key][0])
        elif fields := _fields(before[key][1], after[key][1]):
            yield Changed(RulebookChange.CHANGED, sheet, key[0], after[key][0], fields)


_Key = tuple[str, str | None, str | None]


def _by_key(rows: Iterable[Any]) -> dict[_Key, tuple[int, dict[str, Any]]]:
    """Entries by id; versions of an item also by level and first day."""
    found: dict[_Key, tuple[int, dict[str, Any]]] = {}
    for number, row in enumerate(rows, 1):
        plain = row.model_dump(mode="json")
        found[row.id, plain.get("level"), plain.get("valid_from")] = (number, plain)
    return found


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    names = [*after, *(name for name in before if name not in after)]
    return tuple((n, before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n))
