"""Figures for the supervisor: what was reported, how called departments report in 报到, how duties 值守 are kept."""

from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.duty_figures import DutyCounts, DutyRow, Week, duties, weeks
from connectors.ledger.queries.response_figures import Cause, ReportInRow, ReportIns, report_ins
from connectors.ledger.queries.stats import KINDS, SELF_HANDLED, StatsRow
from connectors.pages.fragments import samples
from connectors.pages.fragments.figures_kinds import by_kind, by_rung
from connectors.pages.html.bars import bar
from connectors.pages.html.inputs import button, select
from connectors.pages.html.layout import notice, page
from connectors.pages.html.markup import Html, tag
from connectors.pages.html.viewer import Viewer
from schemas.joint import ReportInStep, Scores

NAME: Final = "supervisor"
DAY_MS: Final = 86_400_000
PERIODS: Final = ("30", "90", "365")
WEEKS: Final = 8
MOST: Final = 24
"""Departments that one page tells in full; a page must stay light."""
MOST_PEOPLE: Final = 40
BEST: Final = 5
SCORES: Final = tuple(Scores.model_fields)
KEPT: Final = {"in_time": "good", "late": "warn", "not_done": "bad", "open": "rest"}
"""What became of duties, and its colour; together they are all that were due."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the ledger says."""

    kinds: list[StatsRow]
    rungs: list[StatsRow]
    called: ReportIns
    weeks: list[Week]
    people: list[DutyRow]
    on_the_spot: list[StatsRow]


async def show(request: web.Request) -> web.Response:
    """`/figures`; `?days=` how far back reports and calls were made, `?called_by=` whistle (default), list or any."""
    viewer = Viewer.of(request)
    days = request.query.get("days", "")
    days = days if days in PERIODS else PERIODS[0]
    cause = next((each for each in get_args(Cause) if each == request.query.get("called_by")), get_args(Cause)[0])
    try:
        found = await _look(viewer, int(days), cause)
    except Refused:
        away = notice("bad", viewer.words("ledger_away"))
        return page(viewer, viewer.words("figures.title"), away, name="figures", role=NAME, script=False)
    now = tag("p", viewer.words("figures.now"), " ", viewer.time(viewer.now_ms), class_="quiet")
    main = [
        now,
        by_kind(viewer, found.kinds, days),
        by_rung(viewer, found.rungs, days),
        _called(viewer, found.called, days, cause),
        samples.section(viewer, found.on_the_spot, days),
        _duties(viewer, found),
    ]
    return page(viewer, viewer.words("figures.title"), *main, name="figures", role=NAME, script=False)


async def _look(viewer: Viewer, days: int, cause: Cause) -> _Found:
    region, now_ms = viewer.gateway.region, viewer.now_ms
    names, named = viewer.gateway.department_names, viewer.gateway.category_names

    def look(ledger: Ledger) -> _Found:
        begin = now_ms - days * DAY_MS
        called = report_ins(ledger, begin, None, region.zone, cause=cause, names=names, language=viewer.language)
        kinds = ledger.stats("kind", begin, None, region.zone, as_of_ms=now_ms)["rows"]
        rungs = ledger.stats("raised", begin, None, region.zone, kind=KINDS[0], as_of_ms=now_ms)["rows"]
        kept = weeks(ledger, now_ms, WEEKS, region.zone)
        first = now_ms - WEEKS * 7 * DAY_MS
        own = ledger.stats(
            "category", begin, None, region.zone, kind=SELF_HANDLED, names=named, language=viewer.language
        )
        return _Found(kinds, rungs, called, kept, duties(ledger, first, None, region.zone)["rows"], own["rows"])

    return await viewer.gateway.ask(look)


def _called(viewer: Viewer, told: ReportIns, days: str, cause: Cause) -> Html:
    """All departments at a glance, then each with its steps and ratings."""
    words = viewer.words
    ask = tag(
        "form",
        select(words("figures.period"), "days", [(each, words("figures.days", n=each)) for each in PERIODS], days),
        select(words("figures.called_by"), "called_by", [(each, words(f"cause.{each}")) for each in get_args(Cause)],
               cause),
        button(words("filter.show"), "check"),
        method="get", action="/figures", class_="filters", aria_label=words("filter.title"),
    )  # fmt: skip
    rows = told["rows"]
    body: list[Html | None]
    if rows:
        left = len(rows) - MOST
        cards = tag("div", [_department(viewer, row) for row in rows[:MOST]], class_="departments")
        body = [_overview(viewer, told), tag("p", words("figures.rate"), class_="quiet"), cards]
        body.append(tag("p", words("figures.more", n=left), class_="quiet") if left > 0 else None)
    else:
        body = [tag("p", words("figures.nobody"), class_="quiet")]
    return tag("section", tag("h2", words("figures.report_ins")), ask, body)


def _overview(viewer: Viewer, told: ReportIns) -> Html:
    """One line for each department: called how often, and the report-in rate as a number and as a bar."""
    words = viewer.words
    titles = ("fact.department", "figures.called", "figures.in_time", "figures.of_rate")
    head = tag("tr", [tag("th", words(title), scope="col") for title in titles], tag("td", aria_hidden="true"))
    lines = [_at_a_glance(row["name"] or words("figures.all"), row) for row in [*told["rows"][:MOST], told["total"]]]
    caption = tag("caption", words("figures.overview"))
    return tag("table", caption, tag("thead", head), tag("tbody", lines), class_="figures")


def _at_a_glance(name: str, row: ReportInRow) -> Html:
    drawn = bar([("good", row["on_time"]), ("bad", row["due"] - row["on_time"])], row["due"])
    cells = (row["called"], _of(row["on_time"], row["due"]), _percent(row["rate"]))
    shown = [tag("td", cell) for cell in cells]
    return tag("tr", tag("th", name, scope="row"), shown, tag("td", drawn, class_="drawn"))


def _department(viewer: Viewer, row: ReportInRow) -> Html:
    return tag("section", tag("h3", row["name"]), _steps(viewer, row), _ratings(viewer, row), class_="card")


def _steps(viewer: Viewer, row: ReportInRow) -> Html:
    words = viewer.words
    titles = ("figures.step", "figures.in_time", "figures.of_rate", "figures.median")
    head = tag("tr", [tag("th", words(title), scope="col") for title in titles])
    lines = []
    for step in ReportInStep:
        known = row["steps"][step.value]
        took = known["median_ms"]
        cells = (
            _of(known["on_time"], known["due"]),
            _percent(known["rate"]),
            "–" if took is None else words.span(took, exact=False),
        )
        lines.append(tag("tr", tag("th", words(f"step.{step}"), scope="row"), [tag("td", cell) for cell in cells]))
    return tag("table", tag("thead", head), tag("tbody", lines), class_="figures")


def _ratings(viewer: Viewer, row: ReportInRow) -> Html:
    """How the street rated it: each score's mean as a number and as a bar."""
    words = viewer.words
    told = words("figures.rated", rated=row["rated"], silent=row["not_rated"])
    if not row["rated"]:
        silent = row["not_rated"]
        none = words("figures.unrated", silent=silent) if silent else words("figures.no_scores")
        return tag("p", none, class_="quiet")
    means = {"cooperation": row["cooperation"], "professionalism": row["professionalism"]}
    means["responsibility"] = row["responsibility"]
    lines = [
        tag("tr", tag("th", words(f"score.{name}"), scope="row"), tag("td", f"{mean:.1f}"),
            tag("td", bar([("good" if mean >= 3 else "warn", mean)], BEST), class_="drawn"))
        for name, mean in means.items()
        if mean is not None
    ]  # fmt: skip
    return tag("table", tag("caption", told), tag("tbody", lines), class_="figures")


def _duties(viewer: Viewer, found: _Found) -> Html:
    words = viewer.words
    title = tag("h2", words("figures.duties"))
    if not any(week["due"] for week in found.weeks):
        return tag("section", title, tag("p", words("figures.no_duties", n=WEEKS), class_="quiet"))
    oldest = max(n for n, week in enumerate(found.weeks) if week["due"])
    lines = [_kept(f"{date.fromisoformat(week['begin']):%m-%d}", week) for week in found.weeks[: oldest + 1]]
    weekly = _table(viewer, words("figures.weeks"), words("figures.week"), lines)
    people = sorted(found.people, key=lambda row: (-row["not_done"], row["person"], row["grid"]))[:MOST_PEOPLE]
    named = [_kept(viewer.name(row["person"]), row) for row in people]
    return tag("section", title, weekly, _table(viewer, words("figures.people", n=WEEKS), words("person"), named))


def _table(viewer: Viewer, caption: str, first: str, lines: list[Html]) -> Html:
    titles = [
        tag("th", tag("i", class_=kind), viewer.words(f"kept.{name}"), scope="col") for name, kind in KEPT.items()
    ]
    head = tag("tr", tag("th", first, scope="col"), titles)
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", lines), class_="figures kept")


def _kept(name: str, kept: DutyCounts) -> Html:
    """One line: what became of the duties, as numbers and one after the other in a bar."""
    counts = {"in_time": kept["done"] - kept["late"], "late": kept["late"]}
    counts |= {"not_done": kept["not_done"], "open": kept["open"]}
    cells = [tag("td", counts[each]) for each in KEPT]
    drawn = bar([(kind, counts[each]) for each, kind in KEPT.items()], kept["due"])
    return tag("tr", tag("th", name, drawn, scope="row"), cells)


def _of(part: int, whole: int) -> str:
    """Nothing was due: there is nothing to count."""
    return f"{part}/{whole}" if whole else "–"


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.0%}"
