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
from grid36.signals import stop_on_signals
from schemas.chain import ChainError
from schemas.errors import Grid36Error
from schemas.names import Language, Name
from streams.kafka.topic_reader import LogCutError

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


_WORKER = """运行一个工作进程：为所分到的分区定位、办理和统计。可启动任意多个。

\b
GRID36_KAFKA=kafka:9092 grid36 worker --name worker-2"""


@command(zh=_WORKER)
@option(
    "--name",
    default="worker",
    show_default=True,
    help=Name(zh="grid36 status 中的名称。", en="What `grid36 status` calls it."),
)
def worker(name: str) -> None:
    """Run one worker: locate, cases and measure for its share of the partitions. Start as many as you like.

    \b
    GRID36_KAFKA=kafka:9092 grid36 worker --name worker-2
    """
    from grid36.composition import run_worker

    if PLAIN_NAME.fullmatch(name) is None:
        raise Misuse(
            Name(
                zh="名称由字母、数字、点和连字符组成，最多 60 个，如 worker-2。",
                en="A name is made of letters, digits, dots and hyphens, at most 60, e.g. worker-2.",
            )
        )
    _until_stopped(lambda settings, servers, stop: run_worker(settings, servers, name, stop))


_GATEWAY = """运行网关：各入口、HTTP API 和页面；默认在 127.0.0.1，可用 GRID36_BIND 改变。

\b
GRID36_KAFKA=kafka:9092 GRID36_HTTP_PORT=8036 grid36 gateway"""


@command(zh=_GATEWAY)
def gateway() -> None:
    """Run the gateway: doors, HTTP API and pages, on 127.0.0.1 unless GRID36_BIND says otherwise.

    \b
    GRID36_KAFKA=kafka:9092 GRID36_HTTP_PORT=8036 grid36 gateway
    """
    from grid36.composition import run_gateway

    _until_stopped(run_gateway)


_LEDGER = """台账（读取模型）：运行、重建或核对。"""


@click.group(cls=Group, zh=_LEDGER)
def ledger() -> None:
    """The read model: run it, make it anew, or prove it."""


_RUN = """让台账跟上日志，如 GRID36_KAFKA=kafka:9092 grid36 ledger run。"""


@ledger.command(zh=_RUN)
def run() -> None:
    """Keep the ledger up with the log, e.g. `GRID36_KAFKA=kafka:9092 grid36 ledger run`."""
    from grid36.composition import run_ledger

    _until_stopped(run_ledger)


_REBUILD = """由整个日志重建台账并替换；期间页面和统计照常。"""


@ledger.command(zh=_REBUILD)
@asynchronous
async def rebuild() -> None:
    """Fold the whole log into a new ledger and put it in place; pages and figures go on meanwhile."""
    from connectors.ledger.write.run import rebuild as make_anew

    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    events = await make_anew(servers, settings.ledger_file, prefix=settings.topic_prefix)
    click.echo(phrase("rebuilt", Language(settings.lang), n=events))


_VERIFY = """重新推算整个日志并逐行核对。有差异时退出码为 1。"""


@ledger.command(zh=_VERIFY)
@as_json
@asynchronous
async def verify(as_json: bool) -> None:
    """Fold the whole log anew and compare every row. Exit code 1 when something differs."""
    from connectors.ledger.write.verify import verify as compare

    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    language = Language(settings.lang)
    said_in = Language.EN if as_json else language
    try:
        found = await compare(settings.ledger_file, servers, prefix=settings.topic_prefix)
        differences = [f"{each.table} {each.key}: {each.told(said_in)}" for each in found]
    except (ChainError, LogCutError) as broken:
        differences = [broken.say(said_in)]
    say(
        {"equal": not differences, "differences": differences},
        as_json,
        lambda a: click.echo(phrase("ledger_equal", language) if a["equal"] else "\n".join(a["differences"])),
    )
    raise click.exceptions.Exit(1 if differences else 0)


_BROKER = """内置 Kafka。"""


@click.group(cls=Group, zh=_BROKER)
def broker() -> None:
    """The embedded Kafka."""


_RUN_BROKER = """成为此 GRID36_HOME 的内置 Kafka，监听 127.0.0.1：本进程变为 Java。"""


@broker.command(name="run", zh=_RUN_BROKER)
def run_broker() -> None:
    """Become the embedded Kafka of this GRID36_HOME, on 127.0.0.1: this process turns into Java."""
    from grid36.machine.broker import Broker

    settings = settings_of()
    Broker(settings.home, settings.kafka_port, java=settings.java, jars=settings.jars).run()
