"""Gives HTTP handlers the gateway, the function that accepts submissions, and the language of a request."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from connectors.doors.contract import Accept
from connectors.doors.http.access import Caller, remit_of
from connectors.intake.context import Gateway
from connectors.lists.lists import Lists
from connectors.proofs.accounts import Proofs
from schemas.asked_language import language_among, tags_of
from schemas.names import Language
from schemas.remit import Remit

GATEWAY: Final = web.AppKey("gateway", Gateway)
ACCEPT: Final = web.AppKey("accept", Accept)
PROOFS: Final = web.AppKey("proofs", Proofs)
"""What went between Grid36 and its partners, where somebody keeps it."""
LISTS: Final = web.AppKey("lists", Lists)
"""What the pages of the list steward work with, where there are any."""

Admit = Callable[[web.Request], Awaitable[Caller]]
ADMIT: Final[web.AppKey[Admit]] = web.AppKey("admit")
"""For whom a request comes by the cookies of pages: by a session, a personal link or the chat in the same browser."""
CALLER: Final = web.RequestKey("caller", Caller)
"""Who sent a request."""


def acts_as(request: web.Request) -> str | None:
    """The only id under which a request may see and send something ("": none); None where it may be anybody."""
    caller = request.get(CALLER, Caller())
    return None if caller.may_be_anybody else caller.id


def part_of(request: web.Request) -> Remit:
    """The only part of the region that its answer may tell of, whatever the address asks for."""
    return remit_of(request.get(CALLER, Caller()), request.app[GATEWAY])


def language_of(request: web.Request) -> Language:
    """The requested language: `?lang=`, else the cookie `lang`, else Accept-Language, else the gateway's default."""
    tags = [request.query.get("lang", ""), request.cookies.get("lang", "")]
    tags += tags_of(request.headers.get("Accept-Language", ""))
    return language_among(tags, request.app[GATEWAY].language)
