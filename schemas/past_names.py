"""Names from lists and regions that are no longer in force, to show old cases by the names of their time."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from schemas.names import Name

PastNames: TypeAlias = dict[str, dict[str, Name]]
"""Kind (`category` with subcategories, `item`, `department`, `person`, `segment`, `grid`), to id, to the last name."""

_LISTS: Final = (
    ("category", "categories", "id", "name"),
    ("category", "subcategories", "id", "name"),
    ("item", "items", "id", "name"),
    ("department", "organisations", "code", "name"),
    ("person", "persons", "id", "name"),
    ("segment", "segments", "id", "road"),
    ("grid", "grids", "id", "name"),
)


def names_in(contents: Iterable[Mapping[str, Any]]) -> PastNames:
    """The names in these rulebooks and regions (JSON, oldest first); a later name replaces an earlier one.

    Content in the format of an earlier release is skipped.
    """
    found: PastNames = {}
    for content in contents:
        for kind, field, id, called in _LISTS:
            for row in content.get(field) or ():
                try:
                    name = Name.model_validate(row[called])
                except (KeyError, TypeError, ValidationError):
                    continue
                found.setdefault(kind, {})[str(row.get(id))] = name
    return found
