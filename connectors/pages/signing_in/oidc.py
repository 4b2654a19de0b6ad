"""Signing in by the organisation's own log-in: there, back with a code, and out."""

import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import htpy as h
from aiohttp import web
from yarl import URL

from connectors.accounts.oidc.attempt import LASTS_S, Returned
from connectors.accounts.oidc.provider import NotProven, ProviderAway
from connectors.accounts.session import Way
from connectors.doors.http.app import SIGN_IN
from connectors.doors.http.sender import TRIES, address_of
from connectors.intake.refusal import refused
from connectors.pages.html.inputs import way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import words_of
from connectors.pages.signing_in.entering import asked_for, enter, safe, waits
from connectors.pages.signing_in.oidc_ways import BACK, OIDC, START, Oidc, name_there

COOKIE: Final = "oidc"
"""What binds an attempt to one browser, for its way there and back."""
NO: Final = "no"
"""The parameter that says why nobody was signed in: a word of `WHY`."""
WHY: Final = {
    "again": HTTPStatus.BAD_REQUEST,
    "denied": HTTPStatus.BAD_REQUEST,
    "not_proven": HTTPStatus.BAD_REQUEST,
    "unknown": HTTPStatus.FORBIDDEN,
    "nameless": HTTPStatus.FORBIDDEN,
    "away": HTTPStatus.SERVICE_UNAVAILABLE,
    "wait": HTTPStatus.TOO_MANY_REQUESTS,
}
CANNOT: Final = "OIDC: the provider cannot be used: %s"

log = logging.getLogger(__name__)


async def start(request: web.Request) -> web.StreamResponse:
    """`/sign-in/oidc`: to the provider, and from there to the page in `?to=`."""
    viewer, oidc = Viewer.of(request), _oidc(request)
    tries, address = request.app[TRIES].provider, address_of(request)
    if ms := tries.wait_ms(address, viewer.now_ms):
        return _no(viewer, "wait", to=asked_for(request), wait_ms=ms)
    tries.add(address, viewer.now_ms)
    attempt = oidc.attempts.begin(asked_for(request), oidc.client.now_s())
    try:
        there = await oidc.client.leave_for(attempt, _back(viewer), viewer.language)
    except ProviderAway as fault:
        return _away(viewer, fault)
    answer = web.HTTPSeeOther(URL(there, encoded=True))
    answer.headers["Cache-Control"] = "no-store"
    answer.set_cookie(
        COOKIE, attempt.cookie, max_age=LASTS_S, path=START, samesite="Lax", httponly=True, secure=viewer.https
    )
    raise answer


async def back(request: web.Request) -> web.StreamResponse:
    """`/sign-in/oidc/back`: whoever comes back signed in there is signed in here, if the region knows them."""
    viewer, oidc, given = Viewer.of(request), _oidc(request), request.query
    if (why := given.get(NO, "")) in WHY:
        return _no(viewer, why, to=given.get("to", ""))
    attempt = oidc.attempts.end(request.cookies.get(COOKIE, ""), given.get("state", ""), oidc.client.now_s())
    if attempt is None:
        raise _told("again", "")
    if "error" in given or "code" not in given:
        log.info("OIDC: the provider says no: %s", repr(given.get("error", "no code")[:80]))
        raise _told("denied", attempt.to)
    try:
        who = await oidc.client.who(attempt, Returned(given["code"], given.get("iss", "")), _back(viewer))
    except ProviderAway as fault:
        log.warning(CANNOT, fault)
        raise _told("away", attempt.to) from None
    except NotProven as fault:
        log.warning("OIDC: it is not proven who somebody is: %s", fault)
        raise _told("not_proven", attempt.to) from None
    person = viewer.gateway.directory.person(who) if who else None
    if person is not None:
        accounts, id = viewer.gateway.accounts, person.id
        request.app[TRIES].provider.take_back(address_of(request))
        token = await accounts.ask(lambda rows: rows.begin(id, Way.OIDC, viewer.now_ms, accounts.limits))
        await enter(viewer, token, attempt.to, over=(COOKIE, START))
    raise _told("unknown" if who else "nameless", attempt.to)


async def out(request: web.Request) -> web.StreamResponse:
    """`/sign-in/oidc/out`: to where the provider ends its own session, if it has such a page."""
    viewer, oidc = Viewer.of(request), _oidc(request)
    try:
        there = await oidc.client.sign_out_at(f"{viewer.gateway.address}{SIGN_IN}")
    except ProviderAway as fault:
        return _away(viewer, fault)
    raise web.HTTPSeeOther(URL(there or SIGN_IN, encoded=True))


def _oidc(request: web.Request) -> Oidc:
    found = request.app.get(OIDC)
    if found is None:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_page")
    return found


def _back(viewer: Viewer) -> str:
    """Where the provider sends browsers back to: the one address that is registered there."""
    return f"{viewer.gateway.address}{BACK}"


def _away(viewer: Viewer, fault: ProviderAway) -> web.Response:
    log.warning(CANNOT, fault)
    return _no(viewer, "away", to=asked_for(viewer.request))


def _told(why: str, to: str) -> web.HTTPSeeOther:
    """Leads to a page that says why, whose address holds no code: it may be opened again, in the other language too."""
    answer = web.HTTPSeeOther(f"{BACK}?{urlencode({NO: why, 'to': to})}")
    answer.headers["Cache-Control"] = "no-store"
    answer.del_cookie(COOKIE, path=START)
    return answer


def _no(viewer: Viewer, why: str, *, to: str, wait_ms: int = 0) -> web.Response:
    """Why nobody was signed in, and what to do now."""
    name, claim = name_there(viewer), viewer.request.app[OIDC].client.provider.claim
    to = urlencode({"to": safe(to)})
    ways = h.div(".row")[
        way(words_of(viewer, "oidc.try_again"), "redo", f"{START}?{to}"),
        way(words_of(viewer, "oidc.other_ways"), "person", f"{SIGN_IN}?{to}"),
    ]
    more = {"unknown": "oidc.claim", "nameless": "oidc.no_claim"}
    key = "oidc.unknown" if why in more else f"oidc.{why}"
    said = waits(viewer, wait_ms) if why == "wait" else words_of(viewer, key, name=name)
    answer = page(
        viewer, words_of(viewer, "title"), notice("bad", said),
        h.p[words_of(viewer, more[why], claim=claim)] if why in more else None, ways,
        name="sign-in", script=False, status=WHY[why],
    )  # fmt: skip
    if wait_ms:
        answer.headers["Retry-After"] = str(-(-wait_ms // 1000))
    return answer
