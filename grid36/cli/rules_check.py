"""rules check."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.options import as_json, asynchronous, region_option, say, settings_of
from grid36.create import region_folder
from grid36.regions import load_region
from grid36.rulebook_check import as_lines, as_rows, check_rulebook, has_errors
from grid36.rulebook_files import load_rulebook
from schemas.names import Language


def region_beside(path: Path, given: Path | None) -> Path:
    """The region that was named, else the one whose folder the rulebook is in, else that of this system."""
    folder = path if path.is_dir() else path.parent
    if given is None and (folder / "region.yaml").exists():
        return folder
    return region_folder(settings_of(region=given))


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@region_option
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day from which it is to hold; default: today.")
@as_json
@asynchronous
async def check(path: Path, region: Path | None, on: datetime | None, as_json: bool) -> None:
    """Conflicts, gaps, unreachable rows, unknown people and places in the rulebook at PATH, each with what to do.

    Its tables are also tried on the rule engine, in a process of their own. Exit code 1 when there are errors.

    \b
    grid36 rules check regions/example
    grid36 rules check my-list --region regions/example --json
    """
    settings = settings_of()
    there = load_region(region_beside(path, region))
    day = (on or datetime.now(ZoneInfo(there.zone))).date()
    problems = await check_rulebook(there, load_rulebook(path), day)
    say({"problems": as_rows(problems)}, as_json, lambda _: _show(as_lines(problems, Language(settings.lang))))
    raise click.exceptions.Exit(1 if has_errors(problems) else 0)


def _show(lines: list[Any]) -> None:
    for line in lines:
        click.echo(line)
