"""The gateway process: its stores, its doors, and the system as the log says that it is now."""

import asyncio
import logging
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from connectors.accounts.session import SessionLimits
from connectors.accounts.store import Accounts
from connectors.chat.options import read_options
from connectors.chat.runtime.erasing import ChatErasing
from connectors.chat.runtime.forgetting import Retention
from connectors.contacts.book import ContactBook
from connectors.doors.contract import Door
from connectors.intake.accept import accept
from connectors.intake.background import background
from connectors.intake.context import Gateway
from connectors.intake.door_limit import DoorLimit, DoorLimitSettings
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.queries.cases import Ledger
from connectors.orders.action_reader import ActionReader
from connectors.orders.open_acts import OpenActs
from connectors.outbox.relay import Admit, HeldBack, Relay
from connectors.outbox.store import Outbox
from connectors.pages.lists.routes import add_lists
from connectors.photos.places import photo_files
from connectors.photos.store import PhotoStore
from connectors.replies.feed import ReplyFeed
from connectors.replies.others import others
from connectors.subscriptions.deliveries import DeliveryLimits
from connectors.subscriptions.store import SubscriptionStore
from grid36.gateway.doors import DOORS, NEEDED, Opener, open_doors, options_of
from grid36.gateway.forgetting import erase_files, forget_accounts
from grid36.gateway.lists import gateway_lists, list_desk
from grid36.gateway.proofs import proof_keeper
from grid36.gateway.rota import GatewayRota
from grid36.gateway.subscriptions import subscription_works
from grid36.machine.home import Home
from grid36.metrics.serving import gateway_metrics
from grid36.settings import Settings
from grid36.signals import until
from grid36.system.config_follower import Following
from grid36.system.create import KnownSystem, compare
from grid36.system.region_files import files_apart
from schemas.errors import Stop
from schemas.names import Language
from schemas.system import Mode
from streams.rulebooks.topic import go_live

HOUR_MS: Final = 3_600_000
DEPARTMENT_DOOR: Final = "department"
"""The name in the log of what departments write to their topics."""

log = logging.getLogger(__name__)


async def serve(
    settings: Settings, servers: str, known: KnownSystem, stop: asyncio.Event, registry: Mapping[str, Opener] = DOORS
) -> None:
    """Keep the doors open until `stop` is set.

    Raises what a door raises that cannot be opened, `UnknownDoorError`, and `OtherRegionError`.
    """
    if settings.region is not None and (warning := compare(known, await files_apart(settings))):
        log.warning(warning)
    home = Home(settings.home)
    gateway = _gateway(settings, servers, known, home)
    gateway.rota = GatewayRota(gateway)
    acts = OpenActs(home.open_acts)
    gateway.note_act = acts.add_of_http
    desk = list_desk(settings, servers, gateway)
    lists = gateway_lists(settings, desk, gateway)
    async with background(gateway, home.duties), AsyncExitStack() as stack:
        doors = open_doors(settings, gateway, registry, (partial(add_lists, lists=lists),))
        await stack.enter_async_context(gateway_metrics(settings, servers, gateway, doors))
        if "http" not in doors:  # which says more, once it listens
            home.say("gateway", os.getpid())
        prefix, feed = settings.topic_prefix, _feed(home, gateway, doors)
        works = [
            Following(settings, servers, known, gateway, desk.hear).run(),
            gateway.set_aside.follow(servers, prefix=prefix),
        ]
        if feed is not None:
            works.append(feed.run(servers, prefix=prefix))
        works += [_run(door, gateway, name, feed) for name, door in doors.items()]
        taking = partial(accept, gateway, (DEPARTMENT_DOOR,))
        works.append(ActionReader(gateway, taking, acts, servers, prefix=prefix).run())
        works += subscription_works(gateway, servers, prefix=prefix, limits=_delivery_limits(settings))
        works.append(Retention(gateway, home.doors, settings.contact_days, forget_accounts).run())
        works.append(lists.keeper.run())
        works.append(proof_keeper(settings, servers, gateway).run())
        works.append(ChatErasing(gateway, home.doors, erase_files).run())
        try:
            await until(stop, *works)
        finally:
            await acts.close()
            if feed is not None:
                await feed.close()


async def _run(door: Door, gateway: Gateway, name: str, feed: ReplyFeed | None) -> None:
    """Run one door; when it ends by a `Stop`, it stays closed, and `grid36 status` says why."""
    replies = feed.of(name) if feed is not None and door.capabilities.replies else None
    try:
        limit = read_options(DoorLimitSettings, name, options_of(name, os.environ))
        await door.run(DoorLimit(gateway, partial(accept, gateway, door.log_names), limit), replies)
    except Stop as fault:
        if name in NEEDED:
            raise
        log.error("the door %s is closed: %s", name, fault)  # noqa: TRY400 - the message is for the operator
        gateway.closed_doors[name] = fault
        await asyncio.Event().wait()


def _feed(home: Home, gateway: Gateway, doors: Mapping[str, Door]) -> ReplyFeed | None:
    """Nobody reads the log for replies where no door sends any."""
    replying = {name: door.log_names for name, door in doors.items() if door.capabilities.replies}
    log_names = {log_name: name for name, log_names in replying.items() for log_name in log_names}
    if not log_names:
        return None

    def language(person: str) -> Language:
        known = gateway.directory.person(person)
        return gateway.language if known is None else known.language

    handlers = gateway.contacts.handlers(frozenset(replying), language)
    return ReplyFeed(
        home.replies,
        log_names,
        gateway.clock,
        handlers,
        others(lambda: (gateway.directory, gateway.rulebook)),
        lambda person, grid: gateway.rota.instead_of(person, grid, gateway.clock()),
    )


def _gateway(settings: Settings, servers: str, known: KnownSystem, home: Home) -> Gateway:
    outbox = Outbox(home.outbox)
    return Gateway(
        outbox=outbox,
        contacts=ContactBook(home.contacts),
        accounts=Accounts(
            home.accounts, SessionLimits(idle_ms=settings.session_hours * HOUR_MS), read_days=settings.read_days
        ),
        ledger=Ledger(settings.ledger_address),
        photos=PhotoStore(
            photo_files(settings.photo_address), ZoneInfo(known.region.zone), thumbnail_px=settings.thumbnail_px
        ),
        recordings=RecordingStore(home.recordings),
        region=known.region,
        rulebook=known.rulebook,
        system=known.system,
        language=Language(settings.lang),
        public_host=settings.public_host,
        public_url=settings.public_url,
        hosts=frozenset(settings.host_names),
        proxies=settings.proxy_networks,
        key=home.make_key(),
        demo=settings.demo,
        relay=Relay(outbox, servers, prefix=settings.topic_prefix, admit=_live(settings, servers)),
        past_names=known.past_names,
        door_folder=home.doors,
        subscriptions=SubscriptionStore(home.subscriptions),
        subscriber_hosts=frozenset(settings.subscriber_hosts),
    )


def _delivery_limits(settings: Settings) -> DeliveryLimits:
    return DeliveryLimits(
        give_up_days=settings.subscription_days,
        most_waiting=settings.subscription_most,
        most_dead=settings.subscription_dead,
    )


def _live(settings: Settings, servers: str) -> Admit:
    """The first report or act that is sent makes a new system a live one."""

    async def admit() -> None:
        system = await go_live(servers, prefix=settings.topic_prefix)
        if system is not None and system.mode is Mode.HISTORY:
            raise HeldBack

    return admit
