"""The command `grid36 rules`: one module per kind of command, loaded when it is called."""

from importlib import import_module

import click

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


class RulesCommands(click.Group):
    """Commands that are imported only when somebody wants them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"grid36.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        assert isinstance(command, click.Command), "the table names a click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table, so that nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in COMMANDS.items()])


@click.group(cls=RulesCommands)
def rules() -> None:
    """The responsibility list 责任清单 as files: make, check, explain and compare rulebooks.

    \b
    grid36 rules new my-list
    grid36 rules check my-list --region regions/example --comments checked.xlsx
    """
