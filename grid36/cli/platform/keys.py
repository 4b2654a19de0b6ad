"""platform key: what the program of a platform shows over HTTP."""

import click

from grid36.cli.department.keys import ACTIONS, NEW, manage_keys
from grid36.cli.options import as_json, settings_of
from grid36.cli.platform.known import platform_of
from grid36.cli.terminal.help_texts import command, option


@command("key", help="command.platform.key.help")
@click.argument("platform")
@click.argument("action", type=click.Choice(ACTIONS), metavar="new|revoke|list")
@option("--id", "id", help="command.platform.key.id")
@as_json
def key(platform: str, action: str, id: str | None, as_json: bool) -> None:
    """Make, revoke or list the keys of PLATFORM (its code)."""
    settings = settings_of()
    if action == NEW:
        platform_of(settings, platform)
    manage_keys(settings, "platform", platform, action, id, as_json=as_json)
