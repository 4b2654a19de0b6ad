"""lost: shows records that were deleted from the log before they were applied, and accepts the loss."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

import click

from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.kafka.topics import wait_for_kafka
from grid36.machine.broker import Broker
from grid36.machine.home import Home
from grid36.replay.position import read_system
from grid36.settings import Settings
from schemas.errors import WrongInput
from schemas.names import Language
from schemas.system import Mode
from streams.kafka.settings import EngineSettings
from streams.loss import Loss, accept, losses
from streams.rulebooks.topic import system_name

LIMIT_S = 15.0


class NotAHistoryError(WrongInput):
    """In a history, nothing says what was added after the log was cut. Replay it into a new system."""


@command(help="command.lost.help")
@option("--accept", "accepted", is_flag=True, help="command.lost.accept")
@as_json
@asynchronous
async def lost(accepted: bool, as_json: bool) -> None:
    """Records that are missing from the log, so that a worker refuses to go on."""
    settings = settings_of()
    async with _kafka(settings) as servers:
        system, _ = await read_system(servers, settings.topic_prefix)
        engine = EngineSettings(servers, system_name(settings.topic_prefix), system.partitions)
        found = await losses(engine, settings.topic_prefix)
        if accepted:
            if system.mode is Mode.HISTORY and any(one.applied for one in found):
                raise NotAHistoryError
            done = [await accept(engine, loss, settings.topic_prefix) for loss in found]
            found = [loss for loss in done if loss is not None]
    rows = [asdict(one) for one in found]
    say(
        {"count": len(rows), "accepted": accepted, "lost": rows},
        as_json,
        lambda _: _show(found, accepted, Language(settings.lang)),
    )
    raise click.exceptions.Exit(NO if found and not accepted else DONE)


@asynccontextmanager
async def _kafka(settings: Settings) -> AsyncIterator[str]:
    """The Kafka of this system; starts the embedded one if nothing is up, and stops it again."""
    home = Home(settings.home)
    if settings.kafka or home.living() or not home.is_used:
        servers = servers_of(settings)
        await wait_for_kafka(servers, LIMIT_S)
        yield servers
        return
    broker = Broker(settings.home, settings.kafka_port, java=settings.java, jars=settings.jars)
    with home.only_one():
        try:
            yield await broker.start()
        finally:
            await broker.stop()


def _show(found: list[Loss], accepted: bool, language: Language) -> None:
    for one in found:
        where, what = f"{one.topic}/{one.partition}", "lost_applied" if one.applied else "lost_deleted"
        click.echo(phrase(what, language, where=where, first=one.first, last=one.last))
    click.echo(phrase("lost_none" if not found else "lost_accepted" if accepted else "lost_restore", language))
