"""rules new, rules convert."""

from pathlib import Path

import click

from grid36.cli.options import settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.language import language
from grid36.cli.terminal.misuse import Misuse
from grid36.files.rulebook import load_rulebook
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.template import empty_rulebook, new_rulebook
from grid36.files.rulebook.writing import write_rulebook
from grid36.review.sample_rulebooks import Shape, shaped
from grid36.settings import data_folder
from schemas.names import Language, Name
from texts.catalogue import say

FOLDER = click.Path(path_type=Path, file_okay=False)
in_language = option("--lang", type=click.Choice([each.value for each in Language]), help="command.option.lang")


@command(help="command.rules.new.help")
@click.argument("folder", type=FOLDER)
@option("--empty", is_flag=True, help="command.rules.new.empty")
@option("--shape", type=click.Choice([each.value for each in Shape]), help="command.rules.new.shape")
@option("--csv", "as_csv", is_flag=True, help="command.rules.new.csv")
@in_language
def new(folder: Path, empty: bool, shape: str | None, as_csv: bool, lang: str | None) -> None:
    """A rulebook to fill in, in FOLDER."""
    if empty and shape:
        raise Misuse(Name.of("command.rules.new.empty_and_shape"))
    if shape:
        made = shaped(Shape(shape))
    else:
        made = empty_rulebook() if empty else load_rulebook(data_folder("regions") / "example")
    new_rulebook(folder, made, Form.CSV if as_csv else Form.XLSX, _language(lang))
    _print("command.rules.new.made", folder=folder)


@command(help="command.rules.convert.help")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path, exists=True))
@click.argument("target", metavar="TO", type=FOLDER)
@option("--to", "form", type=click.Choice([form.value for form in Form]), default="xlsx", show_default=True)
@in_language
def convert(source: Path, target: Path, form: str, lang: str | None) -> None:
    """The rulebook in FROM, written into the folder TO in another form; its content stays the same."""
    if target.suffix in {".xlsx", ".csv", ".yaml"}:
        raise Misuse(Name.of("command.rules.convert.target_looks_like_file", target=target))
    files = write_rulebook(load_rulebook(source), target, Form(form), _language(lang))
    names = ", ".join(file.name for file in files)
    _print("command.rules.convert.wrote", target=target, names=names)


def _print(key: str, **facts: object) -> None:
    """Print in the caller's language; `--lang` of these commands is the language of the files."""
    click.echo(say(language(), key, **facts))


def _language(lang: str | None) -> Language:
    return Language(lang or settings_of().lang)
