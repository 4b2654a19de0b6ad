"""What the live board shows besides when one department is chosen: calls to it, its oldest cases, what was in time."""

from collections.abc import Iterable

import htpy as h

from connectors.ledger.department_today import DepartmentToday
from connectors.pages.board.lists import linked_case, panel
from connectors.pages.fragments.joint import step_of
from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.joint import ReportInStep


def in_time(viewer: Viewer, today: DepartmentToday) -> h.Element:
    """How much of what was resolved today was in time."""
    words = viewer.words
    share = f"{today.in_time / today.resolved:.0%}" if today.resolved else "–"
    counted = h.small[words("board.today.of", n=today.in_time, all=today.resolved)]
    return h.div("#today.total")[h.dt[words("board.today")], h.dd[share, " ", counted]]


def calls(viewer: Viewer, cases: Iterable[Case], code: str) -> h.Element:
    """Open cases of others to which it was called, the oldest first, with its limits to sign, contact and attend."""
    rows = [
        h.li[
            linked_case(viewer, case),
            h.ol(".steps")[[step_of(viewer, case, each, step) for step in ReportInStep]],
        ]
        for case in cases
        for each in case.assists
        if each.department.code == code
    ]
    return panel(viewer, "calls", h.ul("#calls.brief")[rows or h.li(".quiet")[viewer.words("board.nothing")]])
