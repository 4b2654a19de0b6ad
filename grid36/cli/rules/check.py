"""rules check."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from grid36.cli.options import as_json, asynchronous, region_option, say, settings_of
from grid36.cli.terminal.days import DAY
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.load import load_region
from grid36.files.rulebook import read_rulebook
from grid36.files.rulebook.comments import write_comments
from grid36.review.check import as_lines, as_rows, has_errors
from grid36.review.draft_check import check_draft, unread
from grid36.system.in_flight import touched
from grid36.system.region_files import region_folder
from schemas.names import Language, Name


def region_beside(path: Path, given: Path | None) -> Path:
    """The named region, else that of the rulebook's folder, else that of this system."""
    folder = path if path.is_dir() else path.parent
    if given is None and (folder / "region.yaml").exists():
        return folder
    return region_folder(settings_of(region=given))


@command(help="command.rules.check.help")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@region_option
@option("--on", type=DAY, help="command.rules.check.on")
@option("--comments", type=click.Path(path_type=Path, dir_okay=False), help="command.rules.check.comments")
@as_json
@asynchronous
async def check(path: Path, region: Path | None, on: date | None, comments: Path | None, as_json: bool) -> None:
    """Conflicts, gaps, unreachable rows, unknown people and places in the rulebook at PATH, each with what to do."""
    language, reading = Language(settings_of().lang), read_rulebook(path)
    draft = unread(reading)
    if reading.rulebook is not None:
        there = load_region(region_beside(path, region))
        day = on or datetime.now(ZoneInfo(there.zone)).date()
        draft = await check_draft(reading, there, day, touched(settings_of(), there, reading.rulebook))
    if comments is not None:
        if comments.suffix.lower() != ".xlsx":
            raise Misuse(Name.of("command.rules.check.comments_not_xlsx"))
        write_comments(reading, draft.remarks, comments, language)
    rows = [*(fault.as_row() for fault in reading.problems), *as_rows(draft.of_list)]
    lines = as_lines(draft.problems, language)
    say({"problems": rows}, as_json, lambda _: click.echo("\n".join(lines)))
    raise click.exceptions.Exit(1 if has_errors(draft.problems) else 0)
