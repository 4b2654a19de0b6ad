"""stats and balance: figures, and the proof that no report is lost."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

import click

from connectors.ledger.queries.statistics.grouping import DIMENSIONS, Dimension
from connectors.ledger.queries.statistics.metrics import BY_KEY
from connectors.ledger.queries.stats import Kind
from connectors.ledger.queries.stats_totals import By
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.figure_tables import (
    PROBLEM,
    show_balance,
    show_burden,
    show_duties,
    show_report_ins,
    show_stats,
)
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.settings import Settings
from grid36.system.create import kept, region_of, rulebook_of
from schemas.days import DAY_FORM, YEARS, day_of
from schemas.names import Language, Name

if TYPE_CHECKING:
    from connectors.chat.burden_figures import BurdenFigures
    from connectors.ledger.queries.response_figures import ReportIns

Cause = Literal["whistle", "list", "any"]
ALL = "all"
COMMUNITY = "community"
"""Only in tables of the page of statistics."""


@command(help="command.stats.help")
@option("--by", type=click.Choice([*get_args(By), COMMUNITY]), multiple=True, default=["category"], show_default=True)
@option("--from", "begin", help="command.stats.from")
@option("--to", "end", help="command.stats.to")
@option(
    "--kind", type=click.Choice([*get_args(Kind), ALL]),
    help="command.stats.kind"
)  # fmt: skip
@option("--metric", type=click.Choice(list(BY_KEY)), help="command.stats.metric")
@option("--report-ins", is_flag=True, help="command.stats.report_ins")
@option(
    "--called-by", type=click.Choice(["whistle", "list", "any"]), default="whistle", show_default=True,
    help="command.stats.called_by"
)  # fmt: skip
@option("--duties", is_flag=True, help="command.stats.duties")
@option("--burden", "messages", is_flag=True, help="command.stats.burden")
@option("--since-version", metavar="DAY[THH:MM:SS]|newest", help="command.stats.since_version")
@option("--days", type=int, help="command.stats.days")
@option("--parquet", type=click.Path(path_type=Path, dir_okay=False), help="command.stats.parquet")
@as_json
def stats(
    by: tuple[str, ...],
    begin: str | None,
    end: str | None,
    kind: str | None,
    metric: str | None,
    report_ins: bool,
    called_by: Cause,
    duties: bool,
    messages: bool,
    since_version: str | None,
    days: int | None,
    parquet: Path | None,
    as_json: bool,
) -> None:
    """How many, how fast, how much on time."""
    from connectors.ledger.queries.cases import Ledger

    of_page = _of_page(by, since_version)
    if of_page is None and parquet is not None:
        raise Misuse(Name.of("command.figures.not_in_parquet"))
    if since_version is None and days is not None:
        raise Misuse(Name.of("command.figures.days_of_version"))
    if (report_ins or duties or messages) and not (since_version is None and parquet is None):
        raise Misuse(Name.of("command.figures.not_instead"))
    if since_version is not None and (begin is not None or end is not None):
        raise Misuse(Name.of("command.figures.not_of_version"))
    settings = settings_of()
    language = Language(settings.lang)
    zone_name = region_of(settings).zone
    from_ms, to_ms = (_ms(when, ZoneInfo(zone_name)) for when in (begin, end))
    if report_ins:
        say(
            _called(settings, from_ms, to_ms, zone_name, called_by),
            as_json,
            lambda figures: show_report_ins(figures, language),
        )
        return
    if duties:
        from connectors.ledger.queries.duty_figures import duties as kept

        say(
            dict(kept(Ledger(settings.ledger_address), from_ms, to_ms, zone_name)),
            as_json,
            lambda figures: show_duties(figures, language),
        )
        return
    if messages:
        say(
            _burden(settings, from_ms, to_ms, ZoneInfo(zone_name)),
            as_json,
            lambda figures: show_burden(figures, language),
        )
        return
    if of_page is not None:
        from grid36.cli.statistics import StatisticsForm, StatisticsOrder, tell

        order = StatisticsOrder(of_page, kind or PROBLEM, metric, begin, end, since_version, days)
        tell(order, StatisticsForm(as_json, parquet), settings, _names(of_page, settings))
        return
    one = next((each for each in get_args(By) if by == (each,)), None)
    if one is None or metric is not None:
        raise Misuse(Name.of("command.figures.not_of_months"))
    names = _names(one, settings)
    chosen = kind or (PROBLEM if as_json else ALL)
    only = None if chosen == ALL else chosen
    answer = Ledger(settings.ledger_address).stats(
        one, from_ms, to_ms, zone_name, kind=only, names=names, language=language
    )
    say(answer, as_json, lambda figures: show_stats(figures, language))


def _of_page(by: tuple[str, ...], since_version: str | None) -> Dimension | None:
    """The rows of a table of the page of statistics; None for a list by one thing. Raises `Misuse` for other pairs."""
    if since_version is not None:
        rows = next((each for each in DIMENSIONS if by == (each,)), None)
        if rows is None:
            raise Misuse(Name.of("command.figures.not_of_version"))
        return rows
    if len(by) == 1:
        return None
    found: Dimension | None = next((each for each in DIMENSIONS if set(by) == {each, "month"}), None)
    if found is None or len(by) > 2:
        raise Misuse(Name.of("command.figures.not_by_two"))
    return found


def _burden(settings: Settings, from_ms: int | None, to_ms: int | None, zone: ZoneInfo) -> "BurdenFigures":
    from connectors.chat.burden_figures import burden
    from grid36.machine.home import Home

    first = None if from_ms is None else day_of(from_ms, zone)
    return burden(Home(settings.home).doors, first, None if to_ms is None else day_of(to_ms - 1, zone))


def _called(settings: Settings, from_ms: int | None, to_ms: int | None, zone: str, cause: Cause) -> "ReportIns":
    from connectors.ledger.queries.cases import Ledger
    from connectors.ledger.queries.response_figures import report_ins

    ledger, names = Ledger(settings.ledger_address), _names("department", settings)
    return report_ins(ledger, from_ms, to_ms, zone, cause=cause, names=names, language=Language(settings.lang))


def _names(by: str, settings: Settings) -> dict[str, Name]:
    region, rulebook, known = region_of(settings), rulebook_of(settings), kept(settings)
    named: dict[str, dict[str, Name]] = {
        "category": {c.id: c.name for c in rulebook.categories},
        "department": {o.code: o.name for o in region.organisations},
        "segment": {s.id: s.road for s in region.segments},
        "grid": {g.id: g.name for g in region.grids},
    }
    past = known.past_names if known is not None else {}
    return past.get(by, {}) | named.get(by, {})


def _ms(when: str | None, zone: ZoneInfo) -> int | None:
    if when is None:
        return None
    try:
        time = datetime.fromisoformat(when) if DAY_FORM.match(when) else None
    except ValueError:
        time = None
    if time is None:
        raise Misuse(Name.of("command.figures.not_a_time", when=when))
    if time.year not in YEARS:
        raise Misuse(Name.of("command.figures.year_out_of_range", when=when, first=YEARS[0], last=YEARS[-1]))
    return int((time if time.tzinfo else time.replace(tzinfo=zone)).timestamp() * 1000)


@command(help="command.balance.help")
@option("--deep", is_flag=True, help="command.balance.deep")
@as_json
@asynchronous
async def balance(deep: bool, as_json: bool) -> None:
    """Accepted = routed + refused + merged + waiting + parked + lost."""
    from grid36.system.balance import balance as count
    from grid36.system.balance import deep as prove

    settings = settings_of()
    servers, language = servers_of(settings), Language(settings.lang)
    answer = await count(settings, servers)
    if deep:
        answer |= await prove(settings, servers, Language.EN if as_json else language)
    say(answer, as_json, lambda result: show_balance(result, language))
    proved = not answer.get("differences") and not answer.get("unproved")
    raise click.exceptions.Exit(DONE if answer["balanced"] and proved else NO)
