"""The command `grid36 person`."""

import click

from grid36.cli.person import accounts, contacts
from grid36.cli.terminal.help_texts import Group


@click.group(cls=Group, help="command.person.help")
def person() -> None:
    """People, how they are reached and how they sign in."""


for each in (contacts.list_, contacts.invite, contacts.import_, contacts.revoke, contacts.forget):
    person.add_command(each)
for each in (accounts.link, accounts.add, accounts.remove_account):
    person.add_command(each)
