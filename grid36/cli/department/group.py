"""The command `grid36 department`."""

import click

from grid36.cli.department import keys, topics
from grid36.cli.terminal.help_texts import Group


@click.group(cls=Group, help="command.department.help")
def department() -> None:
    """Departments, and what their programs may do."""


for each in (keys.key, topics.topics, topics.acl):
    department.add_command(each)
