"""`/statistics`: one metric by group and month, or all metrics of a period, each figure with the way to its cases."""

from http import HTTPStatus
from typing import Final

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, PERSON
from connectors.ledger.queries.statistics.metrics import METRICS, volume
from connectors.ledger.queries.statistics.pairs import MOST_CASES, TooManyCases
from connectors.ledger.queries.stats import KINDS
from connectors.pages.html.inputs import button, hidden, line_input, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import MOST_DAYS, VIEWS, StatisticsAsked
from connectors.pages.statistics.charts.by_month import chart_by_month
from connectors.pages.statistics.charts.by_two import chart_by_two
from connectors.pages.statistics.definitions import definitions
from connectors.pages.statistics.looking import PairsFound, StatisticsFound, look, look_pairs
from connectors.pages.statistics.metrics_table import metrics_table, shown
from connectors.pages.statistics.months import month_table
from connectors.pages.statistics.pairs_table import MOST_COLUMNS, pairs_table
from connectors.pages.statistics.people import people_shown
from connectors.pages.statistics.programs.parquet import can_write
from connectors.pages.statistics.rows import MOST_ROWS
from connectors.pages.statistics.versions.around import AroundFound, look_around
from connectors.pages.statistics.versions.around_table import around_tables, metrics_around
from schemas.days import day_of

STYLES: Final = ("list.css", "figures.css", "proofs.css", "statistics.css")
NAME: Final = "supervisor"


async def show(request: web.Request) -> web.Response:
    """`/statistics`; `?view=months|metrics`, `?by=`, `?metric=`, `?kind=`, `?from=` and `?to=` (days, included)."""
    viewer = Viewer.of(request)
    today = day_of(viewer.now_ms, viewer.zone)
    try:
        asked = StatisticsAsked.of(request.query, today, people_shown(viewer))
    except Refused as fault:
        usual = StatisticsAsked.of({}, today, people_shown(viewer))
        wrong = notice("bad", fault.answer(viewer.language)["message"])
        return _page(viewer, _form(viewer, usual), wrong, status=fault.status)
    if not asked.applies:
        none = notice("plain", viewer.words("statistics.not_by_person"))
        return _page(viewer, _form(viewer, asked), none, definitions(viewer, [asked.metric]))
    try:
        if asked.across is not None:
            two = await look_pairs(viewer, asked, asked.across, (MOST_ROWS, MOST_COLUMNS))
            drawn = chart_by_two(viewer, two)
            return _page(
                viewer, _form(viewer, asked), _printed(viewer, asked), drawn, *_pairs(viewer, two), chart=drawn
            )
        if asked.view == "version":
            around = await look_around(viewer, asked)
            return _page(viewer, _form(viewer, asked, around), _printed(viewer, asked), *_around(viewer, around))
        found = await look(viewer, asked, MOST_ROWS)
    except Refused as fault:
        return _page(
            viewer, _form(viewer, asked), notice("bad", fault.answer(viewer.language)["message"]), status=fault.status
        )
    drawn = chart_by_month(viewer, found)
    return _page(viewer, _form(viewer, asked), _printed(viewer, asked), drawn, *_tables(viewer, found), chart=drawn)


def _tables(viewer: Viewer, found: StatisticsFound) -> list[h.Element | None]:
    words, asked = viewer.words, found.asked
    if not any(column.whole[volume(asked.metric).key].n for column in found.columns.all):
        return [h.p(".quiet")[words("statistics.nothing")]]
    left = found.left + max(0, len(found.rows) - MOST_ROWS)
    more = h.p(".quiet")[words("statistics.more", n=left)] if left else None
    if asked.view == "metrics":
        return [
            metrics_table(viewer, found), more, _files(viewer, asked),
            definitions(viewer, shown(found.columns.compared[0]), people=asked.of_people),
        ]  # fmt: skip
    return [
        month_table(viewer, found),
        more,
        _files(viewer, asked),
        definitions(viewer, [asked.metric], ranked=asked.metric.better is not None, people=asked.of_people),
    ]


def _pairs(viewer: Viewer, found: PairsFound) -> list[h.Element | None]:
    words, asked, table = viewer.words, found.asked, found.table
    if isinstance(table, TooManyCases):
        return [notice("plain", words("statistics.too_many", most=table.most))]
    if not table.cells:
        return [h.p(".quiet")[words("statistics.nothing")]]
    defined = definitions(viewer, [asked.metric], people=asked.of_people)
    single = h.p(".quiet")[words("statistics.one_by_one", most=MOST_CASES)] if asked.metric.reads_times else None
    return [*pairs_table(viewer, found, table), single, _files(viewer, asked), defined]


def _around(viewer: Viewer, found: AroundFound) -> list[h.Node]:
    if found.before is None or found.since is None:
        return list(around_tables(viewer, found))
    defined = definitions(viewer, metrics_around(found.before, found.since), people=found.asked.of_people)
    return [*around_tables(viewer, found), _files(viewer, found.asked), defined]


def _files(viewer: Viewer, asked: StatisticsAsked) -> h.Element:
    words = viewer.words
    files = {"csv": "/statistics.csv", "xlsx": "/statistics.xlsx"}
    if can_write():
        files["parquet"] = "/statistics.parquet"
    if asked.view != "version":
        files["open_data"] = "/statistics/cases.csv"
    ways = [way(words(f"statistics.{name}"), "down", asked.address(path)) for name, path in files.items()]
    return h.section(".files")[h.h2[words("statistics.files")], h.div(".row")[ways]]


def _form(viewer: Viewer, asked: StatisticsAsked, around: AroundFound | None = None) -> h.Element:
    words = viewer.words
    views = [(each, words(f"statistics.view.{each}")) for each in VIEWS[:3]]
    dimensions = [(each, words(f"dimension.{each}")) for each in (*DIMENSIONS, *([PERSON] if asked.people else []))]
    views += dimensions
    metrics = [(each.key, words(f"metric.{each.key}")) for each in METRICS]
    days: dict[str, str | int | bool] = {"type": "date", "maxlength": 10, "required": True}
    return h.form(".filters", method="get", action="/statistics", aria_label=words("filter.title"))[
        select(words("statistics.rows"), "by", dimensions, asked.by),
        select(words("statistics.columns"), "view", views, asked.view),
        select(words("statistics.metric"), "metric", metrics, asked.metric.key),
        select(words("kind"), "kind", [(each, words(f"kind.{each}")) for each in KINDS], asked.kind),
        _sides(viewer, asked, around)
        if around is not None
        else [
            line_input(viewer, words("statistics.from"), "from", value=asked.period.first.isoformat(), **days),
            line_input(viewer, words("statistics.to"), "to", value=asked.period.last.isoformat(), **days),
        ],
        button(words("filter.show"), "check"),
    ]


def _printed(viewer: Viewer, asked: StatisticsAsked) -> h.Element:
    """On paper, what the form says on a screen, and the day."""
    words, period = viewer.words, asked.period
    days = "" if asked.view == "version" else f" · {period.first} – {period.last}"
    today = f"{words('figures.now')} {day_of(viewer.now_ms, viewer.zone)}"
    return h.p(".printed")[f"{words(f'kind.{asked.kind}')}{days} · {today}"]


def _sides(viewer: Viewer, asked: StatisticsAsked, around: AroundFound) -> list[h.Node]:
    """The choice of a version, and of how many days on each side; the period stays as it was for other tables."""
    words = viewer.words
    number: dict[str, str | int | bool] = {"type": "number", "min": 1, "max": MOST_DAYS, "required": True}
    named = [(each.key, f"{each.day} {each.name}".strip()) for each in around.versions]
    chosen = around.version.key if around.version is not None else ""
    return [
        hidden(**{"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat()}),
        select(words("statistics.version"), "version", named or [("", "–")], chosen),
        line_input(viewer, words("statistics.version.length"), "days", value=str(asked.days), **number),
    ]


def _page(
    viewer: Viewer, *main: h.Node, status: HTTPStatus = HTTPStatus.OK, chart: h.Element | None = None
) -> web.Response:
    """Without a chart it needs no script."""
    now = h.p(".quiet")[viewer.words("figures.now"), " ", viewer.time(viewer.now_ms)]
    links = h.div(".row")[
        way(viewer.words("role.supervisor"), "watch", "/supervisor"),
        way(viewer.words("figures.link"), "chart", "/figures"),
        way(viewer.words("hot_spots.link"), "pin", "/hot-spots"),
    ]
    return page(
        viewer, viewer.words("statistics.title"), now, part_line(viewer), *main, links,
        name="statistics", role=NAME, outside=True, styles=STYLES, status=status,
        script=chart is not None, module="charts.js",
    )  # fmt: skip
