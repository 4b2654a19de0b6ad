"""rules simulate."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from connectors.clock import now_ms
from grid36.cli.options import FILE, as_json, region_option, say, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from grid36.review.simulate import as_answer, as_lines, simulated, write_csv
from grid36.review.simulation_rows import read_lines
from grid36.system.create import region_of, rulebook_of
from rules.book.compiled_rulebook import book_of
from schemas.names import Language


@command(help="command.rules.simulate.help")
@click.argument("file", type=FILE)
@option("--rulebook", type=click.Path(path_type=Path, exists=True), help="command.rules.simulate.rulebook")
@option("--csv", "out", type=click.Path(path_type=Path, dir_okay=False), help="command.rules.simulate.csv")
@region_option
@as_json
def simulate(file: Path, rulebook: Path | None, out: Path | None, region: Path | None, as_json: bool) -> None:
    """Where each report of a CSV FILE would go, as in an empty street where everybody is on duty."""
    settings = settings_of(region=region)
    language = Language(settings.lang)
    there = region_of(settings) if region is None else load_region(region)
    path = rulebook or region
    book = book_of(there, rulebook_of(settings) if path is None else load_rulebook(path))
    lines = read_lines(file)
    with Progress(
        BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bars:
        answer = as_answer(simulated(bars.track(lines), book, now_ms()), language)
    if out is not None:
        write_csv(out, lines, answer)
    say(answer, as_json, lambda result: click.echo("\n".join(as_lines(result, language))))
    raise click.exceptions.Exit(1 if answer["bad"] else 0)
