"""rules export, rules import: decision tables as DMN, for other programs."""

from pathlib import Path

import click

from grid36.cli.options import FILE, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.language import language
from grid36.files.dmn.names import VERSIONS
from grid36.files.dmn.read import read_dmn
from grid36.files.dmn.write import write_dmn
from grid36.files.rulebook import load_rulebook
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.writing import write_rulebook
from grid36.files.whole_file import whole_file
from schemas.names import Language
from texts.catalogue import say

_THERE = click.Path(path_type=Path, exists=True)
in_language = option("--lang", type=click.Choice([each.value for each in Language]), help="command.option.lang")


@command("export", help="command.rules.export.help")
@click.argument("source", metavar="FROM", type=_THERE)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--dmn", "version", type=click.Choice(list(VERSIONS)), default="1.5", show_default=True,
    help="command.rules.export.version",
)  # fmt: skip
@in_language
def export(source: Path, file: Path, version: str, lang: str | None) -> None:
    """The decision tables of the rulebook in FROM, written into the DMN file FILE."""
    content = write_dmn(load_rulebook(source), Language(lang or settings_of().lang), version)
    with whole_file(file) as new:
        new.write_bytes(content)
    click.echo(say(language(), "command.rules.export.wrote", file=file))


@command("import", help="command.rules.import.help")
@click.argument("file", metavar="FILE", type=FILE)
@click.argument("source", metavar="FROM", type=_THERE)
@click.argument("target", metavar="TO", type=click.Path(path_type=Path, file_okay=False))
@option("--to", "form", type=click.Choice([form.value for form in Form]), default="xlsx", show_default=True)
@in_language
def import_(file: Path, source: Path, target: Path, form: str, lang: str | None) -> None:
    """The rulebook in FROM with the decision tables of FILE, written into the folder TO."""
    made = read_dmn(file.read_bytes(), load_rulebook(source))
    files = write_rulebook(made, target, Form(form), Language(lang or settings_of().lang))
    names = ", ".join(each.name for each in files)
    click.echo(say(language(), "command.rules.convert.wrote", target=target, names=names))
