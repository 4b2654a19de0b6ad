"""rules new, rules convert."""

from pathlib import Path

import click

from grid36.cli.options import settings_of
from grid36.list_shapes import Shape, shaped
from grid36.rulebook_files import load_rulebook
from grid36.rulebook_files.layout import Form
from grid36.rulebook_files.template import empty_rulebook, new_rulebook
from grid36.rulebook_files.writing import write_rulebook
from grid36.settings import data_folder
from schemas.names import Language

FOLDER = click.Path(path_type=Path, file_okay=False)
in_language = click.option("--lang", type=click.Choice([each.value for each in Language]), help="Of its titles.")


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--empty", is_flag=True, help="Without the example's rows.")
@click.option(
    "--shape",
    type=click.Choice([each.value for each in Shape]),
    help="A list of a real size instead, with invented content (see below).",
)
@click.option("--csv", "as_csv", is_flag=True, help="CSV files instead of a workbook.")
@in_language
def new(folder: Path, empty: bool, shape: str | None, as_csv: bool, lang: str | None) -> None:
    """A rulebook to fill in, in FOLDER: rulebook.yaml, and lists.xlsx with explanations and choices.

    Shapes show how a list of that size is built; every item has its category, lead, limits and four clarities:

    \b
    village    16 items handled, 30 assisted, 34 refused
    township   71 items: 41 handled, 20 assisted, 10 refused
    whistles   36 whistle items, 12 in each of three classes
    district   988 items handled, 840 assisted

    \b
    grid36 rules new my-list
    grid36 rules new my-list --empty --csv --lang en
    grid36 rules new my-village --shape village
    """
    if empty and shape:
        raise click.UsageError("--empty and --shape exclude each other.")
    if shape:
        made = shaped(Shape(shape))
    else:
        made = empty_rulebook() if empty else load_rulebook(data_folder("regions") / "example")
    new_rulebook(folder, made, Form.CSV if as_csv else Form.XLSX, _language(lang))
    click.echo(f"Made {folder}. Next: grid36 rules check {folder}")


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path, exists=True))
@click.argument("target", metavar="TO", type=FOLDER)
@click.option("--to", "form", type=click.Choice([form.value for form in Form]), default="xlsx", show_default=True)
@in_language
def convert(source: Path, target: Path, form: str, lang: str | None) -> None:
    """The rulebook in FROM, written into the folder TO in another form; its content stays the same.

    Remarks in YAML and formats in workbooks are not carried over. A list that cells cannot say stays in YAML.

    \b
    grid36 rules convert regions/example my-list
    grid36 rules convert my-list as-text --to csv
    """
    if target.suffix in {".xlsx", ".csv", ".yaml"}:
        raise click.UsageError(f"TO is a folder, and {target} looks like a file. The form is chosen by --to.")
    files = write_rulebook(load_rulebook(source), target, Form(form), _language(lang))
    click.echo(f"Wrote {', '.join(file.name for file in files)} in {target}")


def _language(lang: str | None) -> Language:
    return Language(lang or settings_of().lang)
