"""The figures of `stats` and `balance` as lines for people, each table in one language."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from connectors.ledger.queries.stats import KINDS
from grid36.cli.terminal.phrases import label, padded, phrase
from schemas.names import Language, Name

PROBLEM, ON_THE_SPOT = KINDS[0], "self_handled"
KIND_NAMES: Final[Mapping[str, Name]] = {
    "problem": Name(zh="问题", en="problems"),
    "question": Name(zh="咨询", en="questions"),
    "suggestion": Name(zh="建议", en="suggestions"),
    "complaint": Name(zh="投诉举报", en="complaints"),
    "service_request": Name(zh="求助", en="service requests"),
    "proposal": Name(zh="清单调整", en="proposals"),
    "self_handled": Name(zh="自行处置", en="fixed on the spot"),
    "without_place": Name(zh="无地点的历史案件", en="past cases without a place"),
}
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
"""Shown where a source gave days without an hour."""
INSPECTED: Final = ("sampled", "inspected", "passed", "failed")
"""Shown where something was fixed on the spot: only there do they mean anything."""
SCORED: Final = ("cooperation", "professionalism", "responsibility")
CALLED: Final = ("called", "due", "on_time", "rate", *SCORED, "not_rated")
KEPT: Final = ("due", "done", "late", "not_done", "open")
HEADS: Final[Mapping[str, Name]] = {
    "opened": Name(zh="立案", en="opened"),
    "closed": Name(zh="结案", en="closed"),
    "on_time": Name(zh="按期", en="on_time"),
    "late": Name(zh="超期", en="late"),
    "open_late": Name(zh="在办超期", en="open_late"),
    "rework": Name(zh="返工", en="rework"),
    "above_one_hop": Name(zh="多次转派", en="hops>1"),
    "merged": Name(zh="并案", en="merged"),
    "refused": Name(zh="不受理", en="refused"),
    "mean_s": Name(zh="平均秒", en="mean_s"),
    "p50_s": Name(zh="中位秒", en="p50_s"),
    "p90_s": Name(zh="九成秒", en="p90_s"),
    "response_rate": Name(zh="响应率", en="response"),
    "resolution_rate": Name(zh="解决率", en="solved"),
    "satisfaction_rate": Name(zh="满意率", en="satisfied"),
    "by_day": Name(zh="按天", en="by_day"),
    "mean_days": Name(zh="平均天", en="mean_days"),
    "p50_days": Name(zh="中位天", en="p50_days"),
    "p90_days": Name(zh="九成天", en="p90_days"),
    "sampled": Name(zh="抽查", en="sampled"),
    "inspected": Name(zh="已查", en="inspected"),
    "passed": Name(zh="合格", en="passed"),
    "failed": Name(zh="不合格", en="failed"),
    "called": Name(zh="吹哨", en="called"),
    "due": Name(zh="应完成", en="due"),
    "rate": Name(zh="按期率", en="rate"),
    "cooperation": Name(zh="配合度", en="cooperation"),
    "professionalism": Name(zh="专业性", en="professionalism"),
    "responsibility": Name(zh="责任心", en="responsibility"),
    "not_rated": Name(zh="未评", en="not_rated"),
    "done": Name(zh="完成", en="done"),
    "not_done": Name(zh="未完成", en="not_done"),
    "open": Name(zh="进行中", en="open"),
}
BALANCE: Final[Mapping[str, Name]] = {
    "accepted": Name(zh="受理", en="accepted"),
    "routed": Name(zh="已派遣", en="routed"),
    "refused": Name(zh="不予受理", en="refused"),
    "merged": Name(zh="已并案", en="merged"),
    "waiting": Name(zh="待定", en="waiting"),
    "parked": Name(zh="搁置", en="parked"),
    "lost": Name(zh="丢失", en="lost"),
    "in_flight": Name(zh="处理中", en="in flight"),
    "parked_actions": Name(zh="搁置的操作", en="parked acts"),
    "refused_actions": Name(zh="未接受的操作", en="refused acts"),
    "mode": Name(zh="系统类型", en="mode"),
    "balanced": Name(zh="是否平账", en="balanced"),
    "events": Name(zh="核对的事件", en="events compared"),
}
VALUES: Final[Mapping[object, Name]] = {
    True: Name(zh="是", en="yes"),
    False: Name(zh="否", en="no"),
    "live": Name(zh="实时", en="live"),
    "history": Name(zh="历史", en="history"),
}
_WIDE: Final = 17
_NARROW: Final = 10


def show_stats(answer: dict[str, Any], language: Language) -> None:
    """Numbers first, so that they stay in columns however wide a name is."""
    apart = any(row["kind"] == ON_THE_SPOT for row in answer["rows"])
    shown = COLUMNS + (INSPECTED if apart else ()) + (BY_DAY if any(row["by_day"] for row in answer["rows"]) else ())
    _head(shown, _NARROW, "name", language)
    kind = PROBLEM
    for row in answer["rows"]:
        if row["kind"] != kind:
            kind = row["kind"]
            name = KIND_NAMES.get(kind, Name.same(kind)).to(language)
            click.echo(f"{name}：" if language is Language.ZH else f"{name}:")
        told = row if kind == ON_THE_SPOT else row | dict.fromkeys(INSPECTED)
        click.echo("".join(f"{_figure(column, told[column]):>{_NARROW}}" for column in shown) + f"  {row['name']}")


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


def show_balance(answer: dict[str, Any], language: Language) -> None:
    """Every number by its name, then what is wrong."""
    for name, value in answer.items():
        if not isinstance(value, list):
            shown = VALUES[value].to(language) if isinstance(value, bool | str) and value in VALUES else value
            click.echo(f"{padded(BALANCE.get(name, Name.same(name)).to(language), 18)}{shown}")
    if answer["deleted"]:
        click.secho(f"! {phrase('lost_some', language)}", fg="red")
    for difference in answer.get("differences", []):
        click.secho(f"! {difference}", fg="red")
    for gap in answer.get("unproved", []):
        click.secho(f"! {phrase('unproved', language, **gap)}", fg="red")


def _head(columns: Sequence[str], width: int, last: str, language: Language) -> None:
    heads = (padded(HEADS[column].to(language), width, right=True) for column in columns)
    click.echo(f"{''.join(heads)}  {label(last, language)}")


def _figure(column: str, figure: float | None) -> str:
    if figure is None:
        return "-"
    if column in SCORED or column.endswith("_days"):
        return f"{figure:.1f}"
    return f"{figure:.0%}" if column == "rate" or column.endswith("_rate") else f"{figure:.0f}"
