"""Which figures which process shows; what they need is only imported where somebody asks for them."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from grid36.settings import Settings

if TYPE_CHECKING:
    from connectors.intake.context import Gateway
    from connectors.ledger.write.run import Took
    from streams.partition.assignment import Assignment


@asynccontextmanager
async def worker_metrics(settings: Settings) -> AsyncIterator["Callable[[Assignment], None]"]:
    """Shows a worker's figures while the context is open; tell it what the worker works on."""
    if settings.metrics_port is None:
        yield _nothing
        return
    from grid36.metrics.server import metrics
    from grid36.metrics.worker import WorkerFigures

    figures = WorkerFigures(settings.topic_prefix)
    async with metrics(settings, "worker", figures.collect):
        yield figures.assigned


@asynccontextmanager
async def ledger_metrics(settings: Settings) -> AsyncIterator["Took"]:
    """Shows the ledger's figures while the context is open; tell it of each batch."""
    if settings.metrics_port is None:
        yield _nothing
        return
    from grid36.metrics.ledger import LedgerFigures
    from grid36.metrics.server import metrics

    figures = LedgerFigures(settings.ledger_address)
    async with metrics(settings, "ledger", figures.collect):
        yield figures.took


@asynccontextmanager
async def gateway_metrics(
    settings: Settings, servers: str, gateway: "Gateway", doors: Collection[str]
) -> AsyncIterator[None]:
    """Shows the figures of a gateway, and of Kafka as it sees it, while the context is open."""
    if settings.metrics_port is None:
        yield
        return
    from grid36.machine.home import Home
    from grid36.metrics.door_queues import DoorQueues
    from grid36.metrics.families import Families
    from grid36.metrics.gateway import GatewayFigures
    from grid36.metrics.kafka import KafkaFigures
    from grid36.metrics.server import metrics

    own, kafka = GatewayFigures(gateway, doors), KafkaFigures(servers, settings.topic_prefix)
    queues = DoorQueues(Home(settings.home), doors, gateway.clock)

    async def collect() -> Families:
        return [*await own.collect(), *await queues.collect(), *await kafka.collect()]

    async with metrics(settings, "gateway", collect):
        yield


def _nothing(*_: Any) -> None:
    """Where nobody asks."""
