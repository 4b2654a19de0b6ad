"""region new, region check."""

import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from grid36.cli.options import FILE, FOLDER, as_json, say, settings_of
from grid36.cli.terminal.help_texts import Group, option
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.commands import (
    Head,
    RegionPlan,
    RegionSeverity,
    check_region,
    plan_region,
    plan_tiles,
    week_of,
)
from grid36.files.region.files import first_of
from grid36.files.region.map_files import ReadingWishes
from schemas.datum import Datum
from schemas.names import Language, Name


@click.group(cls=Group, help="command.region.help")
def region() -> None:
    """Make and check regions."""


@region.command(help="command.region.new.help")
@click.argument("folder", type=click.Path(path_type=Path))
@option("--from", "source", type=FILE, help="command.region.new.from")
@option("--id", "id_property", help="command.region.new.id")
@option("--layer", help="command.region.new.layer")
@option("--crs", help="command.region.new.crs")
@option("--swap-axes/--keep-axes", "swap", default=None, help="command.region.new.swap_axes")
@option("--skip-empty", is_flag=True, help="command.region.new.skip_empty")
@option("--tile", help="command.region.new.tile")
@option("--cell", type=click.FloatRange(10, 100_000), help="command.region.new.cell")
@option("--zone", default="UTC", show_default=True, help="command.region.new.zone")
@option("--code", help="command.region.new.code")
@option("--gcj/--no-gcj", default=None, help="command.region.new.gcj")
@option("--positions", type=click.Choice([datum.value for datum in Datum]), help="command.region.new.positions")
def new(  # one per option, passed by name
    folder: Path,
    source: Path | None,
    id_property: str | None,
    layer: str | None,
    crs: str | None,
    swap: bool | None,
    skip_empty: bool,
    tile: str | None,
    cell: float | None,
    zone: str,
    code: str | None,
    gcj: bool | None,
    positions: str | None,
) -> None:
    """Make a usable region in FOLDER."""
    if (source is None) == (tile is None):
        raise Misuse(Name.of("command.region.new.no_source"))
    language = Language(settings_of().lang)
    if source is not None:
        plan = plan_region(source, id_property, zone, ReadingWishes(crs, swap, skip_empty=skip_empty, layer=layer))
    else:
        assert tile is not None, "checked above"
        plan = plan_tiles(_corners(tile), cell or 500.0, zone)
    switch = _gcj(plan, gcj, language)
    datum = Datum(positions) if positions else _untyped(switch, language)
    made = plan.write(folder, Head(code=code, zone=zone, gcj=switch, positions=datum))
    for line in first_of([note.say(language) for note in plan.notes], language):
        click.echo(line)
    done = Name.of("command.region.new.made", folder=folder, n=len(made.grids))
    click.echo(done.to(language))


def _gcj(plan: RegionPlan, said: bool | None, language: Language) -> bool:
    """The GCJ-02 switch: as given, else asked at a terminal, else by the region's position, with a message."""
    if said is not None or not plan.in_mainland:
        return bool(said)
    click.echo(Name.of("command.region.gcj.in_mainland_china").to(language))
    if sys.stdin.isatty():
        return click.confirm(Name.of("command.region.gcj.question").to(language), default=True)
    click.echo(Name.of("command.region.gcj.wrote").to(language))
    return True


def _untyped(gcj: bool, language: Language) -> Datum | None:
    """The datum of positions without one, if it matters: asked at a terminal, else that of phone maps."""
    if not gcj:
        return None
    if sys.stdin.isatty():
        known = click.Choice([datum.value for datum in Datum])
        return Datum(
            click.prompt(
                Name.of("command.region.positions.question").to(language), type=known, default=Datum.GCJ02.value
            )
        )
    click.echo(Name.of("command.region.positions.wrote").to(language))
    return Datum.GCJ02


def _corners(tile: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in tile.split(","))
    except ValueError:
        raise Misuse(Name.of("command.region.new.not_a_tile")) from None
    return west, south, east, north


@region.command(help="command.region.check.help")
@click.argument("folder", type=FOLDER)
@as_json
def check(folder: Path, as_json: bool) -> None:
    """Holes, overlaps, segments without owner, grids out of size, unknown people."""
    problems = check_region(folder)
    language = Language(settings_of().lang)
    rows = [{"severity": p.severity.value, "code": p.code, "where": p.where, "text": p.say(language)} for p in problems]
    errors = sum(p.severity is RegionSeverity.ERROR for p in problems)
    week = [] if errors else [line.to(language) for line in week_of(folder)]
    say({"problems": rows, "week": week}, as_json, _show)
    if not as_json:
        warnings = len(problems) - errors
        total = Name.of(
            "command.region.check.total",
            errors=Name.of("command.region.check.errors", n=errors),
            warnings=Name.of("command.region.check.warnings", n=warnings),
        )
        click.echo(total.to(language))
    raise click.exceptions.Exit(1 if errors else 0)


def _show(answer: dict[str, Any]) -> None:
    """Print the hours, then twenty problems of each severity; `--json` has all."""
    language = Language(settings_of().lang)
    for line in answer["week"]:
        click.echo(f"{Name.of('command.region.check.label.hours').to(language):<8} {line}")
    for severity, rows in groupby(answer["problems"], key=lambda row: str(row["severity"])):
        for line in first_of(
            [f"{Name.of(f'command.region.check.label.{severity}').to(language):<8} {row['text']}" for row in rows],
            language,
        ):
            click.echo(line)
