"""doctor: what an operator would look at, with what it means and what to do."""

import click

from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.help_texts import command
from grid36.cli.terminal.phrases import label, padded, phrase
from schemas.names import Language

COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


@command(help="command.doctor.help")
@as_json
@asynchronous
async def doctor(as_json: bool) -> None:
    """Look at everything; change nothing."""
    from grid36.doctor.examination import examine
    from grid36.doctor.finding import Finding, FindingLevel

    settings = settings_of()
    language = Language(settings.lang)
    found: list[Finding] = []
    async for finding in examine(settings):
        found.append(finding)
        if not as_json:
            _show(finding.level.value, finding.check, finding.says.to(language), language)
    counts = {level.value: sum(each.level is level for each in found) for level in FindingLevel}
    rows = [{"check": each.check, "level": each.level.value, "says": each.says.to(Language.EN)} for each in found]
    say({**counts, "findings": rows}, as_json, lambda _: click.echo(phrase("doctor_sum", language, **counts)))
    raise click.exceptions.Exit(NO if counts["bad"] else DONE)


def _show(level: str, check: str, says: str, language: Language) -> None:
    word = click.style(padded(label(f"doctor_{level}", language), 5), fg=COLOURS[level])
    click.echo(f"{word} {check:<22} {says}")
