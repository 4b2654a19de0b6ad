"""rules diff."""

from pathlib import Path

import click

from grid36.cli.options import as_json, region_option, say, settings_of
from grid36.cli.rules_check import region_beside
from grid36.create import rulebook_of
from grid36.regions import load_region
from grid36.rulebook_diff import as_answer, as_lines, differences
from grid36.rulebook_explain import now_ms
from grid36.rulebook_files import load_rulebook
from schemas.names import Language
from schemas.rulebook import Rulebook

ACTIVE = "active"


@click.command()
@click.argument("old")
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@region_option
@as_json
def diff(old: str, new: Path, region: Path | None, as_json: bool) -> None:
    """What changed from rulebook OLD to NEW: rows, items, categories, and which places change hands.

    OLD is a path, or `active` for the rulebook that this system works by.

    \b
    grid36 rules diff active my-list
    grid36 rules diff last-year my-list --region regions/example --json
    """
    settings = settings_of()
    there = load_region(region_beside(new, region))
    changes, moved = differences(there, _old(old), load_rulebook(new), now_ms())
    lines = as_lines(changes, moved, Language(settings.lang))
    say(as_answer(changes, moved), as_json, lambda _: click.echo("\n".join(lines)))


def _old(named: str) -> Rulebook:
    if named == ACTIVE:
        return rulebook_of(settings_of())
    if not Path(named).exists():
        raise click.UsageError(f"There is no {named}. Name a rulebook's folder, or `active`.")
    return load_rulebook(Path(named))
