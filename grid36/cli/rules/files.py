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

FOLDER = click.Path(path_type=Path, file_okay=False)
in_language = option(
    "--lang",
    type=click.Choice([each.value for each in Language]),
    help=Name(zh="标题的语言。", en="Language of its titles."),
)


_NEW = """在 FOLDER 中创建待填写的规则：rulebook.yaml，以及带说明和下拉选项的 lists.xlsx。

--shape 展示相应规模清单的样子；每个事项都有类别、牵头部门、时限和四项说明：

\b
village    处置 16 项，协助 30 项，不予受理 34 项
township   共 71 项：处置 41 项，协助 20 项，不予受理 10 项
whistles   吹哨 36 项，三类各 12 项
district   处置 988 项，协助 840 项

\b
grid36 rules new my-list
grid36 rules new my-list --empty --csv --lang en
grid36 rules new my-village --shape village"""


@command(zh=_NEW)
@click.argument("folder", type=FOLDER)
@option("--empty", is_flag=True, help=Name(zh="不含示例行。", en="Without the example's rows."))
@option(
    "--shape",
    type=click.Choice([each.value for each in Shape]),
    help=Name(
        zh="改为给出真实规模的清单，内容虚构（见下）。",
        en="A list of a real size instead, with invented content (see below).",
    ),
)
@option("--csv", "as_csv", is_flag=True, help=Name(zh="用 CSV 文件代替工作簿。", en="CSV files instead of a workbook."))
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
        raise Misuse(Name(zh="--empty 和 --shape 不能同时使用。", en="--empty and --shape exclude each other."))
    if shape:
        made = shaped(Shape(shape))
    else:
        made = empty_rulebook() if empty else load_rulebook(data_folder("regions") / "example")
    new_rulebook(folder, made, Form.CSV if as_csv else Form.XLSX, _language(lang))
    _tell(f"已创建 {folder}。下一步：grid36 rules check {folder}", f"Made {folder}. Next: grid36 rules check {folder}")


_CONVERT = """把 FROM 中的规则以另一种形式写入文件夹 TO；内容不变。

YAML 中的注释和工作簿的格式不会保留。单元格无法表达的列表仍写在 YAML 中。

\b
grid36 rules convert regions/example my-list
grid36 rules convert my-list as-text --to csv"""


@command(zh=_CONVERT)
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path, exists=True))
@click.argument("target", metavar="TO", type=FOLDER)
@option("--to", "form", type=click.Choice([form.value for form in Form]), default="xlsx", show_default=True)
@in_language
def convert(source: Path, target: Path, form: str, lang: str | None) -> None:
    """The rulebook in FROM, written into the folder TO in another form; its content stays the same.

    Remarks in YAML and formats in workbooks are not carried over. A list that cells cannot say stays in YAML.

    \b
    grid36 rules convert regions/example my-list
    grid36 rules convert my-list as-text --to csv
    """
    if target.suffix in {".xlsx", ".csv", ".yaml"}:
        raise Misuse(
            Name(
                zh=f"TO 应为文件夹，而 {target} 像是文件。形式由 --to 选择。",
                en=f"TO is a folder, and {target} looks like a file. The form is chosen by --to.",
            )
        )
    files = write_rulebook(load_rulebook(source), target, Form(form), _language(lang))
    names = ", ".join(file.name for file in files)
    _tell(f"已写入 {target}：{names}", f"Wrote {names} in {target}")


def _tell(zh: str, en: str) -> None:
    """In the language of whoever calls; `--lang` of these commands is that of the files."""
    click.echo(Name(zh=zh, en=en).to(language()))


def _language(lang: str | None) -> Language:
    return Language(lang or settings_of().lang)
