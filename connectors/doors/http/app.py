"""The aiohttp application: the API, photos, recordings, the live stream, and any pages added to it.

`create_app` wires it; pages build on `context` and `forms`.
"""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from connectors.doors.contract import Accept, Hook
from connectors.doors.http.api import BROADCASTER, add_routes
from connectors.doors.http.context import ACCEPT, ACTS_AS, ADMIT, GATEWAY, language_of
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.live_stream import LIMITS, Broadcaster, StreamLimits
from connectors.intake.context import Gateway
from connectors.intake.refusal import FieldFault, Refused, refused
from connectors.photos.files import PhotosAwayError

Pages = Callable[[web.Application], None]
"""Adds routes (and what they need) to the application; called once, after the API's routes."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
PUBLIC: Final = ("/chat", "/form", "/in/", "/doors/", "/assets/", "/photos/", "/recordings/")
"""Beginnings of the paths that are shown to everybody, where there is a public address."""
OWN: Final = re.compile(r"/handler|/case/[^/]+(/acts)?|/reporter/reports/[^/]+/supplement")
"""Paths that are shown there to those for whom a page knows what is theirs, and which then show nothing else."""
WATCHED: Final = re.compile(r"/board(/cases|/shapes)?|/api/changes")
"""Paths that are shown there to people with authority over grids, who see the cases of these grids only."""
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What proxies add to the requests that they pass on."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}

log = logging.getLogger(__name__)


def create_app(
    gateway: Gateway,
    accept: Accept,
    *,
    pages: Iterable[Pages] = (),
    hooks: Mapping[str, Hook] = MappingProxyType({}),
    stream: StreamLimits = LIMITS,
) -> web.Application:
    """The application; run it bound to 127.0.0.1."""
    # no middleware may read a body: bodies are streamed and have their own limits
    app = web.Application(middlewares=[_answers, _same_site])
    app[GATEWAY], app[ACCEPT] = gateway, accept
    app[BROADCASTER] = Broadcaster(gateway, stream)
    add_routes(app)
    app.router.add_route("*", r"/doors/{name:[^/]+}{rest:.*}", _hooked(hooks))
    for add in pages:
        add(app)
    app.on_response_prepare.append(_add_headers)
    app.on_shutdown.append(_let_browsers_go)
    return app


def _hooked(hooks: Mapping[str, Hook]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        hook = hooks.get(request.match_info["name"])
        if hook is None:
            raise web.HTTPNotFound
        return await hook(request)

    return handle


@web.middleware
async def _answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers errors as JSON in the requested language; an internal error gets a number to find it in the log."""
    headers = {}
    try:
        return await handler(request)
    except Refused as refusal:
        answer = refusal
        if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = str(refusal.faults[0].facts.get("seconds", 1))
    except PhotosAwayError as fault:
        log.error("%s", fault)  # noqa: TRY400 - the message is for the operator
        answer = refused(HTTPStatus.SERVICE_UNAVAILABLE, "photos_away")
    except web.HTTPNotFound:
        answer = refused(HTTPStatus.NOT_FOUND, "unknown_page")
    except web.HTTPMethodNotAllowed as fault:
        known = headers["Allow"] = ", ".join(sorted(fault.allowed_methods))
        answer = refused(HTTPStatus.METHOD_NOT_ALLOWED, "wrong_method", given=request.method[:20], known=known)
    except web.HTTPException as fault:
        if fault.status < 400:
            raise
        answer = refused(HTTPStatus(fault.status), "bad_form")
    except (asyncio.CancelledError, ConnectionError):
        raise
    except Exception:
        number = secrets.token_hex(4)
        log.exception("error %s while answering %s %s", number, request.method, request.path)
        answer = refused(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", number=number)
    body = answer.answer(language_of(request))
    if not request.content.at_eof() and request.method not in SAFE:
        headers["Connection"] = "close"  # do not read the rest of an unwanted body
    return json_answer(body, answer.status, headers)


@web.middleware
async def _same_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only our pages may post, and only to our host names: another site must not act on behalf of its reader."""
    gateway = request.app[GATEWAY]
    public_host = gateway.public_host if _from_outside(request, gateway.public_host) else ""
    if public_host:
        await _check_public(request)
    elif _host_name(request.host) not in LOOPBACK | gateway.hosts:
        raise Refused(HTTPStatus.MISDIRECTED_REQUEST, [FieldFault("wrong_host", "Host")])
    if request.method not in SAFE:
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if not _is_ours(origin, request.host, public_host) or site not in ("same-origin", "none"):
            raise Refused(HTTPStatus.FORBIDDEN, [FieldFault("cross_site", "Origin")])
    return await handler(request)


async def _check_public(request: web.Request) -> None:
    """Raise `HTTPNotFound` for what is not shown at the public address."""
    own, watched = OWN.fullmatch(request.path) is not None, WATCHED.fullmatch(request.path) is not None
    if not (own or watched) and not request.path.startswith(PUBLIC):
        raise web.HTTPNotFound
    admit = request.app.get(ADMIT)
    who = request[ACTS_AS] = await admit(request) if (own or watched) and admit is not None else ""
    if (own and not who) or (watched and not request.app[GATEWAY].directory.watches_somewhere(who)):
        raise web.HTTPNotFound


def _from_outside(request: web.Request, public_host: str) -> bool:
    """Whether it came by the public address, if there is one; what a proxy passes on did, whatever host it names."""
    named = _host_name(request.host) == public_host
    return bool(public_host) and (named or any(name in request.headers for name in FORWARDED))


def _is_ours(origin: str | None, host: str, public_host: str) -> bool:
    """True if the origin is our own pages, or if none is given; a proxy may have put its own name for the host."""
    try:
        parts = urlsplit(origin or "")
        return origin is None or parts.netloc == host or (bool(public_host) and parts.hostname == public_host)
    except ValueError:
        return False


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


async def _let_browsers_go(app: web.Application) -> None:
    await app[BROADCASTER].close()
