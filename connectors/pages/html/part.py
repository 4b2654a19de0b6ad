"""Says which part of the region a page is about, for those who answer for a part of it."""

from typing import Final

import htpy as h

from connectors.pages.html.viewer import Viewer

BETWEEN: Final = " · "
MOST: Final = 12
"""Grids that are named; of more, how many."""


def part_line(viewer: Viewer) -> h.Element | None:
    """A line with the reader's grids and departments; None for those who see everything."""
    remit, words = viewer.remit, viewer.words
    if remit.everything:
        return None
    parts = [
        _grids(viewer, remit.grids) if remit.grids else "",
        words("part.lists", names=_grids(viewer, remit.lists)) if remit.lists else "",
        *map(viewer.body, sorted(remit.departments)),
    ]
    return h.p("#part.quiet")[words("part.only", parts=BETWEEN.join(filter(None, parts)))]


def _grids(viewer: Viewer, grids: frozenset[str]) -> str:
    every, words = viewer.gateway.region.grids, viewer.words
    names = [grid.name.to(viewer.language) for grid in every if grid.id in grids]
    if len(names) == len(every):
        return words("part.all_grids")
    return BETWEEN.join(names) if len(names) <= MOST else words("part.many_grids", n=len(names))
