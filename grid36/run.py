"""The composition root: which parts make a worker, a gateway, a ledger."""

import asyncio
import json
import os
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from connectors.gateway import create_app
from connectors.ledger import run as ledger
from connectors.ledger.read import Ledger
from connectors.outbox import Outbox
from connectors.photos import PhotoStore
from connectors.relay import Relay
from grid36.create import known_system, region_of, rulebook_of
from grid36.home import Home
from grid36.kafka import ensure_department, wait_for_kafka
from grid36.settings import Settings
from schemas.names import Language
from streams import worker

WAIT_FOR_KAFKA_S = 60.0


async def run_worker(settings: Settings, servers: str, name: str, stop: asyncio.Event) -> None:
    """One worker until `stop` is set. Raises `ServiceAway` when Kafka does not answer."""
    await wait_for_kafka(servers, WAIT_FOR_KAFKA_S)
    prefix, replication = settings.topic_prefix, settings.replication
    await worker.run_worker(
        servers,
        stop,
        status_file=_status_file(settings, name),
        prefix=prefix,
        ensure_department=partial(ensure_department, servers, prefix=prefix, replication=replication),
    )


async def run_gateway(settings: Settings, servers: str, stop: asyncio.Event) -> None:
    """Doors, API and pages until `stop` is set; it takes reports also while Kafka is away, once it knows the system."""
    home = Home(settings.home).make()
    system = await known_system(settings, servers, WAIT_FOR_KAFKA_S)
    region, outbox = region_of(settings), Outbox(home.outbox)
    app = create_app(
        outbox=outbox,
        ledger=Ledger(settings.ledger_file),
        photos=PhotoStore(settings.photo_folder, ZoneInfo(region.zone)),
        region=region,
        rulebook=rulebook_of(settings),
        system=system,
        language=Language(settings.lang),
        relay=Relay(outbox, servers, prefix=settings.topic_prefix),
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.bind, settings.http_port, shutdown_timeout=2).start()
    _say_that_it_runs(settings, "gateway")
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


async def run_ledger(settings: Settings, servers: str, stop: asyncio.Event) -> None:
    """The ledger until `stop` is set."""
    await wait_for_kafka(servers, WAIT_FOR_KAFKA_S)
    _say_that_it_runs(settings, "ledger")
    await ledger.run(servers, settings.ledger_file, stop, prefix=settings.topic_prefix)


def _status_file(settings: Settings, name: str) -> Path:
    file = settings.home / "status" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def _say_that_it_runs(settings: Settings, name: str) -> None:
    _status_file(settings, name).write_text(json.dumps({"pid": os.getpid(), "state": "running"}))
