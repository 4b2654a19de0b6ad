"""The command `grid36 rules`: one module per kind of command, loaded when it is called."""

import click

from grid36.cli.terminal.lazy import LazyGroup

COMMANDS = {
    "new": ("rules.files", "command.rules.new.short"),
    "check": ("rules.check", "command.rules.check.short"),
    "convert": ("rules.files", "command.rules.convert.short"),
    "export": ("rules.dmn", "command.rules.export.short"),
    "import": ("rules.dmn", "command.rules.import.short"),
    "explain": ("rules.explain", "command.rules.explain.short"),
    "diff": ("rules.diff", "command.rules.diff.short"),
    "backtest": ("rules.backtest", "command.rules.backtest.short"),
    "simulate": ("rules.simulate", "command.rules.simulate.short"),
    "propose": ("rules.propose", "command.rules.propose.short"),
    "proposals": ("rules.propose", "command.rules.proposals.short"),
    "approve": ("rules.approve", "command.rules.approve.short"),
    "activate": ("rules.activate", "command.rules.activate.short"),
    "versions": ("rules.versions", "command.rules.versions.short"),
}
"""The module of each command, and its purpose; in the order of `grid36 rules --help`."""


@click.group(cls=LazyGroup, table=COMMANDS, help="command.rules.help")
def rules() -> None:
    """The responsibility list as files."""
