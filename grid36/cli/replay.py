"""replay: past cases from a file."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grid36.cli.options import asynchronous, region_option, servers_of, settings_of
from grid36.create import region_folder
from grid36.regions import load_region
from grid36.replay.run import Options, replay_file


class Speed(click.ParamType):
    """`max`, or how many times faster than life."""

    name = "max|N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        """None for `max`."""
        if value in {"max", None}:
            return None
        try:
            number = float(str(value))
        except ValueError:
            number = 0
        if number <= 0:
            self.fail("give `max`, or how many times faster than life, e.g. 60", param, ctx)
        return number


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--mapping", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@region_option
@click.option("--through", type=click.Choice(["reports"]), help="Send the rows in like live reports.")
@click.option("--decide", is_flag=True, help="Our rulebook routes and merges; ends with a table of agreement.")
@click.option("--speed", type=Speed(), default=None, help="`max` (default), or how many times faster than life.")
@click.option("--until", help="Let time pass until then, e.g. 2016-01-31T00:00-05:00 (default: the file's last time).")
@click.option("--limit", type=click.IntRange(1), help="Only the first rows of the file.")
@asynchronous
async def replay(  # one per option, passed by name
    file: Path,
    mapping: Path,
    region: Path | None,
    through: str | None,
    decide: bool,
    speed: float | None,
    until: str | None,
    limit: int | None,
) -> None:
    """Replay past cases from FILE (CSV) as MAP.yaml says; it can be killed and started again.

    Without --through the system must be empty, and holds history for good. The last line says how many rows went where.
    """
    settings = settings_of(region=region)
    options = Options(through_reports=through == "reports", decide=decide, speed=speed, until=until, limit=limit)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True
    ) as bars:
        task = bars.add_task("reading", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bars.update(task, description=what, completed=done, total=total or None)

        line = await replay_file(
            file, mapping, load_region(region_folder(settings)), settings, servers_of(settings), options, tell
        )
    click.echo(line)
