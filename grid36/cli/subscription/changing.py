"""subscription revoke, rotate, resume."""

import click

from connectors.clock import now_ms
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.subscription import SubscriptionState
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.subscription.finding import with_one
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from schemas.names import Language

HOUR_MS = 3_600_000


class NotStopped(No):
    """This subscription is not stopped, so there is nothing to resume."""


class NeedsOwnKey(No):
    """This subscription stopped because its key was revoked. Its department resumes it with a new key, or makes
    another one.
    """


@command("revoke", help="command.subscription.revoke.help")
@click.argument("id")
@as_json
def revoke(id: str, as_json: bool) -> None:
    """End the subscription ID."""
    settings = settings_of()
    with_one(settings, id, lambda db, found: SubscriptionRows(db).remove(found.n))
    ended = phrase("subscription_ended", Language(settings.lang), id=id)
    say({"ended": id}, as_json, lambda _: click.echo(ended))


@command("rotate", help="command.subscription.rotate.help")
@click.argument("id")
@option("--hours", type=click.IntRange(0, 24 * 30), default=24, help="command.subscription.rotate.hours")
@as_json
def rotate(id: str, hours: int, as_json: bool) -> None:
    """Give the subscription ID a new secret."""
    settings, until_ms = settings_of(), now_ms() + hours * HOUR_MS
    secret = with_one(settings, id, lambda db, found: SubscriptionRows(db).rotate(found.n, until_ms))
    made = {"id": id, "secret": secret, "hours": hours}
    say(made, as_json, lambda each: click.echo(phrase("subscription_rotated", Language(settings.lang), **each)))


@command("resume", help="command.subscription.resume.help")
@click.argument("id")
@as_json
def resume(id: str, as_json: bool) -> None:
    """Let the subscription ID go on."""
    settings = settings_of()
    before = with_one(settings, id, lambda _, found: found)
    if before.state is SubscriptionState.ACTIVE and before.trouble_ms is None:
        raise NotStopped(subscription=id)
    if not with_one(settings, id, lambda db, found: SubscriptionRows(db).resume(found.n)):
        raise NeedsOwnKey(subscription=id)
    goes_on = phrase("subscription_resumed", Language(settings.lang), id=id)
    say({"resumed": id}, as_json, lambda _: click.echo(goes_on))
