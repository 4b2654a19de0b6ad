"""stats and balance: the figures, and the proof that nothing is lost."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args
from zoneinfo import ZoneInfo

import click

from connectors.ledger.stats import By, Kind
from grid36.cli.failing import DONE, NO
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.phrases import phrase
from grid36.create import kept, region_of, rulebook_of
from grid36.settings import Settings
from schemas.names import Language, Name

if TYPE_CHECKING:
    from connectors.ledger.report_ins import ReportIns

Cause = Literal["whistle", "list", "any"]
PROBLEM, ALL, ON_THE_SPOT = "problem", "all", "self_handled"
KIND_NAMES = {
    "problem": "problems 问题",
    "question": "questions 咨询",
    "suggestion": "suggestions 建议",
    "complaint": "complaints 投诉举报",
    "service_request": "service requests 求助",
    "proposal": "proposals 清单调整",
    "self_handled": "fixed on the spot 自行处置",
    "without_place": "past cases without a place 无地点的历史案件",
}
YEARS = range(1900, 2201)
COLUMNS = (
    "opened",
    "closed",
    "on_time",
    "late",
    "open_late",
    "rework",
    "above_one_hop",
    "merged",
    "refused",
    "mean_s",
    "p50_s",
    "p90_s",
    "response_rate",
    "resolution_rate",
    "satisfaction_rate",
)
BY_DAY = ("by_day", "mean_days", "p50_days", "p90_days")
"""Shown where a source gave days without an hour."""
INSPECTED = ("sampled", "inspected", "passed", "failed")
"""Shown where something was fixed on the spot: only there do they mean anything."""
SCORED = ("cooperation", "professionalism", "responsibility")
CALLED = ("called", "due", "on_time", "rate", *SCORED, "not_rated")
KEPT = ("due", "done", "late", "not_done", "open")
HEADS = {
    "above_one_hop": "hops>1",
    "response_rate": "response",
    "resolution_rate": "solved",
    "satisfaction_rate": "satisfied",
}
"""What does not fit over a column, shorter."""


@click.command()
@click.option("--by", type=click.Choice(get_args(By)), default="category", show_default=True)
@click.option("--from", "begin", help="Cases submitted from this time on, e.g. 2026-11-01 (the region's zone).")
@click.option("--to", "end", help="... and before this time.")
@click.option(
    "--kind", type=click.Choice([*get_args(Kind), ALL]),
    help="Of this kind only. Default: each kind in lines of its own; with --json problems.",
)  # fmt: skip
@click.option("--report-ins", is_flag=True, help="Instead: how the departments that were called reported in 报到.")
@click.option(
    "--called-by", type=click.Choice(["whistle", "list", "any"]), default="whistle", show_default=True,
    help="With --report-ins.",
)  # fmt: skip
@click.option("--duties", is_flag=True, help="Instead: which duties 值守 were done, by person and grid.")
@as_json
def stats(
    by: By,
    begin: str | None,
    end: str | None,
    kind: str | None,
    report_ins: bool,
    called_by: Cause,
    duties: bool,
    as_json: bool,
) -> None:
    """How many, how fast, how much on time: by department, category, segment, grid, month or rung raised to.

    \b
    grid36 stats --by department
    grid36 stats --by month --from 2026-01-01 --to 2027-01-01 --json
    grid36 stats --report-ins --from 2026-11-01
    grid36 stats --duties --from 2026-11-01

    --report-ins: attended in time ÷ due to attend, of calls made in the period, and the street's ratings.
    Problems come first; questions, proposals and what was fixed on the spot are never counted in a line of theirs. With
    --json, rows are problems unless --kind says otherwise; --kind all gives every kind, each row with its `kind`.
    sampled: of what was fixed on the spot 自行处置, those for an inspector 抽查; inspected = passed + failed.
    --by raised: the rung of the ladder that cases were raised to 上报.
    hops>1: cases that changed hands more than once. response: reached in time ÷ accepted; solved: by their reporter's
    word ÷ cases with such a word; satisfied: of those rated.
    Time to resolution = last resolved − submitted, rework included; percentiles interpolate linearly between ranks.
    by_day: past cases of which the source gives days without an hour; their times are apart, in whole days.
    """
    from connectors.ledger.read import Ledger

    settings = settings_of()
    zone_name = region_of(settings).zone
    from_ms, to_ms = (_ms(when, ZoneInfo(zone_name)) for when in (begin, end))
    if report_ins:
        say(_called(settings, from_ms, to_ms, zone_name, called_by), as_json, _show_report_ins)
        return
    if duties:
        from connectors.ledger.duties import duties as kept

        say(dict(kept(Ledger(settings.ledger_file), from_ms, to_ms, zone_name)), as_json, _show_duties)
        return
    names, language = _names(by, settings), Language(settings.lang)
    ledger = Ledger(settings.ledger_file)
    chosen = kind or (PROBLEM if as_json else ALL)
    only = None if chosen == ALL else chosen
    answer = ledger.stats(by, from_ms, to_ms, zone_name, kind=only, names=names, language=language)
    say(answer, as_json, _show_stats)


def _called(settings: Settings, from_ms: int | None, to_ms: int | None, zone: str, cause: Cause) -> "ReportIns":
    from connectors.ledger.read import Ledger
    from connectors.ledger.report_ins import report_ins

    ledger, names = Ledger(settings.ledger_file), _names("department", settings)
    return report_ins(ledger, from_ms, to_ms, zone, cause=cause, names=names, language=Language(settings.lang))


def _names(by: By, settings: Settings) -> dict[str, Name]:
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
        told = datetime.fromisoformat(when)
    except ValueError:
        raise click.UsageError(f"{when!r} is no time. Write it like 2026-11-01 or 2026-11-01T08:00+08:00.") from None
    if told.year not in YEARS:
        raise click.UsageError(f"{when!r} is not between the years {YEARS[0]} and {YEARS[-1]}.")
    return int((told if told.tzinfo else told.replace(tzinfo=zone)).timestamp() * 1000)


def _show_stats(answer: dict[str, Any]) -> None:
    """Numbers first, so that they stand in columns however wide a name is."""
    apart = any(row["kind"] == ON_THE_SPOT for row in answer["rows"])
    shown = COLUMNS + (INSPECTED if apart else ()) + (BY_DAY if any(row["by_day"] for row in answer["rows"]) else ())
    click.echo("".join(f"{HEADS.get(column, column):>10}" for column in shown) + "  name")
    kind = PROBLEM
    for row in answer["rows"]:
        if row["kind"] != kind:
            kind = row["kind"]
            click.echo(f"{KIND_NAMES.get(kind, kind)}:")
        told = row if kind == ON_THE_SPOT else row | dict.fromkeys(INSPECTED)
        click.echo("".join(f"{_figure(column, told[column]):>10}" for column in shown) + f"  {row['name']}")


def _show_report_ins(answer: dict[str, Any]) -> None:
    """One line for each department, and one for all of them."""
    click.echo("".join(f"{column:>17}" for column in CALLED) + "  name")
    for row in [*answer["rows"], answer["total"] | {"name": "all 合计"}]:
        click.echo("".join(f"{_figure(column, row[column]):>17}" for column in CALLED) + f"  {row['name']}")


def _show_duties(answer: dict[str, Any]) -> None:
    """One line for each person and grid."""
    click.echo("".join(f"{column:>10}" for column in KEPT) + "  person")
    for row in answer["rows"]:
        click.echo("".join(f"{row[column]:>10}" for column in KEPT) + f"  {row['person']}  {row['grid']}")


def _figure(column: str, figure: float | None) -> str:
    if figure is None:
        return "-"
    if column in SCORED or column.endswith("_days"):
        return f"{figure:.1f}"
    if column == "rate":
        return f"{figure:.0%}"
    return f"{figure:.0%}" if column.endswith("_rate") else f"{figure:.0f}"


@click.command()
@click.option("--deep", is_flag=True, help="Fold the whole log and compare every store with it.")
@as_json
@asynchronous
async def balance(deep: bool, as_json: bool) -> None:
    """Accepted = routed + refused + merged + waiting + parked + lost: every report accounted for, by number.

    Lost are reports that went with records deleted before they were applied, once `grid36 lost --accept` said so.

    \b
    grid36 balance
    grid36 balance --deep --json

    Exit code 1 when it is not so, also while something is still in flight.
    """
    from grid36.balance import balance as count
    from grid36.balance import deep as prove

    settings = settings_of()
    servers = servers_of(settings)
    answer = await count(settings, servers)
    if deep:
        answer |= await prove(settings, servers)
    say(answer, as_json, lambda told: _show_balance(told, Language(settings.lang)))
    proved = not answer.get("differences") and not answer.get("unproved")
    raise click.exceptions.Exit(DONE if answer["balanced"] and proved else NO)


def _show_balance(answer: dict[str, Any], language: Language) -> None:
    for name, value in answer.items():
        if not isinstance(value, list):
            click.echo(f"{name:<16} {value}")
    if answer["deleted"]:
        click.secho(f"! {phrase('lost_some', language)}", fg="red")
    for difference in answer.get("differences", []):
        click.secho(f"! {difference}", fg="red")
    for gap in answer.get("unproved", []):
        click.secho(f"! {phrase('unproved', language, **gap)}", fg="red")
