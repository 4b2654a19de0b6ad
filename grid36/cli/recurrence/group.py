"""The command `grid36 remedy`."""

import click

from grid36.cli.recurrence import remedies
from grid36.cli.terminal.help_texts import Group


@click.group(cls=Group, help="command.remedy.help")
def remedy() -> None:
    """Standing remedies for hot spots."""


for each in (remedies.propose, remedies.listed):
    remedy.add_command(each)
