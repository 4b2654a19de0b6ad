"""The live board: a map of the open cases, what is late or soon will be, who has how many, and what just happened.

The server draws everything but the map; the script gets all open cases once, and each change as it happens.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.department_today import DepartmentToday, department_today
from connectors.ledger.queries.board import Area, Board, OpenCase, board, latest, open_cases
from connectors.ledger.queries.cases import Ledger, LedgerChange
from connectors.pages.board.base_map import POLICY, attributes, policy
from connectors.pages.board.department import calls, in_time
from connectors.pages.board.lists import cases, category_name, events, loads, on_wall, repeats, totals, truncated
from connectors.pages.board.shapes import Shapes, is_wide
from connectors.pages.board.wall import away, wall
from connectors.pages.form.options import FORM
from connectors.pages.fragments.figures_kinds import rung
from connectors.pages.fragments.uncovered_segments import counted, unowned, unowned_line
from connectors.pages.html.inputs import button, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer, here
from schemas.people import OrganisationKind

NAME: Final = "board"
STYLES: Final = ("list.css", "figures.css", "leaflet.css", "board.css")
SHAPES: Final = web.AppKey("shapes", Shapes)
EVENTS: Final = 12
LOOKED_AT: Final = 100
"""How many of the last events are searched for those that are shown at first."""
ROWS_A_LINE: Final = 250
KINDS: Final = ("late", "soon", "running", "waiting", "resolved", "suspended")
"""How cases are marked on the map, each with its shape and colour."""


async def show(request: web.Request) -> web.Response:
    """The board, which may show tiles of the base map besides what all pages may."""
    answer = await _show(request)
    answer.headers[POLICY] = policy(request.app[FORM])
    return answer


async def _show(request: web.Request) -> web.Response:
    """`/board`; `?department=`, `?category=`, `?grid=` choose the cases, `?wall=1` is for a screen on the wall."""
    viewer = Viewer.of(request)
    words, area = viewer.words, _area(viewer)
    title = words("board.of_department", name=viewer.body(area.department)) if area.department else words("board.title")
    try:
        now = await _look(viewer, area)
    except Refused:
        if on_wall(viewer):
            return away(viewer, title)
        return page(viewer, title, notice("bad", words("ledger_away")), name=NAME, role="supervisor")
    own = in_time(viewer, now.today) if now.today is not None else None
    top = [totals(viewer, now.board, own), truncated(viewer, now.board)]
    said = words.under("board.js.") | {f"event_{type}": text for type, text in words.under("event.").items()}
    if on_wall(viewer):
        facts = {"now": viewer.now_ms, "after": now.at, "words": words.for_scripts() | said}
        return wall(viewer, title, [top, _unowned(viewer, now)], _panels(viewer, now, area), facts=facts)
    main = [
        h.div(".bar")[h.p("#live.quiet", data_scripted=True)[h.span[words("js.live_starting")]], _ways(viewer)],
        part_line(viewer),
        _unowned(viewer, now),
        _filters(viewer, area),
        top,
        _panels(viewer, now, area),
    ]
    return page(
        viewer, title, *main, name=NAME, role="supervisor", after=now.at, outside=True, styles=STYLES,
        scripts=("leaflet.js",), module="board.js", script_words=said,
    )  # fmt: skip


def _panels(viewer: Viewer, now: "Present", area: Area) -> h.Element:
    """Map, lists and tables; a wall screen has room for what needs no choice."""
    board, today = now.board, now.today
    called, again = cases(viewer, "called", board.called), repeats(viewer, board.repeats)
    pressing = [cases(viewer, "late", board.late), cases(viewer, "soon", board.soon)]
    people = loads(viewer, "people", board.people, viewer.name, _to_list(viewer))
    tables = [
        loads(viewer, "departments", board.departments, viewer.body),
        loads(viewer, "rungs", board.rungs, lambda key: rung(viewer, key)),
    ]
    if today is not None:
        called, tables = calls(viewer, today.calls, area.department), [cases(viewer, "oldest", today.oldest)]
    happened = events(viewer, now.events)
    sides: list[list[h.Node]]
    if on_wall(viewer):
        below = called if today is not None else h.div(".pairs")[called, again]
        sides = [[_map(viewer, area), below], [pressing], [tables[0], happened]]
    else:
        sides = [[_map(viewer, area), called, again], [pressing, happened], [people, tables]]
    return h.div(".panels")[[h.div(".side")[side] for side in sides]]


def _unowned(viewer: Viewer, now: "Present") -> h.Element | None:
    """How many segments nobody is responsible for, for those who may enter who covers."""
    if not viewer.signed_in:
        return None
    if on_wall(viewer):
        return unowned_line(viewer, now.uncovered)
    return counted(viewer, now.uncovered)


@dataclass(frozen=True, slots=True)
class Present:
    """What the ledger has at one point in time; the live stream goes on `at` it."""

    at: str
    board: Board
    events: list[LedgerChange]
    uncovered: int
    """Segments of the reader's part of the region that nobody is responsible for now."""
    today: DepartmentToday | None
    """Of the department that was chosen."""


async def _look(viewer: Viewer, area: Area) -> Present:
    def look(ledger: Ledger) -> Present:
        at = here(ledger)
        uncovered = len(unowned(viewer, viewer.absences_in(ledger)))
        happened = latest(ledger, area, ledger.last_seq() - LOOKED_AT, EVENTS)
        midnight_ms = viewer.midnight_ms()
        today = department_today(ledger, area, viewer.now_ms, midnight_ms) if area.department else None
        return Present(at, board(ledger, area, viewer.now_ms), happened, uncovered, today)

    return await viewer.gateway.ask(look)


async def send_cases(request: web.Request) -> web.StreamResponse:
    """`/board/cases`: all open cases, one JSON value a line; filters as above.

    The first line is `{"position", "fields", "truncated", "names"}`, each other a list of rows, so that neither the
    gateway nor the page has to stop for all of them. There are more if it is `truncated`. A row has the values of
    `fields`: number, longitude and latitude (WGS-84, or null), state, category, assignee, department, rung, deadline
    (ms UTC, or null) and time of the report (ms UTC). `names` are words for categories, people, departments and rungs.
    """
    viewer = Viewer.of(request)
    area = _area(viewer)
    at, (rows, more) = await viewer.gateway.ask(lambda ledger: (here(ledger), open_cases(ledger, area)))
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"})
    response.enable_compression()
    await response.prepare(request)
    head = {"position": at, "fields": OpenCase._fields, "truncated": more, "names": _names(viewer, rows)}
    await response.write(_line(head))
    for start in range(0, len(rows), ROWS_A_LINE):
        await response.write(_line(rows[start : start + ROWS_A_LINE]))
    await response.write_eof()
    return response


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _names(viewer: Viewer, rows: Sequence[OpenCase]) -> dict[str, dict[str, str]]:
    """Words for what is in the rows, and for what may come."""
    region = viewer.gateway.region
    categories = {each.id for each in viewer.gateway.rulebook.categories}
    bodies = {body.code for body in region.organisations}
    return {
        "category": {id: category_name(viewer, id) for id in {row.category for row in rows} | categories},
        "assignee": {id: viewer.name(id) for id in {row.assignee for row in rows} if id},
        "department": {code: viewer.body(code) for code in {row.department for row in rows} | bodies if code},
        "raised": {
            str(n): rung(viewer, str(n)) for n in range(1 + max((len(g.ladder) for g in region.grids), default=0))
        },
    }


async def send_shapes(request: web.Request) -> web.Response:
    """`/board/shapes`: grids and roads that its reader may watch, as GeoJSON (WGS-84); it changes with the region."""
    viewer = Viewer.of(request)
    shapes = request.app[SHAPES].of(viewer.gateway.region, viewer.remit.where)
    if request.if_none_match and any(tag.value == shapes.tag for tag in request.if_none_match):
        return web.Response(status=304)
    response = web.Response(body=shapes.body, content_type="application/geo+json")
    response.etag = shapes.tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.enable_compression()
    return response


def _area(viewer: Viewer) -> Area:
    """The filters in the address; unknown values are ignored."""
    query, gateway = viewer.request.query, viewer.gateway
    department, category, grid = (query.get(name, "") for name in ("department", "category", "grid"))
    grids = {each.id for each in gateway.region.grids}
    return Area(
        department if gateway.directory.organisation(department) else "",
        category if gateway.rulebook.category(category) else "",
        grid if grid in grids else "",
        viewer.remit,
    )


def _filters(viewer: Viewer, area: Area) -> h.Element:
    words, gateway, language = viewer.words, viewer.gateway, viewer.language
    every = ("", words("filter.all"))
    bodies = [
        (body.code, body.name.to(language))
        for body in gateway.region.organisations
        if body.kind in {OrganisationKind.DEPARTMENT, OrganisationKind.STREET}
    ]
    categories = [(each.id, each.name.to(language)) for each in gateway.rulebook.categories]
    grids = [
        (each.id, f"{each.name.to(language)} {each.id}")
        for each in gateway.region.grids
        if area.within.where is None or each.id in area.within.where
    ]
    return h.form(".filters", method="get", action="/board", aria_label=words("filter.title"))[
        select(words("fact.department"), "department", [every, *bodies[:200]], area.department),
        select(words("board.category"), "category", [every, *categories[:300]], area.category),
        select(words("board.grid"), "grid", [every, *grids[:500]], area.grid),
        button(words("filter.show"), "check"),
    ]


def _map(viewer: Viewer, area: Area) -> h.Element:
    """Its frame is as wide as what it shows: the chosen grid, or all that the reader may watch."""
    app, region = viewer.request.app, viewer.gateway.region
    chosen = [grid for grid in region.grids if grid.id == area.grid]
    wide = is_wide(chosen) if chosen else app[SHAPES].of(region, viewer.remit.where).wide
    away = h.noscript[h.p(".quiet")[viewer.words("board.no_script")]]
    return h.section("#map-panel.panel", aria_label=viewer.words("board.map"))[
        h.div("#map", class_=wide and "wide", data_scripted=True, **attributes(app[FORM])), _legend(viewer), away
    ]


def _legend(viewer: Viewer) -> h.Element:
    marks = [
        h.li[h.span(class_=f"mark {kind}", aria_hidden="true"), viewer.words("board.js.kind_" + kind)] for kind in KINDS
    ]
    return h.ul(".legend", aria_label=viewer.words("board.legend"))[marks]


def _to_list(viewer: Viewer) -> str:
    """The list of one person's cases, where several can be assigned at once; a personal link does not open it."""
    return "/supervisor?assignee=" if viewer.signed_in else ""


def _ways(viewer: Viewer) -> h.Element | None:
    """The list of cases; a personal link does not open it."""
    return h.div(".row")[way(viewer.words("board.list"), "watch", "/supervisor")] if viewer.signed_in else None
