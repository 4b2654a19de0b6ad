"""replay: past cases from a file."""

from pathlib import Path
from typing import NoReturn

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grid36.cli.failing import DONE, NO
from grid36.cli.options import FILE, as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.cli.system import tell as tell_user
from grid36.create import compare, files_of, kept, read_known
from grid36.kafka import wait_for_kafka
from grid36.regions import load_region
from grid36.replay.position import NoSystem
from grid36.settings import Settings
from schemas.names import Language

LIMIT_S = 15.0


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
        if not 0 < number < float("inf"):
            self.fail("give `max`, or how many times faster than life, e.g. 60", param, ctx)
        return number


@click.command()
@click.argument("file", type=FILE)
@click.option("--mapping", required=True, type=FILE)
@region_option
@click.option("--through", type=click.Choice(["reports"]), help="Send the rows in like live reports.")
@click.option("--decide", is_flag=True, help="Our rulebook routes and merges; ends with a table of agreement.")
@click.option("--speed", type=Speed(), default=None, help="`max` (default), or how many times faster than life.")
@click.option("--until", help="Let time pass until then, e.g. 2016-01-31T00:00-05:00 (default: the file's last time).")
@click.option("--limit", type=click.IntRange(1, 10**9), help="Only the first rows of the file.")
@click.option("--check", is_flag=True, help="Only look: what would come in, what would not, and the first rows.")
@as_json
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
    check: bool,
    as_json: bool,
) -> None:
    """Replay past cases from FILE (CSV) as MAP.yaml says; it can be killed and started again.

    \b
    grid36 replay nyc311.csv --mapping regions/nyc/mapping.yaml --check             a first look, needs no system
    grid36 replay nyc311.csv --mapping regions/nyc/mapping.yaml                     history
    grid36 replay nyc311.csv --mapping regions/nyc/mapping.yaml --through reports   like live reports

    Without --through the system must be empty, and holds history for good. The last line says how many rows went where.
    --check sends nothing; exit code 1 when no row could come in. --json goes with it.
    """
    from grid36.replay.run import Options, replay_file

    settings = settings_of(region=region)
    if check:
        _check(file, mapping, settings, limit, as_json=as_json)
    if as_json:
        raise click.UsageError("--json goes with --check.")
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    known = await read_known(settings, servers)
    if known is None:
        raise NoSystem(servers=servers)
    if region is not None and (warning := compare(known, files_of(settings))):
        tell_user(warning)
    options = Options(through_reports=through == "reports", decide=decide, speed=speed, until=until, limit=limit)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True
    ) as bars:
        task = bars.add_task("reading", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bars.update(task, description=what, completed=done, total=total or None)

        line = await replay_file(file, mapping, known.region, settings, servers, options, tell)
    click.echo(line)


def _check(file: Path, mapping: Path, settings: Settings, limit: int | None, *, as_json: bool) -> NoReturn:
    """A first look, in the region that was named or that the system of this home works by, else without places."""
    from grid36.replay.look import look, look_lines
    from grid36.replay.mapping_file import read_mapping

    known, language = kept(settings), Language(settings.lang)
    region = load_region(settings.region) if settings.region else known.region if known else None
    answer = look(file, read_mapping(mapping), region, limit, language)
    say(answer, as_json, lambda told: click.echo("\n".join(look_lines(told, language))))
    raise click.exceptions.Exit(DONE if answer["come_in"] else NO)
