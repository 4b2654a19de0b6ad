"""door check: who we are on a chat platform, or what is wrong."""

from collections.abc import Mapping

import click

from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.terminal.help_texts import Group
from grid36.cli.terminal.phrases import padded, phrase
from grid36.gateway.doors import CHATS, open_platform
from schemas.names import Language
from texts.catalogue import catalogue


@click.group(cls=Group, help="command.door.help")
def door() -> None:
    """Doors: the ways in for people."""


@door.command(help="command.door.check.help")
@click.argument("name")
@as_json
@asynchronous
async def check(name: str, as_json: bool) -> None:
    """Ask the platform of the door NAME who we are there. Nothing is changed."""
    settings = settings_of()
    answer = await open_platform(settings, name).check()
    say(dict(answer), as_json, lambda facts: _show(name, facts, Language(settings.lang)))


def _show(name: str, answer: Mapping[str, str], language: Language) -> None:
    """A platform names a fact as it likes; the catalogue has the names that people need explained."""
    is_chat = name in CHATS
    good = phrase("door_good", language, door=name) if is_chat else phrase("door_set", language, door=name)
    click.secho(good, fg="green")
    known = catalogue("command", language)
    for fact, value in answer.items():
        click.echo(f"  {padded(known.get(f'door.fact.{fact}', fact), 24)} {value}")
