"""A standing remedy with the cases that it collects; on each of these, the remedy that it belongs to."""

from typing import Final, NamedTuple
from urllib.parse import quote

import htpy as h

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.remedies import MOST, collected_by, numbers_of, parents_of
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.remedied import helped
from connectors.pages.recurrence.spot import spot_name
from schemas.case import Case
from schemas.days import day_of
from schemas.remedy import Remedy

SHOWN: Final = 40
"""Cases that are listed; the number of all of them is said."""


class CollectedCases(NamedTuple):
    """Of a remedy the newest of its cases, and how many there are; of any other case the remedies."""

    cases: list[Case]
    total: int
    parents: list[Case]


def read(ledger: Ledger, case: Case) -> CollectedCases:
    """Ask the ledger."""
    if case.remedy is None:
        return CollectedCases([], 0, parents_of(ledger, case))
    filters = collected_by(case, case.remedy)
    return CollectedCases(ledger.cases(**filters, limit=SHOWN), len(numbers_of(ledger, filters)), [])


async def look(viewer: Viewer, case: Case) -> CollectedCases:
    """The same in the ledger's thread. Raises `Refused`."""
    return await viewer.gateway.ask(lambda ledger: read(ledger, case))


def shown(viewer: Viewer, case: Case, found: CollectedCases, role: str) -> h.Element | None:
    """None for a case that no remedy collects."""
    if case.remedy is not None:
        return _of_remedy(viewer, case, case.remedy, found, role)
    if not found.parents:
        return None
    title = h.h2[viewer.words("remedy.parent")]
    return h.section("#remedy", data_live=True)[
        title, h.ul(".told")[[_line(viewer, each, role) for each in found.parents]]
    ]


def _of_remedy(viewer: Viewer, case: Case, remedy: Remedy, found: CollectedCases, role: str) -> h.Element:
    words, zone = viewer.words, viewer.zone
    first, last = day_of(remedy.from_ms, zone), day_of(remedy.until_ms - 1, zone)
    about = words("remedy.about", spot=spot_name(viewer, remedy.segment, remedy.category), first=first, last=last)
    now = words("remedy.count_many", n=MOST) if found.total >= MOST else found.total
    counts = words("remedy.counts", then=remedy.count, now=now)
    visible = [each for each in found.cases if viewer.sees(each)]
    left = found.total - len(visible)
    more = h.p(".quiet")[words("remedy.more", n=left)] if left > 0 else None
    asks = helped(viewer, case, ".button") if viewer.remit else None
    return h.section("#remedy", data_live=True)[
        h.h2[words("remedy.title")],
        h.p[about],
        h.p[counts],
        asks,
        h.ul(".told")[[_line(viewer, each, role) for each in visible]],
        more,
    ]


def _line(viewer: Viewer, case: Case, role: str) -> h.Element:
    address = f"/case/{quote(case.number, safe='')}?role={role}"
    number = h.a(href=address)[case.number] if viewer.sees(case) else case.number
    return h.li(data_case=case.number)[h.b[number], viewer.state(case), viewer.time(case.submitted_ms)]
