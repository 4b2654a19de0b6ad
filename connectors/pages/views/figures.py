"""Figures for the supervisor: reports, how called departments report in 报到, how duties 值守 are done, messages."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

import htpy as h
from aiohttp import web

from connectors.chat.burden_figures import BurdenRow, burden
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.duty_figures import DutyCounts, DutyRow, Week, duties, weeks
from connectors.ledger.queries.response_figures import Cause, ReportInRow, ReportIns, report_ins
from connectors.ledger.queries.stats import KINDS, SELF_HANDLED, StatsRow
from connectors.pages.fragments import samples
from connectors.pages.fragments.figures_kinds import by_kind, by_rung
from connectors.pages.html.bars import bar
from connectors.pages.html.inputs import button, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer
from schemas.days import day_of
from schemas.joint import ReportInStep, Scores

STYLES: Final = ("list.css", "figures.css")
NAME: Final = "supervisor"
DAY_MS: Final = 86_400_000
PERIODS: Final = ("30", "90", "365")
WEEKS: Final = 8
MOST: Final = 24
"""The most departments shown in full, to limit the page size."""
MOST_PEOPLE: Final = 40
BEST: Final = 5
SCORES: Final = tuple(Scores.model_fields)
BURDEN: Final = ("unasked", "night", "a_day", "most", "digested")
DUTY_RESULTS: Final = {"in_time": "good", "late": "warn", "not_done": "bad", "open": "rest"}
"""Results of duties and their colours; together they are all duties that were due."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the ledger answers."""

    kinds: list[StatsRow]
    rungs: list[StatsRow]
    called: ReportIns
    weeks: list[Week]
    people: list[DutyRow]
    on_the_spot: list[StatsRow]


async def show(request: web.Request) -> web.Response:
    """`/figures`; `?days=` is how far back reports and calls count, `?called_by=` whistle (default), list or any."""
    viewer = Viewer.of(request)
    days = request.query.get("days", "")
    days = days if days in PERIODS else PERIODS[0]
    cause = next((each for each in get_args(Cause) if each == request.query.get("called_by")), get_args(Cause)[0])
    try:
        found = await _look(viewer, int(days), cause)
    except Refused:
        away = notice("bad", viewer.words("ledger_away"))
        return page(viewer, viewer.words("figures.title"), away, name="figures", role=NAME, script=False, styles=STYLES)
    now = h.p(".quiet")[viewer.words("figures.now"), " ", viewer.time(viewer.now_ms)]
    main = [
        now,
        part_line(viewer),
        h.p[way(viewer.words("statistics.link"), "chart", "/statistics")],
        by_kind(viewer, found.kinds, days),
        by_rung(viewer, found.rungs, days),
        _called(viewer, found.called, days, cause),
        samples.section(viewer, found.on_the_spot, days),
        _duties(viewer, found),
        await _burden(viewer, int(days)),
    ]
    return page(viewer, viewer.words("figures.title"), *main, name="figures", role=NAME, script=False, styles=STYLES)


async def _look(viewer: Viewer, days: int, cause: Cause) -> _Found:
    region, now_ms, within = viewer.gateway.region, viewer.now_ms, viewer.remit
    names, named = viewer.gateway.department_names, viewer.gateway.category_names

    def look(ledger: Ledger) -> _Found:
        begin = now_ms - days * DAY_MS
        zone, language = region.zone, viewer.language
        return _Found(
            kinds=ledger.stats("kind", begin, None, zone, within=within, as_of_ms=now_ms)["rows"],
            rungs=ledger.stats("raised", begin, None, zone, kind=KINDS[0], within=within, as_of_ms=now_ms)["rows"],
            called=report_ins(
                ledger, begin, None, zone, cause=cause, within=within, as_of_ms=now_ms, names=names, language=language
            ),
            weeks=weeks(ledger, now_ms, WEEKS, zone, within=within),
            people=duties(ledger, now_ms - WEEKS * 7 * DAY_MS, None, zone, within=within)["rows"],
            on_the_spot=ledger.stats(
                "category", begin, None, zone, kind=SELF_HANDLED, within=within, names=named, language=language
            )["rows"],
        )

    return await viewer.gateway.ask(look)


def _called(viewer: Viewer, figures: ReportIns, days: str, cause: Cause) -> h.Element:
    """An overview of all departments, then each with its steps and ratings."""
    words = viewer.words
    ask = h.form(".filters", method="get", action="/figures", aria_label=words("filter.title"))[
        select(words("figures.period"), "days", [(each, words("figures.days", n=each)) for each in PERIODS], days),
        select(
            words("figures.called_by"), "called_by", [(each, words(f"cause.{each}")) for each in get_args(Cause)], cause
        ),
        button(words("filter.show"), "check"),
    ]
    rows = figures["rows"]
    body: list[h.Element | None]
    if rows:
        left = len(rows) - MOST
        cards = h.div(".departments")[[_department(viewer, row) for row in rows[:MOST]]]
        body = [_overview(viewer, figures), h.p(".quiet")[words("figures.rate")], cards]
        body.append(h.p(".quiet")[words("figures.more", n=left)] if left > 0 else None)
    else:
        body = [h.p(".quiet")[words("figures.nobody")]]
    return h.section[h.h2[words("figures.report_ins")], ask, body]


def _overview(viewer: Viewer, figures: ReportIns) -> h.Element:
    """One row for each department: the number of calls, and the report-in rate as a number and a bar."""
    words = viewer.words
    titles = ("fact.department", "figures.called", "figures.in_time", "figures.of_rate")
    head = h.tr[[h.th(scope="col")[words(title)] for title in titles], h.td(aria_hidden="true")]
    lines = [
        _at_a_glance(row["name"] or words("figures.all"), row) for row in [*figures["rows"][:MOST], figures["total"]]
    ]
    caption = h.caption[words("figures.overview")]
    return h.table(".figures")[caption, h.thead[head], h.tbody[lines]]


def _at_a_glance(name: str, row: ReportInRow) -> h.Element:
    drawn = bar([("good", row["on_time"]), ("bad", row["due"] - row["on_time"])], row["due"])
    cells = (row["called"], _of(row["on_time"], row["due"]), _percent(row["rate"]))
    shown = [h.td[cell] for cell in cells]
    return h.tr[h.th(scope="row")[name], shown, h.td(".drawn")[drawn]]


def _department(viewer: Viewer, row: ReportInRow) -> h.Element:
    return h.section(".card")[h.h3[row["name"]], _steps(viewer, row), _ratings(viewer, row)]


def _steps(viewer: Viewer, row: ReportInRow) -> h.Element:
    words = viewer.words
    titles = ("figures.step", "figures.in_time", "figures.of_rate", "figures.median")
    head = h.tr[[h.th(scope="col")[words(title)] for title in titles]]
    lines = []
    for step in ReportInStep:
        known = row["steps"][step.value]
        took = known["median_ms"]
        cells = (
            _of(known["on_time"], known["due"]),
            _percent(known["rate"]),
            "–" if took is None else words.span(took, exact=False),
        )
        lines.append(h.tr[h.th(scope="row")[words(f"step.{step}")], [h.td[cell] for cell in cells]])
    return h.table(".figures")[h.thead[head], h.tbody[lines]]


def _ratings(viewer: Viewer, row: ReportInRow) -> h.Element:
    """The street's ratings: the mean of each score as a number and a bar."""
    words = viewer.words
    caption = words("figures.rated", rated=row["rated"], silent=row["not_rated"])
    if not row["rated"]:
        silent = row["not_rated"]
        none = words("figures.unrated", silent=silent) if silent else words("figures.no_scores")
        return h.p(".quiet")[none]
    means = {"cooperation": row["cooperation"], "professionalism": row["professionalism"]}
    means["responsibility"] = row["responsibility"]
    lines = [
        h.tr[
            h.th(scope="row")[words(f"score.{name}")],
            h.td[f"{mean:.1f}"],
            h.td(".drawn")[bar([("good" if mean >= 3 else "warn", mean)], BEST)],
        ]
        for name, mean in means.items()
        if mean is not None
    ]
    return h.table(".figures")[h.caption[caption], h.tbody[lines]]


def _duties(viewer: Viewer, found: _Found) -> h.Element:
    words = viewer.words
    title = h.h2[words("figures.duties")]
    if not viewer.remit.everything and not viewer.remit.grids:
        return h.section[title, h.p(".quiet")[words("figures.not_cut.duties")]]
    if not any(week["due"] for week in found.weeks):
        return h.section[title, h.p(".quiet")[words("figures.no_duties", n=WEEKS)]]
    oldest = max(n for n, week in enumerate(found.weeks) if week["due"])
    lines = [_duty_row(f"{date.fromisoformat(week['begin']):%m-%d}", week) for week in found.weeks[: oldest + 1]]
    weekly = _table(viewer, words("figures.weeks"), words("figures.week"), lines)
    people = sorted(found.people, key=lambda row: (-row["not_done"], row["person"], row["grid"]))[:MOST_PEOPLE]
    named = [_duty_row(viewer.name(row["person"]), row) for row in people]
    return h.section[title, weekly, _table(viewer, words("figures.people", n=WEEKS), words("person"), named)]


def _table(viewer: Viewer, caption: str, first: str, lines: list[h.Element]) -> h.Element:
    titles = [h.th(scope="col")[h.i(class_=kind), viewer.words(f"kept.{name}")] for name, kind in DUTY_RESULTS.items()]
    head = h.tr[h.th(scope="col")[first], titles]
    return h.table(".figures.kept")[h.caption[caption], h.thead[head], h.tbody[lines]]


def _duty_row(name: str, counted: DutyCounts) -> h.Element:
    """One row: the results of duties, as numbers and as parts of a bar."""
    counts = {"in_time": counted["done"] - counted["late"], "late": counted["late"]}
    counts |= {"not_done": counted["not_done"], "open": counted["open"]}
    cells = [h.td[counts[each]] for each in DUTY_RESULTS]
    drawn = bar([(kind, counts[each]) for each, kind in DUTY_RESULTS.items()], counted["due"])
    return h.tr[h.th(scope="row")[name, drawn], cells]


def _of(part: int, whole: int) -> str:
    """`part/whole`, or a dash if nothing was due."""
    return f"{part}/{whole}" if whole else "–"


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.0%}"


async def _burden(viewer: Viewer, days: int) -> h.Element | None:
    """How much those who work here are written to 指尖减负; None where no door stores messages."""
    folder, words = viewer.gateway.door_folder, viewer.words
    if folder is None:
        return None
    if not viewer.remit.everything:
        return h.section[h.h2[words("figures.burden")], h.p(".quiet")[words("figures.not_cut.burden")]]
    today = day_of(viewer.now_ms, ZoneInfo(viewer.gateway.region.zone))
    figures = await asyncio.to_thread(burden, folder, today - timedelta(days=days - 1))
    title = h.h2[words("figures.burden")]
    if not figures["total"]["unasked"]:
        return h.section[title, h.p(".quiet")[words("figures.burden.none", days=days)]]
    titles = [h.th(scope="col")[words(f"figures.burden.{name}")] for name in BURDEN]
    people = [row for row in figures["rows"] if row["person"]][:MOST_PEOPLE]
    lines = [_burden_row(viewer.name(row["person"]), row) for row in people]
    lines.append(_burden_row(words("figures.burden.all"), figures["total"]))
    head = h.tr[h.th(scope="col")[words("person")], titles]
    caption = h.caption[words("figures.burden.caption", days=days)]
    return h.section[title, h.table(".figures")[caption, h.thead[head], h.tbody[lines]]]


def _burden_row(name: str, row: BurdenRow) -> h.Element:
    a_day = "–" if row["a_day"] is None else f"{row['a_day']:.1f}"
    cells = (str(row["unasked"]), str(row["night"]), a_day, str(row["most"]), str(row["digested"]))
    return h.tr[h.th(scope="row")[name], [h.td[cell] for cell in cells]]
