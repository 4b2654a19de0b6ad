"""region new, region check."""

from pathlib import Path
from typing import Any

import click

from grid36.cli.options import FILE, FOLDER, as_json, say, settings_of
from grid36.regions import Head, Severity, check_region, new_region, tile_region
from schemas.names import Language


@click.group()
def region() -> None:
    """Make and check regions: grids, road segments, people, rulebook."""


@region.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "geojson", type=FILE, help="Polygons.")
@click.option("--id", "id_property", help="Property that names each grid; without it they are numbered in file order.")
@click.option("--tile", help="Instead of --from: W,S,E,N in degrees.")
@click.option("--cell", type=click.FloatRange(10, 100_000), help="With --tile: size of a cell in metres.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone, e.g. Asia/Shanghai.")
@click.option("--code", help="Code of the region, the first part of its case numbers.")
def new(  # one per option, passed by name
    folder: Path,
    geojson: Path | None,
    id_property: str | None,
    tile: str | None,
    cell: float | None,
    zone: str,
    code: str | None,
) -> None:
    """Make a usable region in FOLDER: grids, one fallback owner, the generic rulebook. Then edit its files."""
    head = Head(code=code, zone=zone)
    if (geojson is None) == (tile is None):
        raise click.UsageError("Give either --from FILE.geojson, or --tile W,S,E,N with --cell METRES.")
    if geojson is not None:
        made = new_region(folder, geojson, id_property, head)
    else:
        assert tile is not None, "checked above"
        made = tile_region(folder, _corners(tile), cell or 500.0, head)
    click.echo(f"Made {folder} with {len(made.grids)} grids. Next: grid36 region check {folder}")


def _corners(tile: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in tile.split(","))
    except ValueError:
        raise click.UsageError("--tile takes four numbers: west,south,east,north in degrees.") from None
    return west, south, east, north


@region.command()
@click.argument("folder", type=FOLDER)
@as_json
def check(folder: Path, as_json: bool) -> None:
    """Holes, overlaps, segments without owner, grids out of size, unknown people. Exit code 1 when there are errors."""
    problems = check_region(folder)
    language = Language(settings_of().lang)
    rows = [{"severity": p.severity.value, "code": p.code, "where": p.where, "text": p.say(language)} for p in problems]
    say({"problems": rows}, as_json, _show)
    if not as_json:
        errors = sum(p.severity is Severity.ERROR for p in problems)
        click.echo(f"{errors} errors, {len(problems) - errors} warnings")
    raise click.exceptions.Exit(1 if any(p.severity is Severity.ERROR for p in problems) else 0)


def _show(answer: dict[str, Any]) -> None:
    for row in answer["problems"]:
        click.echo(f"{row['severity']:<8} {row['text']}")
