"""The supervisor's list: its filters, its order, and its rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import htpy as h

from connectors.intake.context import Gateway
from connectors.intake.field_types import is_id
from connectors.intake.submission import MOST_CASES
from connectors.ledger.queries.case_lists import CaseFilters, Order
from connectors.ledger.queries.cases import Ledger
from connectors.pages.case_pages.paging import BEGINNING, CasePage, PagePlace, read_page
from connectors.pages.fragments.act_forms import Acts, act_address
from connectors.pages.html.icons import icon
from connectors.pages.html.people import SUPERIORS, chosen
from connectors.pages.html.viewer import Viewer
from connectors.pages.several.choosing import chooser
from connectors.pages.statistics.cases_asked import CasesAsked
from connectors.pages.statistics.people import people_shown
from schemas.case import WAITING, WORKING, Case, State
from schemas.command import Act
from schemas.remit import Remit

NAME: Final = "supervisor"
SHOWN: Final = 40
MOST_OF_ONE: Final = MOST_CASES
"""Of one person, as many as one form can act on."""
WHOLE_OF_MANY: Final = 20
"""Of more than `SHOWN`, those after so many are in a line each, so that the page stays light."""
LATE: Final = WORKING | {State.RETURNED}
"""States in which the resolution clock runs."""
OPEN: Final = "open"
ALL: Final = "all"
SAMPLED: Final = "sampled"
"""Filter value: fixed on the spot and sampled for an inspector."""
SAMPLED_BACK_MS: Final = 100 * 86_400_000
"""How far back samples are searched: longer than cases can be disputed."""
RUNG: Final = re.compile(r"[0-9]{1,2}")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters in the page's URL."""

    state: str = OPEN
    department: str = ""
    late: bool = False
    raised: str = ""
    """The rung that cases were raised to; "0" is not raised, "" is any."""
    assignee: str = ""
    grid: str = ""
    photo: str | None = None
    """SHA-256 of an after-photo: only cases that have it."""
    counted: CasesAsked | None = None
    """Only the cases of a figure, whatever else is asked for."""
    place: PagePlace = BEGINNING
    """Where the page begins."""

    @classmethod
    def of(cls, viewer: Viewer) -> "Filter":
        """Read the query; unknown values are ignored, but places and figures that are none are refused (400)."""
        query = viewer.request.query
        state, department = query.get("state", OPEN), query.get("department", "")
        known, grid = viewer.gateway.directory, query.get("grid", "")
        return cls(
            state if state in {OPEN, ALL, SAMPLED, *State} else OPEN,
            department if known.organisation(department) else "",
            query.get("late", "") == "1",
            raised if RUNG.fullmatch(raised := query.get("raised", "")) else "",
            assignee if is_id(assignee := query.get("assignee", "")) else "",
            grid if known.grid(grid) else "",
            photo if DIGEST.fullmatch(photo := query.get("photo", "")) else None,
            CasesAsked.of(query, viewer.gateway, people_shown(viewer)) if query.get("counted") else None,
            PagePlace.of(query),
        )

    @property
    def most(self) -> int:
        """The most cases of one page."""
        return MOST_OF_ONE if self.assignee else SHOWN

    @property
    def order(self) -> Order:
        """Newest first, or the most overdue first if only late ones are wanted."""
        return "due" if self.late and self.counted is None and self.state != SAMPLED else "newest"

    def cases(self, ledger: Ledger, within: Remit, gateway: Gateway, now_ms: int) -> CasePage:
        """The page of the list."""
        wanted = CaseFilters(within=within) | self._filters(gateway, now_ms, within)
        return read_page(
            lambda at, back, limit: ledger.cases(**wanted, order=self.order, before=at, back=back, limit=limit),
            self.place,
            self.most,
        )

    def _filters(self, gateway: Gateway, now_ms: int, within: Remit) -> CaseFilters:
        if self.counted is not None:
            return self.counted.filters(gateway, now_ms, within)
        if self.state == SAMPLED:
            return CaseFilters(to_inspect=True, from_ms=now_ms - SAMPLED_BACK_MS)
        asked = CaseFilters(
            department=self.department or None, raised=self.raised or None, assignee=self.assignee or None,
            grid=self.grid or None,
        )  # fmt: skip
        if self.late:
            states = [each for each in LATE if self.state in {OPEN, ALL, each}]
            return asked | CaseFilters(state=states, due_before_ms=now_ms)
        state = None if self.state in {OPEN, ALL} else State(self.state)
        return asked | CaseFilters(open_only=self.state == OPEN, state=state, proof=self.photo)


def is_late(case: Case, now_ms: int) -> bool:
    """True if it is past its resolution deadline and that clock runs."""
    return case.due_ms is not None and case.due_ms < now_ms and case.state in LATE


def superior(viewer: Viewer) -> str:
    """The person who decides: who is signed in; in the demo the chosen one, else the first of the street office."""
    if viewer.acts_as is not None:
        return viewer.acts_as
    person = chosen(viewer, NAME)
    if person is not None:
        return person.id
    for role in SUPERIORS:
        known = next((p for p in viewer.gateway.region.persons if role in p.roles), None)
        if known is not None:
            return known.id
    return viewer.gateway.region.fallback_owner


def row(viewer: Viewer, case: Case, boss: str, marks: Sequence[h.Element] = (), *, choice: bool = False) -> h.Element:
    """One case of the list; `marks` are its alerts; with `choice` it can be chosen for an act on several."""
    words = viewer.words
    address = f"/case/{quote(case.number, safe='')}?role={NAME}"
    chips = h.span(".chips")[viewer.state(case), marks]
    head = h.div(".head")[chooser(viewer, case) if choice else None, chips, viewer.clock(case)]
    title = h.a(".title", href=address)[h.b[viewer.category(case)], " ", h.span[viewer.place(case)]]
    acts = Acts(viewer, case, boss, NAME)
    nobody = words("unassigned") if case.state in WAITING else None
    who = viewer.name(case.assignee) if case.assignee else nobody
    doing = words("executor.named", name=viewer.name(case.executor)) if case.executor else None
    body = " · ".join(filter(None, (who, doing, viewer.department(case))))
    number = h.span(".number")[case.number]
    parts = (f"{body} · " if body else None, viewer.time(case.submitted_ms), " · ", number)
    foot = h.p(".quiet.foot")[*parts]
    return h.li(".card", id=f"c-{case.number}", data_case=case.number)[
        head, title, foot, acts.decide(), _urge(viewer, case, acts)
    ]


def line(viewer: Viewer, case: Case, *, choice: bool) -> h.Element:
    """One case in a line, where many are shown to be chosen; its page has the rest."""
    address = f"/case/{quote(case.number, safe='')}?role={NAME}"
    title = h.a(href=address)[h.b[viewer.category(case)], " ", viewer.place(case)]
    return h.li(".card.line", id=f"c-{case.number}", data_case=case.number)[
        chooser(viewer, case) if choice else None, title, " ", h.span(".number")[case.number]
    ]


def _urge(viewer: Viewer, case: Case, acts: Acts) -> h.Element | None:
    """A button that hurries a late case; all rows share one form."""
    if not is_late(case, viewer.now_ms) or not acts.may(Act.URGE):
        return None
    address = act_address(case.number, NAME)
    return h.button(".button.urge", type="submit", form="urge", formaction=address)[
        icon("clock"), h.span[viewer.words("act.urge")]
    ]
