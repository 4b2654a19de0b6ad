"""worker, gateway, ledger, broker: one process each, for compose, systemd and clusters; `grid36 up` starts the same."""

import asyncio
import signal
from collections.abc import Callable, Coroutine

import click

from grid36.broker import Broker
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.run import run_gateway, run_ledger, run_worker


def _until_stopped(work: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> None:
    """Run until SIGTERM or Ctrl-C asks for a clean end."""

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await work(stop)

    asyncio.run(run())


@click.command()
@click.option("--name", default="worker", show_default=True, help="What `grid36 status` calls it.")
def worker(name: str) -> None:
    """Run one worker: locate, cases and measure for its share of the partitions. Start as many as you like."""
    settings = settings_of()
    _until_stopped(lambda stop: run_worker(settings, servers_of(settings), name, stop))


@click.command()
def gateway() -> None:
    """Run the gateway: doors, HTTP API and pages, on 127.0.0.1 unless GRID36_BIND says otherwise."""
    settings = settings_of()
    _until_stopped(lambda stop: run_gateway(settings, servers_of(settings), stop))


@click.group()
def ledger() -> None:
    """The read model: run it, make it anew, or prove it."""


@ledger.command()
def run() -> None:
    """Keep the ledger up with the log."""
    settings = settings_of()
    _until_stopped(lambda stop: run_ledger(settings, servers_of(settings), stop))


@ledger.command()
@asynchronous
async def rebuild() -> None:
    """Fold the whole log into a new ledger and put it in place; pages go on meanwhile."""
    from connectors.ledger.run import rebuild as make_anew

    settings = settings_of()
    events = await make_anew(servers_of(settings), settings.ledger_file, prefix=settings.topic_prefix)
    click.echo(f"Rebuilt from {events} events.")


@ledger.command()
@as_json
@asynchronous
async def verify(as_json: bool) -> None:
    """Fold the whole log anew and compare every row. Exit code 1 when something differs."""
    from connectors.ledger.verify import verify as compare

    settings = settings_of()
    differences = [
        str(d) for d in await compare(settings.ledger_file, servers_of(settings), prefix=settings.topic_prefix)
    ]
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
    """Become the embedded Kafka of this GRID36_HOME, on 127.0.0.1."""
    settings = settings_of()
    Broker(settings.home, settings.kafka_port, java=settings.java, jars=settings.jars).run()
