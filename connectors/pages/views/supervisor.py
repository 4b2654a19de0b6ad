"""The supervisor's page: counters, and a live list of cases with their clocks, filtered by the address of the page."""

from dataclasses import dataclass
from typing import Final

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.counters import Counters, Figures
from connectors.ledger.queries.reused_photos import Reuses, reused
from connectors.pages.case_pages.paging import CasePage, page_links
from connectors.pages.fragments.absence_notes import in_words
from connectors.pages.fragments.alerts import marks
from connectors.pages.fragments.figures_kinds import rung
from connectors.pages.fragments.links import to_absences, to_lists, to_parked, to_proofs, to_proposals
from connectors.pages.fragments.supervisor_list import (
    ALL,
    NAME,
    OPEN,
    SAMPLED,
    SHOWN,
    WHOLE_OF_MANY,
    Filter,
    line,
    row,
    superior,
)
from connectors.pages.fragments.uncovered_segments import counted, unowned
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import button, hidden, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.people import SUPERIORS, picker
from connectors.pages.html.viewer import Viewer, here
from connectors.pages.several.choosing import bar, choose_all, offered
from connectors.pages.statistics.counted_line import of_figure
from schemas.case import State
from schemas.people import OrganisationKind, Role

MOST_GRIDS: Final = 300
COUNTERS: Final = web.AppKey("counters", Counters)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the ledger answers at one point in time; the live stream resumes `after` it."""

    after: str
    figures: Figures
    page: CasePage
    reuses: dict[str, Reuses]
    uncovered: int
    """Segments of the reader's part of the region that nobody is responsible for now."""


async def show(request: web.Request) -> web.Response:
    """`/supervisor`; filters `?state=`, `?department=`, `?grid=`, `?raised=`, `?late=1`, `?photo=`, `?assignee=`.

    `?counted=` shows the cases of a figure, with `?kind=`, `?from=`, `?to=`, `?by=` and `?key=`, and no other.
    `?as=` is who decides, `?all=1` chooses all cases of the page.
    """
    viewer = Viewer.of(request)
    words, boss = viewer.words, superior(viewer)
    try:
        wanted = Filter.of(viewer)
    except Refused as fault:
        said, first = fault.answer(viewer.language)["message"], h.a(href="/supervisor")[words("paging.first")]
        wrong = notice("bad", h.p[said], h.p[first])
        return page(viewer, words("supervisor.title"), wrong, name=NAME, role=NAME, status=fault.status)
    try:
        overview = await _look(viewer, wanted)
    except Refused:
        away = notice("bad", words("ledger_away"))
        return page(viewer, words("supervisor.title"), away, name=NAME, role=NAME)
    live = h.p("#live.quiet", data_scripted=True)[h.span[words("js.live_starting")]]
    title = words("supervisor.title" if viewer.remit.everything else "supervisor.title_part")
    main = [
        part_line(viewer),
        _counters(viewer, overview.figures),
        counted(viewer, overview.uncovered),
        h.div(".bar")[live, _who(viewer, boss)],
        of_figure(viewer, wanted.counted) if wanted.counted else _filters(viewer, wanted),
        h.form("#urge.act.urge", method="post", enctype="multipart/form-data")[hidden(act="urge", by=boss)],
        h.button("#fresh.button.main", type="button", hidden=True),
        *_cases(viewer, overview, wanted, boss),
        _ways(viewer, boss),
    ]
    return page(
        viewer, title, *main, name=NAME, role=NAME, after=overview.after,
        styles=("list.css", "several.css"), module="several.js", script_words=words.under("several.js."),
    )  # fmt: skip


async def _look(viewer: Viewer, wanted: Filter) -> Overview:
    counters = viewer.request.app[COUNTERS]
    now_ms, midnight_ms = viewer.now_ms, viewer.midnight_ms()

    def look(ledger: Ledger) -> Overview:
        at, found = here(ledger), wanted.cases(ledger, viewer.remit, viewer.gateway, now_ms)
        uncovered = len(unowned(viewer, viewer.absences_in(ledger)))
        reuses = reused(ledger, [case.number for case in found.cases[:SHOWN]])
        return Overview(at, counters.ask(ledger, viewer.remit, now_ms, midnight_ms), found, reuses, uncovered)

    return await viewer.gateway.ask(look)


def _cases(viewer: Viewer, overview: Overview, wanted: Filter, boss: str) -> list[h.Element | None]:
    """The list, and the form for several of its cases."""
    acts, cover = offered(viewer, boss), None
    if wanted.assignee:
        cover = viewer.absences.stands_in(wanted.assignee, viewer.now_ms)
    return [
        _whose(viewer, wanted.assignee) if wanted.assignee else None,
        h.div(".row")[choose_all(viewer)] if acts else None,
        _list(viewer, overview, boss, choice=bool(acts)),
        page_links(viewer, overview.page, wanted.order),
        bar(viewer, overview.page.cases, boss, acts, cover if cover != wanted.assignee else None) if acts else None,
    ]


def _whose(viewer: Viewer, person: str) -> h.Element:
    """Whose cases are shown, and whether they are away."""
    words, away = viewer.words, viewer.absences.away(person, viewer.now_ms)
    if not viewer.remit.everything and not viewer.gateway.directory.may_place(viewer.acts_as or "", person):
        away = None  # who is away is for those to know who may enter it
    return notice(
        "plain",
        h.p[words("supervisor.of", who=viewer.name(person))],
        h.p[in_words(viewer, away)] if away else None,
        h.p[h.a(href="/supervisor")[words("supervisor.of_all")]],
    )


def _list(viewer: Viewer, overview: Overview, boss: str, *, choice: bool) -> h.Element:
    whole = SHOWN if len(overview.page.cases) <= SHOWN else WHOLE_OF_MANY
    first, rest = overview.page.cases[:whole], overview.page.cases[whole:]
    rows = [row(viewer, case, boss, marks(viewer, case, overview.reuses), choice=choice) for case in first]
    rows += [line(viewer, case, choice=choice) for case in rest]
    return h.ul("#cases.cards.dense", data_list="newest", aria_label=viewer.words("supervisor.title"))[
        rows or h.li("#none.quiet")[viewer.words("supervisor.none")]
    ]


def _ways(viewer: Viewer, boss: str) -> h.Element:
    """Links to related pages; an inspector also gets the cases to check."""
    words, me = viewer.words, viewer.person(boss)
    ways = [way(words("board.link"), "watch", "/board"), to_absences(viewer, NAME)]
    ways += [way(words("statistics.link"), "chart", "/statistics"), way(words("figures.link"), "chart", "/figures")]
    ways += [to_proposals(viewer, NAME), to_proofs(viewer), to_lists(viewer), to_parked(viewer)]
    if me is not None and Role.INSPECTOR in me.roles:
        ways.append(way(words("sampled.link"), "check", f"/supervisor?state={SAMPLED}"))
    return h.div(".row")[ways]


def _counters(viewer: Viewer, figures: Figures) -> h.Element:
    """The four counters, each with a link to its cases."""
    words = viewer.words
    ways = [
        ("open", figures.open, "/supervisor"),
        ("late", figures.late, "/supervisor?late=1"),
        ("waiting", figures.waiting, "/supervisor?state=needs_information"),
        ("closed", figures.closed_today, "/supervisor?state=closed"),
    ]
    boxes = [
        h.a(href=way, class_=f"count {name}")[h.b[count], h.span[words("count." + name)]] for name, count, way in ways
    ]
    return h.div("#counters.counters", data_live=True, data_again=figures.again_ms)[boxes]


def _filters(viewer: Viewer, wanted: Filter) -> h.Element:
    words = viewer.words
    states = [(OPEN, words("filter.open")), (ALL, words("filter.all"))]
    states += [(SAMPLED, words("filter.sampled"))]
    states += [(state.value, words("state." + state)) for state in State if state is not State.MOVED]
    bodies = [
        (body.code, body.name.to(viewer.language))
        for body in viewer.gateway.region.organisations
        if body.kind in {OrganisationKind.DEPARTMENT, OrganisationKind.STREET}
    ]
    where = viewer.remit.where
    grids = [
        (grid.id, f"{grid.name.to(viewer.language)} {grid.id}")
        for grid in viewer.gateway.region.grids
        if where is None or grid.id in where
    ]
    highest = max((len(grid.ladder) for grid in viewer.gateway.region.grids), default=0)
    rungs = [("", words("filter.all")), *((str(n), rung(viewer, str(n))) for n in range(highest + 1))]
    late = h.input(type="checkbox", name="late", value="1", checked=wanted.late)
    return h.form(".filters", method="get", action="/supervisor", aria_label=words("filter.title"))[
        hidden(assignee=wanted.assignee) if wanted.assignee else None,
        select(words("filter.state"), "state", states, wanted.state),
        select(words("fact.department"), "department", [("", words("filter.all")), *bodies[:200]], wanted.department),
        select(words("board.grid"), "grid", [("", words("filter.all")), *grids[:MOST_GRIDS]], wanted.grid),
        select(words("rung"), "raised", rungs, wanted.raised),
        h.label(".check")[late, h.span[words("filter.late")]],
        button(words("filter.show"), "check"),
    ]


def _who(viewer: Viewer, boss: str) -> h.Element:
    name = viewer.words("deciding_as", name=viewer.name(boss))
    if viewer.acts_as is not None:
        return h.p(".who")[icon("person"), name]
    return h.details(".who")[h.summary[icon("person"), name], picker(viewer, NAME, SUPERIORS, viewer.person(boss))]
