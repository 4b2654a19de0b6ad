"""Figures of the gateway: what waits in the outbox, who watches live, which doors are open, who takes no webhooks."""

import sqlite3
from collections.abc import Collection
from typing import Final, NamedTuple

from connectors.intake.context import Gateway
from connectors.outbox.store import OutboxUnwritableError
from connectors.subscriptions.errors import SubscriptionsUnwritableError
from connectors.subscriptions.subscription import SubscriptionState
from grid36.metrics.families import Families, gauge, gauges

STATES: Final = "SELECT state, count(*) FROM subscriptions GROUP BY state"


class _Webhooks(NamedTuple):
    states: dict[str, int]
    waiting: int
    dead: int


class GatewayFigures:
    """Of one gateway with these doors."""

    def __init__(self, gateway: Gateway, doors: Collection[str]) -> None:
        self._gateway, self._doors = gateway, tuple(doors)

    async def collect(self) -> Families:
        """All figures; what cannot be read now is left out."""
        return [*await self._outbox(), *self._live(), *await self._webhooks()]

    async def _outbox(self) -> Families:
        try:
            waiting = await self._gateway.outbox.waiting()
        except OutboxUnwritableError:
            return []
        age_ms = 0 if waiting.oldest_ms is None else max(0, self._gateway.clock() - waiting.oldest_ms)
        return [
            gauge("grid36_outbox_rows", "Records that were accepted and that Kafka does not have yet.", waiting.rows),
            gauge("grid36_outbox_reports", "Reports among them.", waiting.reports),
            gauge(
                "grid36_outbox_age_seconds", "How long the oldest of them has waited; 0 when none waits.", age_ms / 1000
            ),
        ]

    def _live(self) -> Families:
        gateway = self._gateway
        relay = gateway.relay.state if gateway.relay is not None else ""
        closed = gateway.closed_doors
        return [
            gauge(
                "grid36_relay_connected",
                "1: Kafka takes what was accepted; 0: it waits in the outbox.",
                relay == "connected",
            ),
            gauge("grid36_live_streams", "Pages that watch live (server-sent events).", gateway.live_streams()),
            gauges(
                "grid36_door_open",
                "1: the door is open; 0: it ended by an error, and `grid36 status` says which.",
                ("door",), {(door,): float(door not in closed) for door in self._doors},
            ),
        ]  # fmt: skip

    async def _webhooks(self) -> Families:
        if self._gateway.subscriptions is None:
            return []
        try:
            found = await self._gateway.subscriptions.look(_webhooks)
        except SubscriptionsUnwritableError:
            return []
        states = {(each.value,): float(found.states.get(each.value, 0)) for each in SubscriptionState}
        return [
            gauges("grid36_subscriptions", "Subscriptions to webhooks by their state.", ("state",), states),
            gauge("grid36_webhooks_waiting", "Documents that wait to be posted to subscribers.", found.waiting),
            gauge(
                "grid36_webhooks_dead_letters",
                "Documents that subscribers refused; they can be sent again.",
                found.dead,
            ),
        ]


def _webhooks(db: sqlite3.Connection) -> _Webhooks:
    (waiting,) = db.execute("SELECT count(*) FROM waiting").fetchone()
    (dead,) = db.execute("SELECT count(*) FROM dead_letters").fetchone()
    return _Webhooks(dict(db.execute(STATES).fetchall()), waiting, dead)
