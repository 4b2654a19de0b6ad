"""rules explain."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.failing import No
from grid36.cli.options import as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.create import region_of, rulebook_of
from grid36.regions import load_region
from grid36.rulebook_explain import (
    Explained,
    as_answer,
    as_lines,
    book_of,
    explain_events,
    explain_report,
    now_ms,
    version_of,
)
from grid36.rulebook_files import load_rulebook
from grid36.settings import Settings
from schemas.datum import Datum
from schemas.names import Language
from schemas.people import Role
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Report, Reporter, ReportKind


class UnknownCase(No):
    """There is no case of this number (yet) 没有此案件, or it was not decided yet. See it: grid36 case NUMBER"""


@click.command()
@click.argument("case", required=False)
@click.option("--text", default="", help="What somebody would report.")
@click.option("--category", help="Category id; without it the words decide.")
@click.option("--address", help="Where, as people say it.")
@click.option("--lat", type=float, help="Latitude, with --lon.")
@click.option("--lon", type=float, help="Longitude, with --lat.")
@click.option("--datum", type=click.Choice([d.value for d in Datum]), default="wgs84", show_default=True)
@click.option("--code", help="Code of a grid, segment, unit or pole.")
@click.option("--kind", type=click.Choice([k.value for k in ReportKind]), default="problem", show_default=True)
@click.option("--by-kind", type=click.Choice([r.value for r in Role]), default="resident", show_default=True)
@click.option("--attribute", "attributes", multiple=True, metavar="ID=VALUE", help="A free attribute.")
@click.option("--pushed-by", help="The department that pushes it down.")
@click.option("--item", help="With --pushed-by: the list item it cites.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="When, in the region's zone.")
@click.option("--rulebook", type=click.Path(path_type=Path, exists=True), help="Another rulebook than the region's.")
@region_option
@as_json
@asynchronous
async def explain(
    case: str | None, region: Path | None, rulebook: Path | None, at: datetime | None, as_json: bool, **given: Any
) -> None:
    """Why CASE went where it went; or without a CASE, where a report would go: the row, its facts, the rows that lost.

    \b
    grid36 rules explain 350203006-G001-2611-00001
    grid36 rules explain --text "路面油污" --address "湖滨南路12号"
    grid36 rules explain --category tree --code G003 --at 2026-11-20T23:00 --json
    """
    settings = settings_of(region=region)
    if case is not None:
        explained, zone = await _of_case(case, settings)
    else:
        there = region_of(settings) if region is None else load_region(region)
        zone = there.zone
        t_ms = now_ms() if at is None else int(at.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
        path = rulebook or region
        book = rulebook_of(settings) if path is None else load_rulebook(path)
        explained = explain_report(_report(given, t_ms), book_of(there, book), t_ms)
    language = Language(settings.lang)
    say(as_answer(explained), as_json, lambda _: click.echo("\n".join(as_lines(explained, language, zone))))


def _report(given: dict[str, Any], t_ms: int) -> Report:
    """The report that somebody could send."""
    lat, lon = given["lat"], given["lon"]
    if (lat is None) != (lon is None):
        raise click.UsageError("--lat and --lon belong together.")
    attributes = dict(pair.partition("=")[::2] for pair in given["attributes"])
    content = {
        "id": "rehearsed",
        "kind": given["kind"],
        "text": given["text"],
        "category": given["category"],
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
    """The decision that its events tell, with the rulebook of its version as `rulebooks` keeps it."""
    from connectors.ledger.read import Ledger
    from streams.rulebooks import read_rulebooks, region_in, rulebook_in, system_in

    ledger = Ledger(settings.ledger_file)
    timeline = ledger.timeline(number)
    if not timeline and (found := ledger.case_of_report(number)) is not None:
        timeline = ledger.timeline(found.number)
    records = await read_rulebooks(servers_of(settings), prefix=settings.topic_prefix)
    version, system = version_of(timeline), system_in(records)
    region = region_in(records, system.region) if system else None
    explained = explain_events(timeline, rulebook_in(records, version) if version else None)
    if explained is None or region is None:
        raise UnknownCase(case=number)
    return explained, region.zone
