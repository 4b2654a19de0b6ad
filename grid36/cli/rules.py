"""The command `grid36 rules`: one module per kind of command, loaded when it is called."""

import click

from grid36.cli.lazy import LazyGroup

COMMANDS = {
    "new": ("rules_files", "A rulebook to fill in: a workbook with explanations and choices."),
    "check": ("rules_check", "What is wrong with a rulebook, cell by cell, and what to do."),
    "convert": ("rules_files", "The same rulebook as a workbook, as CSV files, or as YAML."),
    "explain": ("rules_explain", "Why a case went where it went, or where a report would go."),
    "diff": ("rules_diff", "What changed between two rulebooks, and which places change hands."),
    "backtest": ("rules_backtest", "A draft on the cases of a period: which would have gone elsewhere, and why."),
    "simulate": ("rules_simulate", "Where each report of a CSV file would go."),
    "propose": ("rules_propose", "Propose a change of the list; a second person decides."),
    "proposals": ("rules_propose", "Proposed changes, what became of them, and by whom."),
    "approve": ("rules_approve", "Approve a proposed change, and let it take effect."),
    "activate": ("rules_activate", "Let a draft decide from a moment on; or go back to the version before."),
    "versions": ("rules_activate", "Which rulebook was in force when, by whom and why; and which is planned."),
}
"""In which module each command lives, and what it is for; the order is that of `grid36 rules --help`."""


@click.group(cls=LazyGroup, table=COMMANDS)
def rules() -> None:
    """The responsibility list 责任清单 as files: make, check, explain and compare rulebooks.

    \b
    grid36 rules new my-list
    grid36 rules check my-list --region regions/example --comments checked.xlsx
    """
