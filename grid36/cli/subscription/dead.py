"""subscription dead: what a subscriber refused to the last."""

import click

from connectors.subscriptions.dead_letters import dead_letters, drop_dead, send_again
from connectors.subscriptions.standing import why_words
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.subscription.finding import with_one
from grid36.cli.subscription.listing import when
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import Group, command
from grid36.cli.terminal.phrases import phrase
from schemas.names import Language


class NoSuchDeadLetter(No):
    """This subscription has no such dead letter. `grid36 subscription dead list` shows those there are."""


@click.group(cls=Group, help="command.subscription.dead.help")
def dead() -> None:
    """Dead letters."""


@command("list", help="command.subscription.dead.list.help")
@click.argument("id")
@as_json
def listed(id: str, as_json: bool) -> None:
    """The dead letters of the subscription ID."""
    settings = settings_of()
    language = Language(settings.lang)
    letters = with_one(settings, id, lambda db, of: dead_letters(db, of.n))
    found = [each._asdict() | {"says": why_words(each.why).to(language)} for each in letters]

    def show(_: object) -> None:
        for each in found:
            click.echo(phrase("dead_row", language, **each | {"when": when(settings, each["t_ms"])}))
        if not found:
            click.echo(phrase("no_dead", language))

    say({"dead": found}, as_json, show)


@command("send", help="command.subscription.dead.send.help")
@click.argument("id")
@click.argument("numbers", type=int, nargs=-1)
@as_json
def send(id: str, numbers: tuple[int, ...], as_json: bool) -> None:
    """Send the dead letters NUMBERS of the subscription ID again."""
    n = with_one(settings_of(), id, lambda db, of: send_again(db, of.n, numbers))
    _done(id, n, "dead_sent", as_json=as_json)


@command("drop", help="command.subscription.dead.drop.help")
@click.argument("id")
@click.argument("numbers", type=int, nargs=-1)
@as_json
def drop(id: str, numbers: tuple[int, ...], as_json: bool) -> None:
    """Forget the dead letters NUMBERS of the subscription ID."""
    n = with_one(settings_of(), id, lambda db, of: drop_dead(db, of.n, numbers))
    _done(id, n, "dead_dropped", as_json=as_json)


def _done(id: str, n: int, said: str, *, as_json: bool) -> None:
    if not n:
        raise NoSuchDeadLetter(subscription=id)
    done = phrase(said, Language(settings_of().lang), n=n)
    say({"n": n}, as_json, lambda _: click.echo(done))


for each in (listed, send, drop):
    dead.add_command(each)
