"""The tables of the page of statistics, read from the ledger on this machine: by month, and around a version."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import click

from connectors.cases.translations import Translations
from connectors.clock import now_ms
from connectors.intake.refusal import Refused, bad
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.statistics.grouping import Dimension, Grouping
from connectors.ledger.queries.stats import KINDS
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.definitions import stated
from connectors.pages.statistics.groupings import communities
from connectors.pages.statistics.looking import tabled
from connectors.pages.statistics.programs.json_table import json_table
from connectors.pages.statistics.programs.parquet import need_parquet, write_parquet
from connectors.pages.statistics.programs.tidy import TidyTable, tidy, tidy_around
from connectors.pages.statistics.versions.around import AroundFound, with_sides
from connectors.pages.statistics.versions.effective import in_effect, version_of
from grid36.cli.options import say, servers_of
from grid36.cli.terminal.misuse import Misuse, misuse_of
from grid36.cli.terminal.months_table import by_month, show_by_month
from grid36.cli.terminal.versions_table import show_around
from grid36.files.whole_file import whole_file
from grid36.lists.versions import HeardVersions
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.days import day_of
from schemas.names import Language, Name
from streams.rulebooks.topic import read_rulebooks
from texts.catalogue import say as said

NEWEST: Final = "newest"


class StatisticsOrder(NamedTuple):
    """What the command was asked for, as the address of the page has it; None where that is as usual."""

    by: Dimension
    kind: str
    metric: str | None
    begin: str | None
    end: str | None
    version: str | None
    """Its moment or `newest`; None: by month."""
    days: int | None
    """How many on each side of it."""


class StatisticsForm(NamedTuple):
    """How the answer is given: into a file as Parquet, as JSON, else for people."""

    as_json: bool
    parquet: Path | None


class LocalAnswer(NamedTuple):
    """A table, of which one of three forms is made."""

    table: TidyTable
    programs: Callable[[], dict[str, Any]]
    people: Callable[[], None]


def tell(order: StatisticsOrder, form: StatisticsForm, settings: Settings, names: Mapping[str, Name]) -> None:
    """Answer it; `names` are those of the groups. Raises `Misuse` in the words of the page."""
    region, words, t_ms = region_of(settings), Translations(Language(settings.lang)), now_ms()
    zone = ZoneInfo(region.zone)
    grouping = communities(region) if order.by == "community" else Grouping(order.by, names)
    try:
        if form.parquet is not None:
            need_parquet()
        asked = _asked(order, t_ms, zone)
        answer = (_months if order.version is None else _around)(settings, asked, grouping, words, t_ms, zone)
    except Refused as refusal:
        raise misuse_of(refusal) from None
    if form.parquet is not None:
        with whole_file(form.parquet) as new, new.open("wb") as file:
            write_parquet(file, answer.table, dict(stated(words, asked, answer.table.metrics)))
        wrote = said(words.language, "command.figures.wrote", file=form.parquet)
        say({"file": str(form.parquet)}, form.as_json, lambda _: click.echo(wrote))
    elif form.as_json:
        say(answer.programs(), True, click.echo)
    else:
        answer.people()


def _months(
    settings: Settings, asked: StatisticsAsked, grouping: Grouping, words: Translations, t_ms: int, zone: ZoneInfo
) -> LocalAnswer:
    found = tabled(Ledger(settings.ledger_address), asked, grouping, t_ms, zone)
    told = by_month(found, words.language, zone.key)
    return LocalAnswer(tidy(words, found), lambda: told, lambda: show_by_month(told, words.language))


def _around(
    settings: Settings, asked: StatisticsAsked, grouping: Grouping, words: Translations, t_ms: int, zone: ZoneInfo
) -> LocalAnswer:
    """The versions are those of the log. Raises `Refused`, `ServiceAway`."""
    heard = HeardVersions()
    heard.hear(asyncio.run(read_rulebooks(servers_of(settings), prefix=settings.topic_prefix)))
    versions = in_effect(heard.versions(t_ms), zone)
    found = AroundFound(asked, grouping, versions, version_of(asked.version, versions) if versions else None)
    found = with_sides(Ledger(settings.ledger_address), found, t_ms, zone)
    if found.before is None or found.since is None:
        raise bad("no_version_days")
    sides = found.before, found.since
    table = tidy_around(words, found, *sides)
    return LocalAnswer(
        table,
        lambda: json_table(words, asked, zone.key, table),
        lambda: show_around(words, zone, found, *sides),
    )


def _asked(order: StatisticsOrder, t_ms: int, zone: ZoneInfo) -> StatisticsAsked:
    if order.kind not in KINDS:
        raise Misuse(Name.of("command.figures.one_kind"))
    given = {
        "by": order.by, "view": "months" if order.version is None else "version", "metric": order.metric,
        "kind": order.kind, "from": order.begin, "to": order.end, "version": _moment(order.version, zone),
        "days": None if order.days is None else str(order.days),
    }  # fmt: skip
    return StatisticsAsked.of({name: text for name, text in given.items() if text}, day_of(t_ms, zone))


def _moment(given: str | None, zone: ZoneInfo) -> str | None:
    """The version as the address of the page names it, also of a moment with an offset; None: the newest."""
    if given is None or given == NEWEST:
        return None
    try:
        moment = datetime.fromisoformat(given)
        here = moment.astimezone(zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return given
    return here.replace(tzinfo=None).isoformat(timespec="seconds")
