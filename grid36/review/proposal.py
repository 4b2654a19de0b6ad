"""Parses a proposed change of a list item from a command line: `verdict=handle`, `name.en=Trees`, `assists=a,b`."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.errors import WrongInput
from schemas.items import Item
from schemas.names import Name

LISTS: Final = frozenset({"assists"})
EMPTY: Final = frozenset({"", "-"})
NOT_PROPOSED: Final = frozenset({"id", "valid_from", "valid_to"})
"""What `--item` and the activation say."""


class NoSuchField(WrongInput):
    """An item of the list has no such field, or it cannot be proposed. Name one of those that are listed."""


def proposed_fields(item: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The change of `item` as its door takes it: only what differs. `-` or nothing empties a field.

    Raises `NoSuchField`.
    """
    change: dict[str, Any] = {"id": item}
    known = sorted(set(Item.model_fields) - NOT_PROPOSED)
    for name, text in given.items():
        field, _, part = name.partition(".")
        if field not in known:
            raise NoSuchField(field=name, known=", ".join(known))
        value = _value(field, text)
        if part:
            inner = change.setdefault(field, {})
            if not isinstance(inner, dict):
                raise NoSuchField(
                    Name.of("review.proposal.whole_or_parts"),
                    field=name,
                )
            inner[part] = value
        else:
            change[field] = value
    return change


def _value(field: str, text: str) -> Any:
    if field in LISTS:
        return [part.strip() for part in text.replace("，", ",").split(",") if part.strip() not in EMPTY]
    return None if text in EMPTY else text
