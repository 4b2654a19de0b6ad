"""`/hot-spots`: where more is reported than chance explains, by which numbers, and the way to the cases."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.recurrence.spots import FALSE, FEWEST, HotSpot, HotSpots, Season
from connectors.ledger.queries.stats import KINDS
from connectors.pages.html.inputs import button, line_input, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.asked import HotSpotsAsked, known_remedies, look
from connectors.pages.recurrence.remedied import Remedies, remedy_cell
from connectors.pages.recurrence.spot import SpotAsked
from connectors.pages.statistics.figures import NO_DATA, Whose
from connectors.pages.statistics.groupings import called, grouping_of
from schemas.days import day_of
from texts.catalogue import say

MOST: Final = 200
"""Rows of the page; the file has all."""
STYLES: Final = ("list.css", "figures.css", "proofs.css", "statistics.css")
NAME: Final = "supervisor"
FILE: Final = "recurrence"
_CHIPS: Final = {Season.NEW: "alert", Season.AS_BEFORE: "suspended"}
"""Seasons that say something, by the colours of other chips."""


async def show(request: web.Request) -> web.Response:
    """`/hot-spots`; `?kind=`, `?from=` and `?to=` (days, included)."""
    viewer = Viewer.of(request)
    today = day_of(viewer.now_ms, viewer.zone)
    try:
        asked = HotSpotsAsked.of(request.query, today)
    except Refused as fault:
        wrong = notice("bad", fault.answer(viewer.language)["message"])
        return _page(viewer, _form(viewer, HotSpotsAsked.of({}, today)), wrong, status=fault.status)
    try:
        found, known = await look(viewer, asked), await known_remedies(viewer)
    except Refused:
        return _page(viewer, notice("bad", viewer.words("ledger_away")))
    return _page(viewer, _form(viewer, asked), *_found(viewer, asked, found, known), _definitions(viewer))


def word(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of this page."""
    return say(viewer.language, f"{FILE}.{key}", **facts)


def times(spot: HotSpot) -> float:
    """How many times as many as expected."""
    return spot.cases / spot.expected


def _found(viewer: Viewer, asked: HotSpotsAsked, found: HotSpots, known: Remedies) -> list[h.Element | None]:
    elsewhere = h.p(".quiet")[word(viewer, "elsewhere", n=found.elsewhere)] if found.elsewhere else None
    if not found.found:
        return [h.p(".quiet")[word(viewer, "none")], elsewhere]
    left = len(found.found) - MOST
    more = h.p(".quiet")[word(viewer, "more", n=left)] if left > 0 else None
    file = h.div(".row")[way(word(viewer, "csv"), "down", f"/hot-spots.csv?{urlencode(asked.values)}")]
    return [_table(viewer, asked, found.found[:MOST], known), more, elsewhere, file]


def _table(viewer: Viewer, asked: HotSpotsAsked, spots: tuple[HotSpot, ...], known: Remedies) -> h.Element:
    segments, categories = grouping_of(viewer.gateway, "segment"), grouping_of(viewer.gateway, "category")
    heads = ("place", "category", "cases", "expected", "chance", "year_ago", "season", "remedy")
    head = h.tr[[h.th(scope="col")[word(viewer, f"head.{each}")] for each in heads]]
    rows = []
    for spot in spots:
        of = Whose(asked.kind, asked.period, "segment", spot.segment, "category", spot.category)
        then = of._replace(period=asked.period.year_ago())
        rows.append(
            h.tr[
                h.th(scope="row")[called(viewer, segments, spot.segment)],
                h.td[called(viewer, categories, spot.category)],
                h.td[of.way("own", spot.cases)],
                h.td[f"{spot.expected:.1f}", h.small[word(viewer, "times", n=f"{times(spot):.1f}")]],
                h.td[_chance(viewer, spot.false)],
                h.td[NO_DATA if spot.season is Season.UNKNOWN else then.way("own", spot.year_ago)],
                h.td[_season(viewer, spot.season)],
                h.td[remedy_cell(viewer, SpotAsked.found(spot, asked), known)],
            ]
        )
    caption = word(viewer, "caption", first=asked.period.first, last=asked.period.last)
    return h.div(".wide", tabindex="0", role="region", aria_label=caption)[
        h.table(".figures.measured")[h.caption[caption], h.thead[head], h.tbody[rows]]
    ]


def _season(viewer: Viewer, season: Season) -> h.Node:
    said = word(viewer, f"season.{season}")
    return h.span(class_=f"chip {_CHIPS[season]}")[said] if season in _CHIPS else said


def _chance(viewer: Viewer, false: float) -> str:
    """In words that need no exponent."""
    if false < 1e-6:
        return word(viewer, "under_a_million")
    return word(viewer, "one_in", n=f"{round(1 / false):,}")


def _definitions(viewer: Viewer) -> h.Element:
    rows = [
        (h.dt[word(viewer, f"head.{each}")], h.dd[word(viewer, f"defined.{each}", fewest=FEWEST, false=f"{FALSE:.0%}")])
        for each in ("cases", "expected", "chance", "season")
    ]
    return h.section(".definitions")[h.h2[viewer.words("statistics.definitions")], h.dl[rows]]


def _form(viewer: Viewer, asked: HotSpotsAsked) -> h.Element:
    words = viewer.words
    days: dict[str, str | int | bool] = {"type": "date", "maxlength": 10, "required": True}
    return h.form(".filters", method="get", action="/hot-spots", aria_label=words("filter.title"))[
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
