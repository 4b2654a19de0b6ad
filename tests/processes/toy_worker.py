"""A worker process for tests that kill one: `python -m tests.processes.toy_worker SERVERS NAME PARTITIONS DRIVER`."""

import asyncio
import json
import logging
import os
import signal
import sys

from grid36.signals import leave
from streams.drivers.aiokafka import PlainDriver
from streams.drivers.driver import Driver
from streams.drivers.faust import FaustDriver
from streams.partition.assignment import Assignment
from streams.partition.worker_context import Shared
from tests.oracles.toy import toy_factory
from tests.processes.kafka_lab import Lab

DRIVERS: dict[str, type[Driver]] = {"FaustDriver": FaustDriver, "PlainDriver": PlainDriver}


async def work(servers: str, name: str, partitions: str, driver: str) -> None:
    """Until SIGTERM; says on stdout what it is doing."""
    toy = Lab(servers, int(partitions), name)
    assignment = Assignment({toy.topics["commands"]: toy_factory(toy.topics)}, Shared(toy.settings()))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    telling = asyncio.create_task(tell(assignment))
    try:
        await DRIVERS[driver]().run(assignment, stop)
    finally:
        telling.cancel()
    await leave()


async def tell(assignment: Assignment) -> None:
    """The hub's status, ten times a second."""
    while True:
        sys.stdout.write(json.dumps(assignment.status()) + "\n")
        sys.stdout.flush()
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(work(*sys.argv[1:]))
    os._exit(0)
