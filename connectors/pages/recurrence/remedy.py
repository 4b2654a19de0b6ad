"""`/hot-spots/remedy`: a place before and since a day, such as that of a remedy, beside all other places."""

from datetime import date
from http import HTTPStatus
from typing import Final, NamedTuple

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused, bad
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.exposure import PLACE_KINDS, PlaceKind
from connectors.ledger.queries.recurrence.remedied import Remedied, remedied
from connectors.ledger.queries.recurrence.reported import reported
from connectors.ledger.queries.recurrence.spots import FEWEST
from connectors.ledger.queries.statistics.periods import DayPeriod, around
from connectors.ledger.queries.stats import KINDS
from connectors.ledger.span import Codes
from connectors.pages.html.inputs import button, hidden, line_input, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.spot import known_spot, spot_name
from connectors.pages.statistics.asked import chosen, only
from connectors.pages.statistics.figures import Whose
from schemas.days import day_of, read_day
from texts.catalogue import say

MOST_DAYS: Final = 90
"""Before the day, and from it on."""
LEAST: Final = 0.001
"""Chances below it are not told apart."""
STYLES: Final = ("list.css", "figures.css", "proofs.css", "statistics.css")


class RemedyAsked(NamedTuple):
    """One place and category; two periods of as many days, or none as long as no day is said or it is not over."""

    by: PlaceKind
    place: str
    category: str
    kind: str
    day: date | None
    periods: tuple[DayPeriod, DayPeriod] | None


async def show(request: web.Request) -> web.Response:
    """`/hot-spots/remedy`; `?segment=` or `?grid=`, `?category=`, `?kind=`; `?day=`: the first day after it."""
    viewer = Viewer.of(request)
    try:
        asked = _asked(viewer, day_of(viewer.now_ms, viewer.zone))
    except Refused as fault:
        return _page(viewer, notice("bad", fault.answer(viewer.language)["message"]), status=fault.status)
    form = _form(viewer, asked)
    if asked.periods is None:
        return _page(viewer, form, notice("plain", _word(viewer, "early")) if asked.day else None)
    try:
        found = await _look(viewer, asked, asked.periods)
    except Refused:
        return _page(viewer, notice("bad", viewer.words("ledger_away")))
    return _page(viewer, form, *_found(viewer, asked, asked.periods, found))


def _asked(viewer: Viewer, today: date) -> RemedyAsked:
    """Read an address. Raises `Refused` (400), and `HTTPNotFound` for a place or category that there is not."""
    query = viewer.request.query
    only(query, (*PLACE_KINDS, "category", "kind", "day"))
    by: PlaceKind = "grid" if "grid" in query else "segment"
    place, category = known_spot(viewer, query, by)
    kind = chosen(query, "kind", KINDS, KINDS[0])
    text = query.get("day", "")
    if not text:
        return RemedyAsked(by, place, category, kind, None, None)
    try:
        day = read_day(text)
    except ValueError:
        raise bad("bad_day", "day", given=text[:40]) from None
    return RemedyAsked(by, place, category, kind, day, around(day, today, MOST_DAYS))


async def _look(viewer: Viewer, asked: RemedyAsked, periods: tuple[DayPeriod, DayPeriod]) -> Remedied:
    """Ask the ledger, for the reader's part of the region. Raises `Refused` (503)."""
    of_category = (Codes("category", frozenset({asked.category})),)

    def answer(ledger: Ledger) -> Remedied:
        with ledger.snapshot() as connection:
            spans = (each.span(viewer.zone, viewer.remit)._replace(only=of_category) for each in periods)
            before, after = (reported(connection, each, asked.kind, asked.by) for each in spans)
        return remedied(before, after, asked.place, asked.category)

    return await viewer.gateway.ask(answer)


def _word(viewer: Viewer, key: str, **facts: object) -> str:
    return say(viewer.language, f"recurrence.remedy.{key}", **facts)


def _found(
    viewer: Viewer, asked: RemedyAsked, periods: tuple[DayPeriod, DayPeriod], found: Remedied
) -> list[h.Element]:
    here = [
        h.td[Whose(asked.kind, each, asked.by, asked.place, "category", asked.category).way("own", n)]
        for each, n in zip(periods, found[:2], strict=True)
    ]
    heads = [
        h.th(scope="col")[_word(viewer, name), h.small[f"{each.first} – {each.last}"]]
        for name, each in zip(("before", "after"), periods, strict=True)
    ]
    said = _word(viewer, f"since.{found.since}", fewest=FEWEST)
    because = _word(
        viewer, "because", before=found.before, after=found.after, expected=f"{found.expected:.1f}",
        chance="<0.1%" if found.chance < LEAST else f"{found.chance:.1%}",
    )  # fmt: skip
    return [
        notice("plain", h.p[h.b[said]], h.p[because]),
        h.div(".wide", tabindex="0", role="region", aria_label=_word(viewer, "title"))[
            h.table(".figures.measured")[
                h.thead[h.tr[h.th(scope="col"), heads]],
                h.tbody[
                    h.tr[h.th(scope="row")[_word(viewer, f"here.{asked.by}")], here],
                    h.tr[
                        h.th(scope="row")[_word(viewer, f"others.{asked.by}")],
                        h.td[found.others_before],
                        h.td[found.others_after],
                    ],
                ],
            ]
        ],
        h.p(".quiet")[_word(viewer, "defined")],
    ]


def _form(viewer: Viewer, asked: RemedyAsked) -> h.Element:
    day = asked.day.isoformat() if asked.day else ""
    return h.form(".filters", method="get", action="/hot-spots/remedy")[
        h.p[h.b[spot_name(viewer, asked.place, asked.category, asked.by)]],
        hidden(**{asked.by: asked.place}, category=asked.category, kind=asked.kind),
        line_input(viewer, _word(viewer, "day"), "day", value=day, type="date", maxlength=10, required=True),
        button(viewer.words("filter.show"), "check"),
    ]


def _page(viewer: Viewer, *main: h.Node, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    links = h.div(".row")[way(say(viewer.language, "recurrence.title"), "chart", "/hot-spots")]
    lead = h.p(".quiet")[_word(viewer, "lead", most=MOST_DAYS)]
    return page(
        viewer, _word(viewer, "title"), lead, part_line(viewer), *main, links,
        name="statistics", role="supervisor", script=False, styles=STYLES, status=status,
    )  # fmt: skip
