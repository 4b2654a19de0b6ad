"""The gateway process: its stores, its pages, its port, and the system as the log says that it is now."""

import asyncio
import errno
import logging
import os
from zoneinfo import ZoneInfo

from aiohttp import web

from connectors.doors.http.app import create_app
from connectors.doors.http.context import GATEWAY
from connectors.intake.photos import PhotoStore
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.relay import Admit, HeldBack, Relay
from connectors.outbox.store import Outbox
from connectors.pages import add_pages
from grid36.machine.home import Home, kept_port
from grid36.settings import Settings
from grid36.signals import unless
from grid36.system.config_follower import Following
from grid36.system.create import KnownSystem, compare, files_of
from schemas.errors import Stop
from schemas.names import Language
from schemas.system import Mode
from streams.rulebooks.topic import go_live

log = logging.getLogger(__name__)


class AddressTakenError(Stop):
    """The pages cannot listen at this address. End the program that does, or set another `GRID36_HTTP_PORT`."""


async def serve(settings: Settings, servers: str, known: KnownSystem, stop: asyncio.Event) -> None:
    """Doors, API and pages until `stop` is set. Raises `AddressTakenError`, and `OtherRegionError`."""
    if settings.region is not None and (warning := compare(known, await asyncio.to_thread(files_of, settings))):
        log.warning(warning)
    home = Home(settings.home)
    app = _app(settings, servers, known, home)
    app[GATEWAY].past_names = known.past_names
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        address = await _listen(runner, settings)
        home.say("gateway", os.getpid(), address=address)
        log.info("pages and API at %s", address)
        await unless(stop, _follow(app, settings, servers, known))
    finally:
        await runner.cleanup()


def _app(settings: Settings, servers: str, known: KnownSystem, home: Home) -> web.Application:
    outbox = Outbox(home.outbox)
    return create_app(
        outbox=outbox,
        ledger=Ledger(settings.ledger_file),
        photos=PhotoStore(settings.photo_folder, ZoneInfo(known.region.zone)),
        region=known.region,
        rulebook=known.rulebook,
        system=known.system,
        language=Language(settings.lang),
        relay=Relay(outbox, servers, prefix=settings.topic_prefix, admit=_live(settings, servers)),
        pages=[add_pages],
        hosts=settings.host_names,
        duties=home.duties,
    )


def _live(settings: Settings, servers: str) -> Admit:
    """The first report or act that is sent makes a new system a live one."""

    async def admit() -> None:
        system = await go_live(servers, prefix=settings.topic_prefix)
        if system is not None and system.mode is Mode.HISTORY:
            raise HeldBack

    return admit


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    """Open the port; the address of the pages."""
    port = kept_port(settings, "http", settings.http_port)
    try:
        await web.TCPSite(runner, settings.bind, port).start()
    except OSError as error:
        says = errno.errorcode.get(error.errno or 0, str(error))
        raise AddressTakenError(address=settings.bind, port=port, says=says) from None
    return settings.address(port)


async def _follow(app: web.Application, settings: Settings, servers: str, known: KnownSystem) -> None:
    """What the log says of the system and of reports that were set aside; ends when one of the two cannot be read."""
    async with asyncio.TaskGroup() as both:
        both.create_task(Following(settings, servers, known, app[GATEWAY]).run())
        both.create_task(app[GATEWAY].set_aside.follow(servers, prefix=settings.topic_prefix))
