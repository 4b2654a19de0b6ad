"""The command `grid36 rules`: one module per kind of command, loaded when it is called."""

import click

from grid36.cli.terminal.lazy import LazyGroup
from schemas.names import Name

COMMANDS = {
    "new": (
        "rules.files",
        Name(
            zh="待填写的规则：带说明和下拉选项的工作簿。",
            en="A rulebook to fill in: a workbook with explanations and choices.",
        ),
    ),
    "check": (
        "rules.check",
        Name(
            zh="规则有何问题，逐个单元格，如何改正。", en="What is wrong with a rulebook, cell by cell, and what to do."
        ),
    ),
    "convert": (
        "rules.files",
        Name(zh="把规则转为工作簿、CSV 文件或 YAML。", en="The same rulebook as a workbook, as CSV files, or as YAML."),
    ),
    "explain": (
        "rules.explain",
        Name(
            zh="案件为何如此分派，或上报会如何分派。", en="Why a case went where it went, or where a report would go."
        ),
    ),
    "diff": (
        "rules.diff",
        Name(
            zh="两份规则的差别，哪些地点换了责任人。",
            en="What changed between two rulebooks, and which places change hands.",
        ),
    ),
    "backtest": (
        "rules.backtest",
        Name(
            zh="用草稿重判一个时段的案件：哪些会不同，为何。",
            en="A draft on the cases of a period: which would have gone elsewhere, and why.",
        ),
    ),
    "simulate": (
        "rules.simulate",
        Name(zh="CSV 文件中每件上报会如何分派。", en="Where each report of a CSV file would go."),
    ),
    "propose": (
        "rules.propose",
        Name(zh="提出清单调整建议；由第二人决定。", en="Propose a change of the list; a second person decides."),
    ),
    "proposals": (
        "rules.propose",
        Name(zh="清单调整建议及其结果。", en="Proposed changes, what became of them, and by whom."),
    ),
    "approve": (
        "rules.approve",
        Name(zh="批准调整建议并使其生效。", en="Approve a proposed change, and let it take effect."),
    ),
    "activate": (
        "rules.activate",
        Name(
            zh="让草稿自某时起生效，或恢复之前的版本。",
            en="Let a draft decide from a moment on; or go back to the version before.",
        ),
    ),
    "versions": (
        "rules.activate",
        Name(
            zh="各版本何时、由谁、为何生效；哪一版待生效。",
            en="Which rulebook was in force when, by whom and why; and which is planned.",
        ),
    ),
}
"""In which module each command lives, and what it is for; the order is that of `grid36 rules --help`."""


_RULES = """责任清单文件：创建、检查、解释和比较规则。

\b
grid36 rules new my-list
grid36 rules check my-list --region regions/example --comments checked.xlsx"""


@click.group(cls=LazyGroup, table=COMMANDS, zh=_RULES)
def rules() -> None:
    """The responsibility list as files: make, check, explain and compare rulebooks.

    \b
    grid36 rules new my-list
    grid36 rules check my-list --region regions/example --comments checked.xlsx
    """
