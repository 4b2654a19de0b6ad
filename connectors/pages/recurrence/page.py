"""`/hot-spots`: where more is reported than chance explains, by which numbers, and the way to the cases."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.recurrence.exposure import PLACE_KINDS, usual_places
from connectors.ledger.queries.recurrence.spots import FALSE, FEWEST, HotSpot, HotSpots, Season
from connectors.ledger.queries.stats import KINDS
from connectors.pages.html.inputs import button, line_input, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.asked import HotSpotsAsked, known_remedies, look
from connectors.pages.recurrence.lines import times
from connectors.pages.recurrence.remedied import Remedies, remedy_cell
from connectors.pages.statistics.figures import NO_DATA, Whose
from connectors.pages.statistics.groupings import called, grouping_of
from schemas.days import day_of
from texts.catalogue import say

MOST: Final = 200
"""Rows of the page; the file has all."""
STYLES: Final = ("list.css", "figures.css", "proofs.css", "statistics.css", "hot-spots.css")
HEADS: Final = ("category", "cases", "expected", "chance", "year_ago", "season", "remedy")
NAME: Final = "supervisor"
FILE: Final = "recurrence"
_CHIPS: Final = {Season.NEW: "alert", Season.AS_BEFORE: "suspended"}
"""Seasons that say something, by the colours of other chips."""


async def show(request: web.Request) -> web.Response:
    """`/hot-spots`; `?by=` segment or grid, `?kind=`, `?from=` and `?to=` (days, included)."""
    viewer = Viewer.of(request)
    today, usual = day_of(viewer.now_ms, viewer.zone), usual_places(viewer.gateway.region)
    try:
        asked = HotSpotsAsked.of(request.query, today, usual)
    except Refused as fault:
        wrong = notice("bad", fault.answer(viewer.language)["message"])
        return _page(
            viewer,
            _form(viewer, HotSpotsAsked.of({}, today, usual)),
            wrong,
            status=fault.status,
        )
    try:
        found, known = await look(viewer, asked), await known_remedies(viewer)
    except Refused:
        return _page(viewer, notice("bad", viewer.words("ledger_away")))
    measure = "area" if found.by_area else asked.by
    return _page(
        viewer, _form(viewer, asked), *_found(viewer, asked, found.spots, known), _definitions(viewer, measure)
    )


def word(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of this page."""
    return say(viewer.language, f"{FILE}.{key}", **facts)


def _found(viewer: Viewer, asked: HotSpotsAsked, found: HotSpots, known: Remedies) -> list[h.Element | None]:
    elsewhere = h.p(".quiet")[word(viewer, f"elsewhere.{asked.by}", n=found.elsewhere)] if found.elsewhere else None
    if not found.found:
        return [h.p(".quiet")[word(viewer, f"none.{asked.by}")], elsewhere]
    left = len(found.found) - MOST
    more = h.p(".quiet")[word(viewer, "more", n=left)] if left > 0 else None
    file = h.div(".row")[way(word(viewer, "csv"), "down", f"/hot-spots.csv?{urlencode(asked.values)}")]
    count = h.p(".quiet")[word(viewer, "count", n=len(found.found), false=f"{FALSE:.0%}")]
    return [count, _table(viewer, asked, found.found[:MOST], known), more, elsewhere, file]


def _table(viewer: Viewer, asked: HotSpotsAsked, spots: tuple[HotSpot, ...], known: Remedies) -> h.Element:
    """A table; on a narrow screen each row is a card, and its cells have their names before them."""
    places, categories = grouping_of(viewer.gateway, asked.by), grouping_of(viewer.gateway, "category")
    names = {"place": word(viewer, f"by.{asked.by}")} | {each: word(viewer, f"head.{each}") for each in HEADS}
    head = h.tr(role="row")[[h.th(scope="col", role="columnheader")[name] for name in names.values()]]
    rows = []
    for spot in spots:
        of = Whose(asked.kind, asked.period, asked.by, spot.place, "category", spot.category)
        then = of._replace(period=asked.period.year_ago())
        cells: dict[str, h.Node] = {
            "category": called(viewer.words, categories, spot.category),
            "cases": of.way("own", spot.cases),
            "expected": [f"{spot.expected:.1f}", h.small[word(viewer, "times", n=f"{times(spot):.1f}")]],
            "chance": _chance(viewer, spot.false),
            "year_ago": NO_DATA if spot.season is Season.UNKNOWN else then.way("own", spot.year_ago),
            "season": _season(viewer, spot.season),
            "remedy": remedy_cell(viewer, asked, spot.place, spot.category, known),
        }
        place = h.th(scope="row", role="rowheader")[called(viewer.words, places, spot.place)]
        told = [h.td(role="cell", class_=name, data_label=names[name])[cell] for name, cell in cells.items()]
        rows.append(h.tr(role="row")[place, told])
    caption = word(viewer, "caption", first=asked.period.first, last=asked.period.last)
    return h.div(".wide", tabindex="0", role="region", aria_label=caption)[
        h.table(".figures.measured.spots", role="table")[
            h.caption[caption], h.thead(role="rowgroup")[head], h.tbody(role="rowgroup")[rows]
        ]
    ]


def _season(viewer: Viewer, season: Season) -> h.Node:
    said = word(viewer, f"season.{season}")
    return h.span(class_=f"chip {_CHIPS[season]}")[said] if season in _CHIPS else said


def _chance(viewer: Viewer, false: float) -> str:
    """In words that need no exponent."""
    if false < 1e-6:
        return word(viewer, "under_a_million")
    return word(viewer, "one_in", n=f"{round(1 / false):,}")


def _definitions(viewer: Viewer, measure: str) -> h.Element:
    keys = {"cases": "cases", "expected": f"expected.{measure}", "chance": "chance", "season": "season"}
    rows = [
        (h.dt[word(viewer, f"head.{each}")], h.dd[word(viewer, f"defined.{key}", fewest=FEWEST, false=f"{FALSE:.0%}")])
        for each, key in keys.items()
    ]
    return h.section(".definitions")[h.h2[viewer.words("statistics.definitions")], h.dl[rows]]


def _form(viewer: Viewer, asked: HotSpotsAsked) -> h.Element:
    words = viewer.words
    days: dict[str, str | int | bool] = {"type": "date", "maxlength": 10, "required": True}
    return h.form(".filters", method="get", action="/hot-spots", aria_label=words("filter.title"))[
        select(word(viewer, "head.by"), "by", [(each, word(viewer, f"by.{each}")) for each in PLACE_KINDS], asked.by),
        select(words("kind"), "kind", [(each, words(f"kind.{each}")) for each in KINDS], asked.kind),
        line_input(viewer, words("statistics.from"), "from", value=str(asked.period.first), **days),
        line_input(viewer, words("statistics.to"), "to", value=str(asked.period.last), **days),
        button(words("filter.show"), "check"),
    ]


def _page(viewer: Viewer, *main: h.Node, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    links = h.div(".row")[
        way(viewer.words("statistics.link"), "chart", "/statistics"),
        way(viewer.words("role.supervisor"), "watch", "/supervisor"),
    ]
    lead = h.p(".quiet")[word(viewer, "lead")]
    return page(
        viewer, word(viewer, "title"), lead, part_line(viewer), *main, links,
        name="statistics", role=NAME, script=False, styles=STYLES, status=status,
    )  # fmt: skip
