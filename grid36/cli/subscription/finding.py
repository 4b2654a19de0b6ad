"""What the commands share: the file, and a subscription in it by its id."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import with_subscriptions
from connectors.subscriptions.subscription import Subscription
from grid36.cli.terminal.exit_codes import No
from grid36.machine.home import Home
from grid36.settings import Settings

T = TypeVar("T")


class NoSuchSubscription(No):
    """There is no such subscription. `grid36 subscription list` shows those there are."""


def with_one(settings: Settings, id: str, work: Callable[[sqlite3.Connection, Subscription], T]) -> T:
    """Something with one subscription, in one transaction. Raises `NoSuchSubscription`."""

    def find(db: sqlite3.Connection) -> T:
        found = SubscriptionRows(db).one(id)
        if found is None:
            raise NoSuchSubscription(subscription=id)
        return work(db, found)

    file = Home(settings.home).subscriptions
    if not file.exists():
        raise NoSuchSubscription(subscription=id)
    return with_subscriptions(file, find)
