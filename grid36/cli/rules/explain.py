"""rules explain."""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from pydantic import ValidationError

from connectors.clock import now_ms
from grid36.cli.options import as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.cli.terminal.days import MOMENT
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.load import load_region
from grid36.files.rulebook import RulebookReading, load_rulebook, read_rulebook
from grid36.review.explain import Explained, decided_ms, explain_events, explain_report
from grid36.review.explain_json import as_answer
from grid36.review.explain_text import as_lines
from grid36.review.source_positions import Where
from grid36.settings import Settings
from grid36.system.create import region_of, rulebook_of
from grid36.system.in_force import active
from grid36.system.region_files import region_folder
from rules.book.compiled_rulebook import book_of
from schemas.codec import faults
from schemas.content import content_address
from schemas.datum import Datum
from schemas.names import Language, Name
from schemas.people import Role
from schemas.place import Coordinates, PlaceGiven
from schemas.region import Region
from schemas.report import Report, Reporter, ReportKind
from schemas.rulebook import Rulebook

ACTIVE = "active"


class UndecidedCase(No):
    """There is no case with this number, or it was not decided yet. See it: grid36 case NUMBER"""


@command(help="command.rules.explain.help")
@click.argument("case", required=False)
@option("--text", default="", help="command.rules.explain.text")
@option("--category", help="command.rules.explain.category")
@option("--address", help="command.rules.explain.address")
@option("--lat", type=float, help="command.rules.explain.lat")
@option("--lon", type=float, help="command.rules.explain.lon")
@option("--datum", type=click.Choice([d.value for d in Datum]), default="wgs84", show_default=True)
@option("--code", help="command.rules.explain.code")
@option("--kind", type=click.Choice([k.value for k in ReportKind]), default="problem", show_default=True)
@option("--by-kind", type=click.Choice([r.value for r in Role]), default="resident", show_default=True)
@option("--urgent", is_flag=True, help="command.rules.explain.urgent")
@option("--attribute", "attributes", multiple=True, metavar="ID=VALUE", help="command.rules.explain.attribute")
@option("--pushed-by", help="command.rules.explain.pushed_by")
@option("--item", help="command.rules.explain.item")
@option("--at", type=MOMENT, help="command.rules.explain.at")
@option("--rulebook", metavar="PATH", help="command.rules.explain.rulebook")
@region_option
@as_json
@asynchronous
async def explain(
    case: str | None, region: Path | None, rulebook: str | None, at: datetime | None, as_json: bool, **given: Any
) -> None:
    """Why CASE went where it went; or without a CASE, what would become of a report."""
    settings = settings_of(region=region)
    files, reading = _path(rulebook) or region, None
    if case is not None:
        explained, zone = await _of_case(case, settings)
    else:
        there, book, reading = await _rules(settings, region, files, in_force=rulebook == ACTIVE)
        zone = there.zone
        t_ms = now_ms() if at is None else int(at.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
        explained = explain_report(_report(given, book, t_ms), book_of(there, book), t_ms)
    language = Language(settings.lang)
    where = _where(reading or read_rulebook(files or region_folder(settings)), explained.version)
    say(
        as_answer(explained, where),
        as_json,
        lambda _: click.echo("\n".join(as_lines(explained, language, zone, where))),
    )


def _path(rulebook: str | None) -> Path | None:
    if rulebook is None or rulebook == ACTIVE:
        return None
    if not Path(rulebook).exists():
        raise Misuse(Name.of("command.rules.no_such_rulebook", rulebook=rulebook))
    return Path(rulebook)


async def _rules(
    settings: Settings, region: Path | None, files: Path | None, *, in_force: bool
) -> tuple[Region, Rulebook, RulebookReading | None]:
    """The rulebook for an invented report: a draft, the one in force, or the last one known in this home."""
    if in_force:
        there, book = await active(settings, servers_of(settings), now_ms())
        return (there if region is None else load_region(region)), book, None
    there = region_of(settings) if region is None else load_region(region)
    if files is None:
        return there, rulebook_of(settings), None
    reading = read_rulebook(files)
    return there, reading.rulebook or load_rulebook(files), reading  # the second attempt reports what is wrong


def _where(reading: RulebookReading, version: str | None) -> Where | None:
    """The files of this version of the rulebook; None when their content differs."""
    same = reading.rulebook is not None and content_address(reading.rulebook) == version
    return Where(reading) if same else None


def _report(given: dict[str, Any], book: Rulebook, t_ms: int) -> Report:
    """The report to explain. Options that no report can have are wrong use."""
    lat, lon, category = given["lat"], given["lon"], given["category"]
    if (lat is None) != (lon is None):
        raise Misuse(Name.of("command.rules.explain.lat_without_lon"))
    if given["item"] and not given["pushed_by"]:
        raise Misuse(Name.of("command.rules.explain.item_without_pushed_by"))
    if category is not None:
        _one_of(
            Name.of("command.rules.explain.unknown.category"),
            category,
            [*(each.id for each in book.categories), *(each.id for each in book.subcategories)],
        )
    attributes = dict(pair.partition("=")[::2] for pair in given["attributes"])
    for name, value in attributes.items():
        known = {each.id: [one.id for one in each.values] for each in book.attributes}
        _one_of(Name.of("command.rules.explain.unknown.attribute"), name, known)
        _one_of(Name.of("command.rules.explain.unknown.value", name=name), value, known[name])
    try:
        return _valid(given, attributes, t_ms)
    except ValidationError as error:
        raise Misuse(Name.of("command.rules.explain.impossible_report", error=faults(error, 5))) from None


def _one_of(what: Name, named: str, known: Iterable[str]) -> None:
    """An unknown value is an error here, although a sent report would just lose it."""
    listed = list(known)
    if named not in listed:
        near = get_close_matches(named, listed, 3) or listed[:20]
        raise Misuse(Name.of("command.rules.explain.unknown.here", what=what, named=named, near=", ".join(near)))


def _valid(given: dict[str, Any], attributes: dict[str, str], t_ms: int) -> Report:
    lat, lon = given["lat"], given["lon"]
    content = {
        "id": "rehearsed",
        "kind": given["kind"],
        "text": given["text"],
        "category": given["category"],
        "urgent": given["urgent"],
        "attributes": attributes,
        "place": PlaceGiven(
            coordinates=None if lat is None else Coordinates(lon=lon, lat=lat, datum=Datum(given["datum"])),
            address=given["address"],
            code=given["code"],
        ),
        "reporter": Reporter(id="somebody", kind=Role(given["by_kind"])),
        "door": "cli",
        "received_ms": t_ms,
        "pushed_by": given["pushed_by"],
        "item": given["item"],
    }
    return Report.model_validate({name: value for name, value in content.items() if value is not None})


async def _of_case(number: str, settings: Settings) -> tuple[Explained, str]:
    """The decision from its events, with the rulebook of its version from `rulebooks`."""
    from connectors.ledger.queries.cases import Ledger
    from streams.rulebooks.topic import digests_at, read_rulebooks, region_in, rulebook_in

    ledger = Ledger(settings.ledger_address)
    timeline = ledger.timeline(number)
    if not timeline and (found := ledger.case_of_report(number)) is not None:
        timeline = ledger.timeline(found.number)
    t_ms = decided_ms(timeline)
    if t_ms is None:
        raise UndecidedCase(case=number)
    records = await read_rulebooks(servers_of(settings), prefix=settings.topic_prefix)
    digests = digests_at(records, t_ms)
    region = region_in(records, digests[0]) if digests else None
    explained = explain_events(timeline, lambda version: rulebook_in(records, version), region)
    if explained is None or region is None:
        raise UndecidedCase(case=number)
    return explained, region.zone
