"""subscription test: one signed event, and what the subscriber answers."""

import secrets

import click

from connectors.clock import now_ms
from connectors.standard_webhooks.http_trouble import trouble_words
from connectors.subscriptions.addresses import OwnThreadsResolver, outgoing_session
from connectors.subscriptions.deliveries import LIMITS, PostVerdict
from connectors.subscriptions.documents import SOURCE, TEST_KIND, attributes_of, document, message_of
from connectors.subscriptions.posting import post
from connectors.subscriptions.subscription import Subscription
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.subscription.finding import with_one
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command
from grid36.cli.terminal.phrases import phrase
from schemas.codec import cloud_event
from schemas.names import Language


class NotDelivered(No):
    """The subscriber did not take the test event. Nothing else was sent. Look at its log and at the address."""


@command("test", help="command.subscription.test.help")
@click.argument("id")
@as_json
@asynchronous
async def test(id: str, as_json: bool) -> None:
    """Send a test event to the subscriber of ID."""
    settings = settings_of()
    of = with_one(settings, id, lambda _, found: found)
    verdict = await send_test(of, now_ms(), public_only=not of.receiver.inside, hosts=settings.subscriber_hosts)
    if verdict.why:
        raise NotDelivered(subscription=id, says=trouble_words(verdict.why))
    took = phrase("subscription_took", Language(settings.lang))
    say({"id": id, "took": True}, as_json, lambda _: click.echo(took))


async def send_test(of: Subscription, now: int, *, public_only: bool, hosts: tuple[str, ...] = ()) -> PostVerdict:
    """Post an event without data; its subject is the subscription."""
    number = secrets.token_hex(6)
    headers = cloud_event(event_id=f"test/{number}", source=SOURCE, kind=TEST_KIND, t_ms=now, subject=of.id)
    message = message_of(of.id, [document(attributes_of(headers), None)], batch=of.receiver.batch)
    public_only = public_only and of.receiver.host not in hosts
    async with outgoing_session(OwnThreadsResolver(), public_only=public_only) as session:
        return await post(session, of.receiver.url, message, of.keys(now), now_ms=now, answer_s=LIMITS.answer_s)
