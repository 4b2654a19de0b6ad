"""rules diff."""

from pathlib import Path

import click

from connectors.clock import now_ms
from grid36.cli.options import as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.cli.rules.check import region_beside
from grid36.cli.terminal.help_texts import command
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from grid36.review.check import as_rows
from grid36.review.diff import as_answer, as_lines, differences
from grid36.system.in_flight import touched
from grid36.system.in_force import active
from schemas.names import Language, Name
from schemas.region import Region
from schemas.rulebook import Rulebook

ACTIVE = "active"


@command(help="command.rules.diff.help")
@click.argument("old")
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@region_option
@as_json
@asynchronous
async def diff(old: str, new: Path, region: Path | None, as_json: bool) -> None:
    """What changed from rulebook OLD to NEW."""
    settings, t_ms = settings_of(), now_ms()
    if old == ACTIVE:
        there, before = await active(settings, servers_of(settings), t_ms)
    else:
        there, before = load_region(region_beside(new, region)), _old(old)
    after = load_rulebook(new)
    changes, moved = differences(there, before, after, t_ms)
    flight = touched(settings, _region(new, region) or there, after)
    lines = as_lines(changes, moved, Language(settings.lang), flight)
    answer = as_answer(changes, moved) | {"in_flight": as_rows(flight)}
    say(answer, as_json, lambda _: click.echo("\n".join(lines)))


def _region(new: Path, given: Path | None) -> Region | None:
    """The region of the newer rulebook, if it is named or in the same folder."""
    beside = given is not None or (new.is_dir() and (new / "region.yaml").exists())
    return load_region(region_beside(new, given)) if beside else None


def _old(named: str) -> Rulebook:
    if not Path(named).exists():
        raise Misuse(Name.of("command.rules.no_such_rulebook", rulebook=named))
    return load_rulebook(Path(named))
