"""Subscriptions of a gateway: what reads, what posts, and what ends those whose key was revoked."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, Final

from connectors.accounts.store import AccountsUnwritableError
from connectors.intake.context import Gateway
from connectors.ledger.queries.cases import Ledger
from connectors.subscriptions.deliveries import LIMITS, DeliveryLimits
from connectors.subscriptions.delivering import SubscriberPosts
from connectors.subscriptions.errors import SubscriptionsUnwritableError
from connectors.subscriptions.following import TopicFollower
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import SubscriptionStore
from connectors.subscriptions.words import WordsReader
from schemas.order import Written

KEYS_S: Final = 1.0
"""How often it is looked whether the keys still work; `grid36 department key ... revoke` does not wait for it."""

log = logging.getLogger(__name__)


def subscription_works(
    gateway: Gateway, servers: str, *, prefix: str = "", limits: DeliveryLimits = LIMITS
) -> list[Coroutine[Any, Any, None]]:
    """What has to run; nothing where the gateway has no subscriptions."""
    store = gateway.subscriptions
    if store is None:
        return []
    delivering = SubscriberPosts(store, gateway.clock, limits, hosts=gateway.subscriber_hosts)

    async def of_ledger(numbers: Sequence[str]) -> dict[str, list[Written]]:
        def look(ledger: Ledger) -> dict[str, list[Written]]:
            return {number: ledger.texts(number) for number in numbers}

        return await gateway.ask_ledger(look)

    words = WordsReader(store, of_ledger)
    reading = TopicFollower(store, servers, delivering.wake, gateway.clock, prefix=prefix, texts_of=words.texts_of)
    return [reading.run(), delivering.run(), end_revoked(gateway, store)]


async def end_revoked(gateway: Gateway, store: SubscriptionStore) -> None:
    """Stop those whose key was revoked, as long as it runs."""
    while True:
        try:
            keyed = await store.look(lambda db: SubscriptionRows(db).keyed())
            for department in {department for department, _ in keyed}:
                await _end_revoked(gateway, store, department)
        except (SubscriptionsUnwritableError, AccountsUnwritableError) as fault:
            log.warning("keys are not looked at: %s", fault)
        await asyncio.sleep(KEYS_S)


async def _end_revoked(gateway: Gateway, store: SubscriptionStore, department: str) -> None:
    found = await gateway.accounts.look(lambda rows: rows.department_keys.of(department))
    working = frozenset(each.id for each in found)
    if ended := await store.do(lambda db: SubscriptionRows(db).end_those_of_keys(department, working)):
        log.warning("%d subscriptions of %s are stopped: their key was revoked", ended, department)
