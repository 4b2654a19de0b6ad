"""rules simulate."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from grid36.cli.options import FILE, as_json, region_option, say, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from grid36.review.simulate import as_answer, as_lines, simulated, write_csv
from grid36.review.simulation_rows import read_lines
from grid36.system.create import now_ms, region_of, rulebook_of
from rules.book.compiled_rulebook import book_of
from schemas.names import Language, Name

_SIMULATE = """CSV 文件 FILE 中每件上报会如何分派，假定街道没有其他案件且人人在岗。不发送任何内容。

可用的列（都可省略）：text, category, address, lat, lon, datum, code, at（默认现在）, kind, reporter_kind,
urgent, pushed_by, item，以及自定义属性 attr_NAME。有行无法读取时退出码为 1，并逐行指出。
每个答案含类别、责任人和原因、时限和节点。

\b
grid36 rules simulate reports.csv
grid36 rules simulate reports.csv --rulebook my-draft --csv decided.csv"""


@command(zh=_SIMULATE)
@click.argument("file", type=FILE)
@option(
    "--rulebook",
    type=click.Path(path_type=Path, exists=True),
    help=Name(zh="草稿；默认：生效中的规则。", en="A draft; default: what is in force."),
)
@option(
    "--csv",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=Name(zh="把所有行及答案写到此处。", en="Write all rows with answers here."),
)
@region_option
@as_json
def simulate(file: Path, rulebook: Path | None, out: Path | None, region: Path | None, as_json: bool) -> None:
    """Where each report of a CSV FILE would go, as in an empty street where everybody is on duty. Nothing is sent.

    Columns, all optional: text, category, address, lat, lon, datum, code, at (default: now), kind, reporter_kind,
    urgent, pushed_by, item, and attr_NAME for free attributes. Exit code 1 when a row cannot be read; each is named.
    Each answer has its category, who it goes to and why, when it is due, and its milestones.

    \b
    grid36 rules simulate reports.csv
    grid36 rules simulate reports.csv --rulebook my-draft --csv decided.csv
    """
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
    say(answer, as_json, lambda told: click.echo("\n".join(as_lines(told, language))))
    raise click.exceptions.Exit(1 if answer["bad"] else 0)
