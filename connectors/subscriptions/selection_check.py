"""Whether what somebody wants to subscribe to exists; pure. Cases are not looked up here."""

from collections.abc import Iterator
from typing import NamedTuple

from connectors.subscriptions.subscription import Selection
from schemas.region import Region
from schemas.rulebook import Rulebook


class SelectionFault(NamedTuple):
    """One mistake: the field, what was given, and a few of what there is."""

    where: str
    given: str
    known: str


def selection_faults(selection: Selection, region: Region, rulebook: Rulebook) -> Iterator[SelectionFault]:
    """Categories and areas that are not there; each would never be sent anything."""
    categories = [each.id for each in rulebook.filed]
    if selection.category and selection.category not in categories:
        yield SelectionFault("category", selection.category, ", ".join(categories[:SHOWN]))
    grids, segments = [each.id for each in region.grids], [each.id for each in region.segments]
    if selection.area and selection.area not in (*grids, *segments):
        yield SelectionFault("area", selection.area, ", ".join((*grids[:SHOWN], *segments[:SHOWN])))


SHOWN = 5
