"""The command `grid36 subscription`."""

import click

from grid36.cli.subscription import adding, changing, dead, listing, testing
from grid36.cli.terminal.help_texts import Group


@click.group(cls=Group, help="command.subscription.help")
def subscription() -> None:
    """What is posted to programs outside."""


for each in (adding.add, listing.listed, testing.test, changing.revoke, changing.rotate, changing.resume, dead.dead):
    subscription.add_command(each)
