"""reads: who looked at personal data."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from connectors.accounts.reads import Read, ReadFilter, reads_in
from connectors.accounts.store import READS
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.days import MOMENT
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import padded, phrase
from grid36.machine.home import Home
from grid36.system.create import region_of
from schemas.names import Language


@command(help="command.reads.help")
@option("--by", "reader", metavar="PERSON", help="command.reads.by")
@option("--case", "case", metavar="NUMBER", help="command.reads.case")
@option("--from", "begin", type=MOMENT, help="command.reads.from")
@option("--to", "end", type=MOMENT, help="command.reads.to")
@option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="command.reads.limit")
@as_json
def reads(
    reader: str | None, case: str | None, begin: datetime | None, end: datetime | None, limit: int, as_json: bool
) -> None:
    """Who looked at personal data, newest first."""
    settings = settings_of()
    language, zone = Language(settings.lang), ZoneInfo(region_of(settings).zone)
    from_ms, to_ms = (None if when is None else _ms(when, zone) for when in (begin, end))
    file = Home(settings.home).accounts.with_name(READS)
    found = reads_in(file, ReadFilter(reader, case, from_ms, to_ms), limit) if file.exists() else []
    answer = {"reads": [read._asdict() for read in found]}
    say(answer, as_json, lambda _: _show(found, zone, language))


def _ms(when: datetime, zone: ZoneInfo) -> int:
    return round(when.replace(tzinfo=zone).timestamp() * 1000)


def _show(found: list[Read], zone: ZoneInfo, language: Language) -> None:
    for read in found:
        reader = read.reader or phrase("reads_program", language)
        when = datetime.fromtimestamp(read.t_ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{when}  {padded(reader, 20)} {padded(read.credential, 14)} {read.what:<26} {read.about}")
    if not found:
        click.echo(phrase("reads_none", language))
