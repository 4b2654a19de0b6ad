"""Prints the figures of `stats` and `balance` for people, in one language."""

from collections.abc import Sequence
from typing import Any, Final

import click

from connectors.ledger.queries.stats import KINDS
from grid36.cli.terminal.phrases import label, padded, phrase
from schemas.names import Language
from texts.catalogue import catalogue

PROBLEM, ON_THE_SPOT = KINDS[0], "self_handled"
COLUMNS: Final = (
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
BY_DAY: Final = ("by_day", "mean_days", "p50_days", "p90_days")
"""Shown only if a source gave days without an hour."""
INSPECTED: Final = ("sampled", "inspected", "passed", "failed")
"""Shown only if cases were fixed on the spot."""
SCORED: Final = ("cooperation", "professionalism", "responsibility")
CALLED: Final = ("called", "due", "on_time", "rate", *SCORED, "not_rated")
KEPT: Final = ("due", "done", "late", "not_done", "open")
BURDEN: Final = (
    "unasked", "night", "a_day", "most", "job", "request", "verify", "refusal", "notice", "news", "digest", "digested",
    "dropped", "answer",
)  # fmt: skip
_WIDE: Final = 17
_NARROW: Final = 10


def show_stats(answer: dict[str, Any], language: Language) -> None:
    """Numbers first, so that they stay aligned whatever the width of names."""
    apart = any(row["kind"] == ON_THE_SPOT for row in answer["rows"])
    shown = COLUMNS + (INSPECTED if apart else ()) + (BY_DAY if any(row["by_day"] for row in answer["rows"]) else ())
    _head(shown, _NARROW, "name", language)
    kind = PROBLEM
    for row in answer["rows"]:
        if row["kind"] != kind:
            kind = row["kind"]
            name = figure_name("figures.kind.", kind, language)
            click.echo(f"{name}：" if language is Language.ZH else f"{name}:")
        figures = row if kind == ON_THE_SPOT else row | dict.fromkeys(INSPECTED)
        click.echo("".join(f"{_figure(column, figures[column]):>{_NARROW}}" for column in shown) + f"  {row['name']}")


def show_report_ins(answer: dict[str, Any], language: Language) -> None:
    """One line for each department, and one for all of them."""
    _head(CALLED, _WIDE, "name", language)
    for row in [*answer["rows"], answer["total"] | {"name": label("all", language)}]:
        click.echo("".join(f"{_figure(column, row[column]):>{_WIDE}}" for column in CALLED) + f"  {row['name']}")


def show_duties(answer: dict[str, Any], language: Language) -> None:
    """One line for each person and grid."""
    _head(KEPT, _NARROW, "person", language)
    for row in answer["rows"]:
        click.echo("".join(f"{row[column]:>{_NARROW}}" for column in KEPT) + f"  {row['person']}  {row['grid']}")


def show_burden(answer: dict[str, Any], language: Language) -> None:
    """One line for each person, one for all who work here, and one for everybody else."""
    _head(BURDEN, _NARROW, "person", language)
    people = [row for row in answer["rows"] if row["person"]]
    others = [row | {"person": label("others", language)} for row in answer["rows"] if not row["person"]]
    for row in [*people, answer["total"] | {"person": label("all", language)}, *others]:
        shown = (row[column] if column != "a_day" else _a_day(row[column]) for column in BURDEN)
        click.echo("".join(f"{figure:>{_NARROW}}" for figure in shown) + f"  {row['person']}")


def _a_day(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.1f}"


def show_balance(answer: dict[str, Any], language: Language) -> None:
    """Every number with its name, then the differences."""
    for name, value in answer.items():
        if not isinstance(value, list):
            word = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            shown = figure_name("figures.value.", word, language) if isinstance(word, str) else word
            click.echo(f"{padded(figure_name('figures.balance.', name, language), 18)}{shown}")
    if answer["deleted"]:
        click.secho(f"! {phrase('lost_some', language)}", fg="red")
    for difference in answer.get("differences", []):
        click.secho(f"! {difference}", fg="red")
    for gap in answer.get("unproved", []):
        click.secho(f"! {phrase('unproved', language, **gap)}", fg="red")


def _head(columns: Sequence[str], width: int, last: str, language: Language) -> None:
    heads = (padded(figure_name("figures.column.", column, language), width, right=True) for column in columns)
    click.echo(f"{''.join(heads)}  {label(last, language)}")


def figure_name(group: str, value: str, language: Language) -> str:
    """What a kind, a column, a number or a value is called; itself where it has no name."""
    return catalogue("command", language).get(group + value, value)


def _figure(column: str, figure: float | None) -> str:
    if figure is None:
        return "-"
    if column in SCORED or column.endswith("_days"):
        return f"{figure:.1f}"
    return f"{figure:.0%}" if column == "rate" or column.endswith("_rate") else f"{figure:.0f}"
