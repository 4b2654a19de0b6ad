"""Whether a change is one that somebody subscribed to; pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from connectors.subscriptions.subscription import Selection


class Matched(NamedTuple):
    """What of a case decides it."""

    case: str
    categories: frozenset[str]
    areas: frozenset[str]


def matched_of(case: str, fields: Mapping[str, Any]) -> Matched:
    """Of an order or a case, as plain JSON."""
    place = fields.get("place") or {}
    categories = (fields.get("category"), fields.get("subcategory"))
    areas = (place.get("grid"), place.get("area_grid"), place.get("segment"))
    return Matched(case, frozenset(filter(None, categories)), frozenset(filter(None, areas)))


def matches(selection: Selection, of: Matched) -> bool:
    """Whether a case is in the selection of a subscription; the department is that of the topic."""
    return (
        selection.case in ("", of.case)
        and (not selection.category or selection.category in of.categories)
        and (not selection.area or selection.area in of.areas)
    )
