"""worker, gateway, ledger, broker: one process each, for compose, systemd and clusters; `grid36 up` starts the same."""

import asyncio
import logging
import os
import re
import sys
from collections.abc import Callable, Coroutine

import click

from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of, settings_with
from grid36.cli.terminal.help_texts import Group, command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import phrase
from grid36.kafka.topics import wait_for_kafka
from grid36.logs import set_up
from grid36.settings import Settings
from grid36.signals import leave, stop_on_signals
from schemas.chain import ChainError
from schemas.errors import Grid36Error
from schemas.names import Language, Name
from streams.kafka.topic_reader import LogCutError

CRASHED = 1
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}")
LIMIT_S = 15.0

Work = Callable[[Settings, str, asyncio.Event], Coroutine[None, None, None]]


def _until_stopped(work: Work) -> None:
    """Run until SIGTERM or Ctrl-C; logs a crash, after which the supervisor restarts the process."""
    settings = settings_with()
    set_up(settings.log_level)
    servers = servers_of(settings)

    async def run() -> None:
        await work(settings, servers, stop_on_signals())
        await leave()

    try:
        asyncio.run(run())
    except (Grid36Error, KeyboardInterrupt):
        raise
    except Exception:
        logging.getLogger(__name__).exception("this process crashed")
        sys.stderr.flush()
        os._exit(CRASHED)  # threads and clients may still hang after the failure


@command(help="command.worker.help")
@option("--name", default="worker", show_default=True, help="command.worker.name")
def worker(name: str) -> None:
    """Run one worker."""
    from grid36.composition import run_worker

    if PLAIN_NAME.fullmatch(name) is None:
        raise Misuse(Name.of("command.worker.wrong_name"))
    _until_stopped(lambda settings, servers, stop: run_worker(settings, servers, name, stop))


@command(help="command.gateway.help")
def gateway() -> None:
    """Run the gateway."""
    from grid36.composition import run_gateway

    _until_stopped(run_gateway)


@click.group(cls=Group, help="command.ledger.help")
def ledger() -> None:
    """The read model."""


@ledger.command(help="command.ledger.run.help")
def run() -> None:
    """Keep the ledger up with the log."""
    from grid36.composition import run_ledger

    _until_stopped(run_ledger)


@ledger.command(help="command.ledger.rebuild.help")
@asynchronous
async def rebuild() -> None:
    """Fold the whole log into a new ledger and put it in place; pages and figures go on meanwhile."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from connectors.clock import now_ms
    from connectors.ledger.write.place import place_of
    from connectors.ledger.write.run import rebuild as make_anew
    from grid36.system.in_force import active

    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    region, _ = await active(settings, servers, now_ms())
    before = place_of(settings.ledger_address).events()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True
    ) as bars:
        task = bars.add_task(phrase("rebuilding", Language(settings.lang)), total=before)
        events = await make_anew(
            servers,
            settings.ledger_address,
            zone=region.zone,
            prefix=settings.topic_prefix,
            progress=lambda done: bars.update(task, completed=done),
        )
    click.echo(phrase("rebuilt", Language(settings.lang), n=events))


@ledger.command(help="command.ledger.verify.help")
@as_json
@asynchronous
async def verify(as_json: bool) -> None:
    """Fold the whole log anew and compare every row."""
    from connectors.ledger.write.verify import verify as compare

    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    language = Language(settings.lang)
    said_in = Language.EN if as_json else language
    try:
        found = await compare(settings.ledger_address, servers, prefix=settings.topic_prefix)
        differences = [f"{each.table} {each.key}: {each.describe(said_in)}" for each in found]
    except (ChainError, LogCutError) as broken:
        differences = [broken.say(said_in)]
    say(
        {"equal": not differences, "differences": differences},
        as_json,
        lambda a: click.echo(phrase("ledger_equal", language) if a["equal"] else "\n".join(a["differences"])),
    )
    raise click.exceptions.Exit(1 if differences else 0)


@click.group(cls=Group, help="command.broker.help")
def broker() -> None:
    """The embedded Kafka."""


@broker.command(name="run", help="command.broker.run.help")
def run_broker() -> None:
    """Become the embedded Kafka of this GRID36_HOME, on 127.0.0.1."""
    from grid36.machine.broker import Broker

    settings = settings_of()
    Broker(settings.home, settings.kafka_port, java=settings.java, jars=settings.jars).run()
