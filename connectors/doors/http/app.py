"""The aiohttp application: the API, photos, recordings, the live stream, and any pages added to it.

`create_app` wires it; pages build on `context` and `forms`.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from connectors.accounts.reads import Read, ReadsUnwritableError
from connectors.accounts.store import AccountsUnwritableError
from connectors.doors.contract import Accept, Hook
from connectors.doors.http.access import OF_PROGRAMS, Access, Caller, Credential, Reach, access_to, allows
from connectors.doors.http.api import BROADCASTER, add_routes
from connectors.doors.http.context import ACCEPT, ADMIT, CALLER, GATEWAY, language_of
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.live_stream import LIMITS, Broadcaster, StreamLimits
from connectors.doors.http.request_pace import RequestPace
from connectors.doors.http.sender import TRIES, WrongTries, address_of, too_many
from connectors.intake.context import Gateway
from connectors.intake.refusal import FieldFault, Refused, refused
from connectors.photos.files import PhotosAwayError
from connectors.subscriptions.errors import SubscriptionsUnwritableError

Pages = Callable[[web.Application], None]
"""Adds routes (and what they need) to the application; called once, after the API's routes."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What proxies add to the requests that they pass on."""
SIGN_IN: Final = "/sign-in"
STANDARDS: Final = {"/open311/v2": "open311"}
"""Where programs look for what a standard describes, and the door there."""
BY_COOKIE: Final = frozenset({Credential.SESSION, Credential.PERSONAL_LINK, Credential.BROWSER})
WRITTEN_DOWN: Final = frozenset({Credential.SESSION, Credential.PERSONAL_LINK, Credential.KEY, *OF_PROGRAMS})
"""Whose looks at personal data are: a browser nobody knows sees its own reports only."""
MOST_ABOUT: Final = 100
VIEW_MS: Final = 3_600_000
"""How long a view that stays open is one look, whatever its page asks for meanwhile."""
ASKING: Final = web.AppKey("asking", RequestPace)
SENDING: Final = web.AppKey("sending", RequestPace)
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
    """The application."""
    # no middleware may read a body: bodies are streamed and have their own limits
    app = web.Application(middlewares=[_answers, _same_site])
    app[GATEWAY], app[ACCEPT], app[TRIES] = gateway, accept, WrongTries()
    app[ASKING], app[SENDING] = RequestPace(300, 20), RequestPace(120, 2)
    app[BROADCASTER] = broadcaster = Broadcaster(gateway, stream)
    gateway.live_streams = lambda: broadcaster.browsers
    add_routes(app)
    app.router.add_route("*", r"/doors/{name:[^/]+}{rest:.*}", _hooked(hooks))
    for path, name in STANDARDS.items():
        app.router.add_route("*", path + "{rest:.*}", _hooked(hooks, name))
    for add in pages:
        add(app)
    app.middlewares.append(_allowed)  # the innermost, so that pages show what it refuses
    app.on_response_prepare.append(_add_headers)
    app.on_shutdown.append(_let_browsers_go)
    return app


def _hooked(hooks: Mapping[str, Hook], name: str = "") -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        hook = hooks.get(name or request.match_info["name"])
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
    except (AccountsUnwritableError, ReadsUnwritableError) as fault:
        log.error("%s", fault)  # noqa: TRY400 - the message is for the operator
        answer = refused(HTTPStatus.SERVICE_UNAVAILABLE, "accounts_away")
    except SubscriptionsUnwritableError as fault:
        log.error("%s", fault)  # noqa: TRY400 - the message is for the operator
        answer = refused(HTTPStatus.SERVICE_UNAVAILABLE, "subscriptions_away")
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
    if not public_host and _host_name(request.host) not in LOOPBACK | gateway.hosts:
        raise Refused(HTTPStatus.MISDIRECTED_REQUEST, [FieldFault("wrong_host", "Host")])
    if request.method not in SAFE:
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if not _is_ours(origin, request.host, public_host) or site not in ("same-origin", "none"):
            raise Refused(HTTPStatus.FORBIDDEN, [FieldFault("cross_site", "Origin")])
    return await handler(request)


@web.middleware
async def _allowed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place that asks the table of access. A stranger to a page is led to signing in."""
    request[CALLER] = caller = await _caller(request)
    if request.match_info.http_exception is not None:
        return await handler(request)  # which says that there is no such path or method
    resource = request.match_info.route.resource
    access = access_to(request.method, resource.canonical) if resource is not None else None
    gateway = request.app[GATEWAY]
    if access is None or (access.here_only and _from_outside(request, gateway.public_host)):
        raise web.HTTPNotFound
    if access.reach is not Reach.EVERYBODY and caller.credential in BY_COOKIE:
        _check_origin(request)
    if allows(access, caller, gateway):
        if access.reach is not Reach.EVERYBODY:  # pages bring pictures and scripts
            _check_pace(request, caller)
        answer = await handler(request)
        if access.personal and answer.status < 300 and caller.credential in WRITTEN_DOWN:
            await gateway.accounts.reads.add(_read(request, caller, access), VIEW_MS if access.filters else 0)
        return answer
    if caller.credential is Credential.SESSION:
        raise refused(HTTPStatus.FORBIDDEN, "not_for_you")
    if caller.credential in OF_PROGRAMS:
        raise refused(HTTPStatus.FORBIDDEN, f"not_for_{caller.credential}")
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther(f"{SIGN_IN}?{urlencode({'to': request.path_qs})}")
    raise refused(HTTPStatus.UNAUTHORIZED, "sign_in")


async def _caller(request: web.Request) -> Caller:
    """Who sent it. Raises `Refused` for a wrong key: 401, or 429 after many."""
    gateway, admit = request.app[GATEWAY], request.app.get(ADMIT)
    if (shown := request.headers.get("Authorization")) is not None:
        if gateway.key and secrets.compare_digest(shown.encode(), f"Bearer {gateway.key}".encode()):
            return Caller(Credential.KEY)
        if (program := await _program(gateway, shown)) is not None:
            return program
        raise _wrong_key(request)
    if gateway.demo and _is_local(request):
        return Caller(Credential.DEMO)
    return await admit(request) if admit is not None else Caller()


async def _program(gateway: Gateway, shown: str) -> Caller | None:
    """Whose key it is: that of a department or of a platform of the region, or nobody's."""
    scheme, _, key = shown.partition(" ")
    if scheme != "Bearer" or not key:
        return None
    department, platform = await gateway.accounts.look(
        lambda rows: (rows.department_keys.key(key), rows.platform_keys.key(key))
    )
    if department is not None and gateway.directory.organisation(department.owner) is not None:
        return Caller(Credential.DEPARTMENT, department.owner, department.id)
    if platform is not None and any(platform.owner == each.code for each in gateway.region.platforms):
        return Caller(Credential.PLATFORM, platform.owner)
    return None


def _check_pace(request: web.Request, caller: Caller) -> None:
    """Raises `Refused` (429) for somebody who asks or sends without end."""
    if caller.credential in {Credential.SESSION, Credential.PERSONAL_LINK}:
        pace = request.app[ASKING if request.method in SAFE else SENDING]
        if (wait_s := pace.wait_s(caller.id, request.app[GATEWAY].clock())) > 0:
            raise refused(HTTPStatus.TOO_MANY_REQUESTS, "too_fast", seconds=wait_s)


def _read(request: web.Request, caller: Caller, access: Access) -> Read:
    """This look at personal data, as it is written down."""
    resource = request.match_info.route.resource
    what = f"GET {resource.canonical}" if resource is not None else ""
    asked = urlencode({name: value for name in access.filters if (value := request.query.get(name, ""))})
    about = next(iter(request.match_info.values()), asked)[:MOST_ABOUT]
    return Read(request.app[GATEWAY].clock(), caller.id, caller.credential, what, about)


def _wrong_key(request: web.Request) -> Refused:
    """The refusal of a wrong key."""
    tries, address, now_ms = request.app[TRIES].keys, address_of(request), request.app[GATEWAY].clock()
    if wait_ms := tries.wait_ms(address, now_ms):
        return too_many(wait_ms)
    tries.add(address, now_ms)
    return refused(HTTPStatus.UNAUTHORIZED, "wrong_key")


def _check_origin(request: web.Request) -> None:
    """A browser says which page sends something; where cookies say who it is, it must. Raises `Refused`."""
    if request.method not in SAFE and not {"Origin", "Sec-Fetch-Site"} & request.headers.keys():
        raise refused(HTTPStatus.FORBIDDEN, "cross_site", "Origin")


def _from_outside(request: web.Request, public_host: str) -> bool:
    """Whether it came by the public address, if there is one; what a proxy passes on did, whatever host it names."""
    named = _host_name(request.host) == public_host
    return bool(public_host) and (named or any(name in request.headers for name in FORWARDED))


def _is_local(request: web.Request) -> bool:
    """Whether it came from this machine, and no proxy hides where it came from."""
    passed_on = any(name in request.headers for name in FORWARDED)
    return request.remote in LOOPBACK and _host_name(request.host) in LOOPBACK and not passed_on


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
