"""The command `grid36 platform`."""

import click

from grid36.cli.platform import comparing, keys, telling
from grid36.cli.terminal.help_texts import Group


@click.group(cls=Group, help="command.platform.help")
def platform() -> None:
    """Neighbouring platforms: their keys, what they are told, and the comparison of a day."""


for each in (keys.key, telling.outcomes, comparing.compare):
    platform.add_command(each)
