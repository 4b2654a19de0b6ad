"""The composition root: wires worker, gateway and ledger. Each process imports only its own parts."""

import asyncio
import logging
import os
from functools import partial

from grid36.kafka.topics import ensure_department, wait_for_kafka
from grid36.machine.home import Home
from grid36.metrics.serving import ledger_metrics, worker_metrics
from grid36.settings import Settings
from grid36.signals import unless
from schemas.errors import ServiceAway

WAIT_FOR_KAFKA_S = 60.0
PAUSE_S = 0.5

log = logging.getLogger(__name__)


async def run_worker(settings: Settings, servers: str, name: str, stop: asyncio.Event) -> None:
    """One worker until `stop` is set. Raises `ServiceAway` when Kafka does not answer."""
    from streams import worker

    file = Home(settings.home).make().status_file(name)
    prefix, replication = settings.topic_prefix, settings.replication
    async with worker_metrics(settings) as assigned:
        while not stop.is_set():
            await unless(stop, wait_for_kafka(servers, WAIT_FOR_KAFKA_S))
            try:
                await worker.run_worker(
                    servers,
                    stop,
                    status_file=file,
                    prefix=prefix,
                    ensure_department=partial(ensure_department, servers, prefix=prefix, replication=replication),
                    assigned=assigned,
                )
            except ServiceAway as error:  # the topics are being created: waiting is cheaper than a restart
                log.info("once more: %s", error)
                await unless(stop, asyncio.sleep(PAUSE_S))


async def run_ledger(settings: Settings, servers: str, stop: asyncio.Event) -> None:
    """The ledger until `stop` is set. Raises `ServiceAway` when Kafka does not answer."""
    from connectors.ledger.write import run as ledger
    from grid36.system.in_force import zone_in_force

    Home(settings.home).make().say("ledger", os.getpid())
    async with ledger_metrics(settings) as took:
        await unless(stop, wait_for_kafka(servers, WAIT_FOR_KAFKA_S))
        zone = await zone_in_force(settings, servers, stop)
        if not stop.is_set():
            await ledger.run(servers, settings.ledger_address, stop, zone=zone, prefix=settings.topic_prefix, took=took)


async def run_gateway(settings: Settings, servers: str, stop: asyncio.Event) -> None:
    """Doors, API and pages until `stop` is set; once it knows the system it accepts reports without Kafka, too.

    Raises `ServiceAway` when it does not know it yet, `OtherRegionError`, and what is wrong with a region's files.
    """
    from grid36.gateway.run import serve
    from grid36.system.create import known_system

    Home(settings.home).make()
    known = await unless(stop, known_system(settings, servers, WAIT_FOR_KAFKA_S))
    if known is not None:
        await serve(settings, servers, known, stop)
