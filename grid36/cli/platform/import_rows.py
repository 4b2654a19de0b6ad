"""import: takes over the rows of a platform's file."""

from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Any, Final

import click

from grid36.cli.options import FILE, as_json, asynchronous, say, settings_of
from grid36.cli.platform.known import platform_of
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.gateway.client import GatewayClient
from grid36.platform_files.refused_file import RefusedFile
from grid36.platform_files.rows import checked_file
from grid36.platform_files.sending import send_rows
from schemas.names import Language

COUNTED: Final = ("new", "known", "changed", "same", "ours", "ended", "refused", "unused_position")


class RowsRefused(No):
    """Rows were refused; the file that is named above says why. All others were taken over."""


@command("import", help="command.import.help")
@click.argument("platform")
@click.argument("file", type=FILE)
@option("--refused", type=click.Path(path_type=Path, dir_okay=False), help="command.import.refused_file")
@as_json
@asynchronous
async def import_(platform: str, file: Path, refused: Path | None, as_json: bool) -> None:
    """Take over FILE of PLATFORM (its code)."""
    settings = settings_of()
    language, known = Language(settings.lang), platform_of(settings, platform)
    listed = RefusedFile(refused or file.with_name(f"{file.name}.refused.csv"), file)
    whole = checked_file(file, known)
    begun_s = monotonic()

    def shown(counts: Counter[str]) -> None:
        rate = round(counts["rows"] / max(monotonic() - begun_s, 0.001))
        click.echo(phrase("import_progress", language, rows=counts["rows"], of=whole.total, rate=rate), err=True)

    async with GatewayClient(settings) as gateway:
        counts = await send_rows(gateway, platform, whole.rows(), listed, language, shown)
    answer: dict[str, Any] = {"rows": counts["rows"], **{name: counts[name] for name in COUNTED}}
    answer["refused_file"] = str(listed.path) if counts["refused"] else None

    def told(answer: dict[str, Any]) -> None:
        for name in ("rows", *COUNTED):
            if answer[name] or name in ("rows", "new"):
                click.echo(phrase(f"import_{name}", language, n=answer[name]))
        if answer["refused_file"]:
            click.echo(phrase("import_refused_file", language, file=answer["refused_file"]))

    say(answer, as_json, told)
    if counts["refused"]:
        raise RowsRefused
