"""Names of their time: what was called how on lists and in regions that are no longer in force."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from schemas.names import Name

PastNames: TypeAlias = dict[str, dict[str, Name]]
"""`category` (subcategories too), `item`, `department`, `person`, `segment`, `grid`, to id, to the name it had last."""

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
    """The names in contents of rulebooks and regions as JSON, oldest first: of two names the later one counts.

    What an earlier release wrote in another way is left out.
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
