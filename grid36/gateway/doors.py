"""The registry of doors: name to what opens it. A new door is one line here; its code is imported when it is opened."""

import logging
import os
import ssl
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Final, Protocol

from aiohttp import web

from connectors.doors.contract import Door, DoorSetup, Hook, PlatformSetup
from connectors.intake.context import Gateway
from grid36.machine.home import Home, kept_port
from grid36.settings import Settings
from schemas.errors import Stop, WrongInput

log = logging.getLogger(__name__)

Opener = Callable[[Settings, DoorSetup], Door]


class UnknownDoorError(WrongInput):
    """There is no such door. Name the doors to be open in GRID36_DOORS, with commas between, such as http."""


class WrongCertificateError(Stop):
    """The certificate of the pages cannot be used. Correct GRID36_TLS_CERT and GRID36_TLS_KEY: PEM files that belong
    together.
    """


class NothingToCheckError(WrongInput):
    """This door has no account on a chat platform: nothing to check. `grid36 status` shows whether it runs."""


def _http(settings: Settings, setup: DoorSetup) -> Door:
    from connectors.chat.options import read_options
    from connectors.doors.http.app import Pages
    from connectors.doors.http.door import HttpDoor
    from connectors.doors.http.proofs.api import add_proofs
    from connectors.pages.app import add_blurring, add_chat, add_pages
    from connectors.pages.form.options import FormOptions
    from grid36.gateway.blurring import Blurring
    from grid36.system.proofs import proofs_of

    port = kept_port(settings, "http", settings.http_port)
    address = settings.address(port)
    setup.gateway.address = settings.public_url or address

    def listening() -> None:
        secured = {"certificate": str(settings.tls_cert)} if settings.tls_cert else {}
        Home(settings.home).say("gateway", os.getpid(), address=address, **secured)
        log.info("pages and API at %s", address)

    pages: list[Pages] = [partial(add_pages, options=read_options(FormOptions, setup.name, setup.options))]
    pages.append(partial(add_blurring, work=Blurring(setup.gateway.photos, Home(settings.home).doors)))
    proofs = proofs_of(settings, setup.gateway.region, setup.gateway.ledger)
    pages.append(partial(add_proofs, proofs=proofs))
    pages += setup.pages
    if settings.oidc is not None:
        from connectors.accounts.oidc.client import OidcClient
        from connectors.pages.signing_in.oidc_ways import add_oidc

        pages.append(partial(add_oidc, client=OidcClient(settings.oidc)))
    if "browser" in settings.door_names:
        pages.append(add_chat)
    return HttpDoor(
        setup.gateway, pages=pages, hooks=setup.hooks, host=settings.bind, port=port, tls=_tls(settings),
        listening=listening,
    )  # fmt: skip


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """What https needs. Raises `WrongCertificateError`."""
    if settings.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as fault:
        raise WrongCertificateError(cert=str(settings.tls_cert), key=str(settings.tls_key), says=str(fault)) from None
    return context


def folder(module: str) -> Opener:
    """The door in a folder of its own, which has `open_door(setup)`."""

    def opener(_: Settings, setup: DoorSetup) -> Door:
        door: Door = import_module(module).open_door(setup)
        return door

    return opener


CHATS: Final[Mapping[str, str]] = {
    "browser": "connectors.doors.browser",
    "feishu": "connectors.doors.feishu",
    "matrix": "connectors.doors.matrix",
    "telegram": "connectors.doors.telegram",
    "wechat": "connectors.doors.wechat",
    "wecom": "connectors.doors.wecom",
    "wecom_robot": "connectors.doors.wecom_robot",
}
"""The module of each chat door: it has `open_platform` too."""

DOORS: Final[Mapping[str, Opener]] = {
    "http": _http,
    **{name: folder(module) for name, module in CHATS.items()},
    "neighbour": folder("connectors.doors.neighbour"),
    "open311": folder("connectors.doors.open311"),
    "webhook": folder("connectors.doors.webhook"),
}

_PROGRAMS: Final = ("neighbour", "open311", "webhook")
CHECKED: Final[Mapping[str, str]] = {**CHATS, **{name: f"connectors.doors.{name}" for name in _PROGRAMS}}
"""The module of each door that `grid36 door check` can check."""

NEEDED: Final = frozenset({"http"})
"""Doors without which a gateway ends: commands and platforms that call us come by it."""


def open_doors(
    settings: Settings,
    gateway: Gateway,
    registry: Mapping[str, Opener] = DOORS,
    pages: tuple[Callable[[web.Application], None], ...] = (),
) -> dict[str, Door]:
    """The doors that the settings name, by name; `pages` adds some to the HTTP door. Raises `UnknownDoorError`."""
    unknown = [name for name in settings.door_names if name not in registry]
    if unknown:
        raise UnknownDoorError(door=unknown[0], known=", ".join(registry))
    doors, hooks = {}, dict[str, Hook]()
    for name in settings.door_names:
        folder, options = Home(settings.home).doors / name, options_of(name, os.environ)
        setup = DoorSetup(name, gateway, folder, options, hooks, pages)
        doors[name] = registry[name](settings, setup)
    return doors


class Checkable(Protocol):
    """What can be checked without its door: a `Platform`, for one."""

    async def check(self) -> Mapping[str, str]:
        """Who we are there, and how it stands. Raises `WrongInput` or `Retry`."""


def open_platform(settings: Settings, name: str, chats: Mapping[str, str] = CHECKED) -> Checkable:
    """What is behind one door, without the door, to check it.

    Raises `UnknownDoorError`, `NothingToCheckError`, and what the platform raises whose settings are wrong.
    """
    if name not in chats:
        known = ", ".join(dict.fromkeys([*DOORS, *chats]))
        raise NothingToCheckError(door=name) if name in DOORS else UnknownDoorError(door=name, known=known)
    home = Home(settings.home)
    address = settings.public_url or str(home.said().get("gateway", {}).get("address", ""))
    setup = PlatformSetup(name, home.doors / name, options_of(name, os.environ), address=address)
    platform: Checkable = import_module(chats[name]).open_platform(setup)
    return platform


def options_of(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of one door: `GRID36_DOOR_CHAT_TOKEN` is `token` of the door `chat`."""
    prefix = f"GRID36_DOOR_{name.upper().replace('-', '_')}_"
    return {key.removeprefix(prefix).lower(): value for key, value in environment.items() if key.startswith(prefix)}
