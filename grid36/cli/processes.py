"""worker, gateway, ledger, broker: one process each, for compose, systemd and clusters; `grid36 up` starts the same."""

import asyncio
import logging
import os
import re
import sys
from collections.abc import Callable, Coroutine

import click

from connectors.tail import LogCutError
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of, settings_with
from grid36.kafka import wait_for_kafka
from grid36.logs import set_up
from grid36.settings import Settings
from grid36.stopping import stop_on_signals
from schemas.chain import ChainError
from schemas.errors import Grid36Error

CRASHED = 1
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}")
LIMIT_S = 15.0

Work = Callable[[Settings, str, asyncio.Event], Coroutine[None, None, None]]


def _until_stopped(work: Work) -> None:
    """Run until SIGTERM or Ctrl-C asks for a clean end; a crash is logged, and its supervisor starts it again."""
    settings = settings_with()
    set_up(settings.log_level)
    servers = servers_of(settings)

    async def run() -> None:
        await work(settings, servers, stop_on_signals())

    try:
        asyncio.run(run())
    except (Grid36Error, KeyboardInterrupt):
        raise
    except Exception:
        logging.getLogger(__name__).exception("this process crashed")
        sys.stderr.flush()
        os._exit(CRASHED)  # threads and clients may hang in what just failed


@click.command()
@click.option("--name", default="worker", show_default=True, help="What `grid36 status` calls it.")
def worker(name: str) -> None:
    """Run one worker: locate, cases and measure for its share of the partitions. Start as many as you like.

    \b
    GRID36_KAFKA=kafka:9092 grid36 worker --name worker-2
    """
    from grid36.run import run_worker

    if PLAIN_NAME.fullmatch(name) is None:
        raise click.UsageError("A name is made of letters, digits, dots and hyphens, at most 60, e.g. worker-2.")
    _until_stopped(lambda settings, servers, stop: run_worker(settings, servers, name, stop))


@click.command()
def gateway() -> None:
    """Run the gateway: doors, HTTP API and pages, on 127.0.0.1 unless GRID36_BIND says otherwise.

    \b
    GRID36_KAFKA=kafka:9092 GRID36_HTTP_PORT=8036 grid36 gateway
    """
    from grid36.run import run_gateway

    _until_stopped(run_gateway)


@click.group()
def ledger() -> None:
    """The read model: run it, make it anew, or prove it."""


@ledger.command()
def run() -> None:
    """Keep the ledger up with the log, e.g. `GRID36_KAFKA=kafka:9092 grid36 ledger run`."""
    from grid36.run import run_ledger

    _until_stopped(run_ledger)


@ledger.command()
@asynchronous
async def rebuild() -> None:
    """Fold the whole log into a new ledger and put it in place; pages and figures go on meanwhile."""
    from connectors.ledger.run import rebuild as make_anew

    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    events = await make_anew(servers, settings.ledger_file, prefix=settings.topic_prefix)
    click.echo(f"Rebuilt from {events} events.")


@ledger.command()
@as_json
@asynchronous
async def verify(as_json: bool) -> None:
    """Fold the whole log anew and compare every row. Exit code 1 when something differs."""
    from connectors.ledger.verify import verify as compare

    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    try:
        found = await compare(settings.ledger_file, servers, prefix=settings.topic_prefix)
        differences = [str(difference) for difference in found]
    except (ChainError, LogCutError) as broken:
        differences = [str(broken)]
    say(
        {"equal": not differences, "differences": differences},
        as_json,
        lambda a: click.echo("The ledger is what the log says." if a["equal"] else "\n".join(a["differences"])),
    )
    raise click.exceptions.Exit(1 if differences else 0)


@click.group()
def broker() -> None:
    """The embedded Kafka."""


@broker.command(name="run")
def run_broker() -> None:
    """Become the embedded Kafka of this GRID36_HOME, on 127.0.0.1: this process turns into Java."""
    from grid36.broker import Broker

    settings = settings_of()
    Broker(settings.home, settings.kafka_port, java=settings.java, jars=settings.jars).run()
