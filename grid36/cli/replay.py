"""replay: past cases from a file."""

from pathlib import Path
from typing import NoReturn

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grid36.cli.options import FILE, as_json, asynchronous, region_option, say, servers_of, settings_of
from grid36.cli.system import echo
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import BadValue, Misuse
from grid36.cli.terminal.phrases import phrase
from grid36.files.region.load import load_region
from grid36.kafka.topics import wait_for_kafka
from grid36.replay.position import NoSystem
from grid36.replay.progress_words import words_of
from grid36.settings import Settings
from grid36.system.create import compare, kept, read_known
from grid36.system.region_files import files_of
from schemas.names import Language, Name

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
            raise BadValue(
                Name.of("command.replay.not_a_speed"),
                ctx,
                param,
            )
        return number


@command(help="command.replay.help")
@click.argument("file", type=FILE)
@option("--mapping", required=True, type=FILE)
@region_option
@option("--through", type=click.Choice(["reports"]), help="command.replay.through")
@option("--decide", is_flag=True, help="command.replay.decide")
@option("--speed", type=Speed(), default=None, help="command.replay.speed")
@option("--until", help="command.replay.until")
@option("--limit", type=click.IntRange(1, 10**9), help="command.replay.limit")
@option("--check", is_flag=True, help="command.replay.check")
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
    """Replay past cases from FILE (CSV) as MAP.yaml says; it can be killed and started again."""
    from grid36.replay.run import Options, replay_file

    settings = settings_of(region=region)
    if check:
        _check(file, mapping, settings, limit, as_json=as_json)
    if as_json:
        raise Misuse(Name.of("command.replay.json_without_check"))
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    known = await read_known(settings, servers)
    if known is None:
        raise NoSystem(servers=servers)
    if region is not None and (warning := compare(known, files_of(settings))):
        echo(warning.to(Language(settings.lang)))
    options = Options(through_reports=through == "reports", decide=decide, speed=speed, until=until, limit=limit)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True
    ) as bars:
        task = bars.add_task(phrase("reading", Language(settings.lang)), total=None)

        def progress(done: int, total: int, what: str) -> None:
            bars.update(task, description=words_of(what, Language(settings.lang)), completed=done, total=total or None)

        line = await replay_file(file, mapping, known.region, settings, servers, options, progress)
    click.echo(line)


def _check(file: Path, mapping: Path, settings: Settings, limit: int | None, *, as_json: bool) -> NoReturn:
    """A first look, with places in the named region or that of this home's system, else without places."""
    from grid36.replay.file.mapping_file import read_mapping
    from grid36.replay.look import look, look_lines

    known, language = kept(settings), Language(settings.lang)
    region = load_region(settings.region) if settings.region else known.region if known else None
    answer = look(file, read_mapping(mapping), region, limit, language)
    say(answer, as_json, lambda found: click.echo("\n".join(look_lines(found, language))))
    raise click.exceptions.Exit(DONE if answer["come_in"] else NO)
