"""platform compare: both sides' counts of a day, and the ids by which they differ."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from grid36.cli.options import FILE, as_json, asynchronous, say, settings_of
from grid36.cli.platform.known import platform_of
from grid36.cli.terminal.days import DAY
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command
from grid36.cli.terminal.phrases import phrase
from grid36.gateway.client import GatewayClient, quoted
from grid36.platform_files.ids import read_ids
from grid36.platform_files.rows import file_rows
from schemas.names import Language


class SidesDiffer(No):
    """Not both have the same cases of that day, as far as the ids can be read. What differs is named above."""


@command("compare", help="command.platform.compare.help")
@click.argument("platform")
@click.argument("day", type=DAY)
@click.argument("file", type=FILE)
@as_json
@asynchronous
async def compare(platform: str, day: date, file: Path, as_json: bool) -> None:
    """Compare FILE, which PLATFORM (its code) exported for DAY, with what is here."""
    settings = settings_of()
    language, known = Language(settings.lang), platform_of(settings, platform)
    listed = read_ids(file_rows(file, known), known, language)
    asked = {"day": day.isoformat(), "ids": listed.ids}
    async with GatewayClient(settings) as gateway:
        answer = await gateway.post_json(f"/api/platforms/{quoted(platform)}/comparison", asked)
    answer |= {"unread": listed.unread, "equal": answer["equal"] and not listed.unread}

    def told(answer: dict[str, Any]) -> None:
        click.echo(phrase("compared", language, day=answer["day"], theirs=answer["theirs"], ours=answer["ours"]))
        for name in ("missing_here", "missing_there", "twice"):
            if answer[name]:
                click.echo(phrase(f"compared_{name}", language, ids=", ".join(answer[name])))
        for fault in answer["unread"]:
            click.echo(phrase("compared_unread", language, row=fault["row"], why=fault["message"]))

    say(answer, as_json, told)
    if not answer["equal"]:
        raise SidesDiffer
