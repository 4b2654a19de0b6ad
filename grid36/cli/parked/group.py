"""The command `grid36 parked`: without a further word it lists."""

import click

from grid36.cli.options import as_json
from grid36.cli.parked import listing, settling, showing
from grid36.cli.terminal.help_texts import Group


@click.group(cls=Group, invoke_without_command=True, help="command.parked.help")
@listing.limited
@as_json
@click.pass_context
def parked(context: click.Context, limit: int, as_json: bool) -> None:
    """What was set aside because it could not be processed."""
    if context.invoked_subcommand is None:
        context.invoke(listing.listed, limit=limit, settled=False, as_json=as_json)


for each in (listing.listed, showing.show, settling.retry, settling.drop):
    parked.add_command(each)
