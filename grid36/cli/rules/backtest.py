"""rules backtest."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from grid36.cli.options import as_json, region_option, say, settings_of
from grid36.cli.terminal.days import MOMENT
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from grid36.review.backtest import as_answer, as_lines
from grid36.review.backtest import backtest as decided_again
from grid36.system.create import kept
from grid36.system.region_files import files_of
from rules.book.compiled_rulebook import book_of
from schemas.names import Language


@command(help="command.rules.backtest.help")
@click.argument("draft", type=click.Path(path_type=Path, exists=True))
@option("--from", "begin", type=MOMENT, help="command.rules.backtest.from")
@option("--to", "end", type=MOMENT, help="command.rules.backtest.to")
@region_option
@as_json
def backtest(draft: Path, begin: datetime | None, end: datetime | None, region: Path | None, as_json: bool) -> None:
    """What would have become of the cases of a period under the rulebook DRAFT."""
    from connectors.ledger.queries.cases import Ledger

    settings = settings_of()
    language = Language(settings.lang)
    known = kept(settings) or files_of(settings)
    there = known.region if region is None else load_region(region)
    zone = ZoneInfo(there.zone)
    from_ms, to_ms = (None if day is None else int(day.replace(tzinfo=zone).timestamp() * 1000) for day in (begin, end))
    books = book_of(known.region, known.rulebook), book_of(there, load_rulebook(draft))
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bars:
        task = bars.add_task(phrase("events", language), total=None)
        found = decided_again(
            Ledger(settings.ledger_address),
            *books,
            from_ms,
            to_ms,
            lambda done, total: bars.update(task, completed=done, total=total),
        )
    say(as_answer(found), as_json, lambda _: click.echo("\n".join(as_lines(found, language))))
