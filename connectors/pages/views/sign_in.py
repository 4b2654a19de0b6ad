"""Signing in by name and password or by a link that works once, and signing out."""

from http import HTTPStatus
from typing import Final

import htpy as h
from aiohttp import web

from connectors.accounts.by_password import Begun, ByPassword, Wait
from connectors.accounts.session import ADMINISTRATOR, Way
from connectors.doors.http.app import SIGN_IN
from connectors.doors.http.context import GATEWAY
from connectors.doors.http.sender import TRIES, address_of
from connectors.pages.form.visitor import SESSION, session_of
from connectors.pages.html.inputs import button, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import name_of, words_of
from connectors.pages.signing_in.entering import enter, sign_in_address, waits
from connectors.pages.signing_in.oidc_ways import LEFT, oidc_ways
from connectors.pages.signing_in.password_form import password_form, typed_in

BY_PASSWORD: Final = web.AppKey("by_password", ByPassword)


async def show(request: web.Request) -> web.Response:
    """`/sign-in`: how to come in; `?to=` is the page that was asked for."""
    return await _show(Viewer.of(request))


async def post(request: web.Request) -> web.StreamResponse:
    """Name and password."""
    viewer, typed, address = Viewer.of(request), await typed_in(request), address_of(request)
    directory = viewer.gateway.directory
    done = await request.app[BY_PASSWORD].sign_in(
        viewer.gateway.accounts, typed, address, viewer.now_ms,
        lambda person: person == ADMINISTRATOR or directory.person(person) is not None,
    )  # fmt: skip
    if isinstance(done, Begun):
        await enter(viewer, done.token)
    if isinstance(done, Wait):
        return await _show(viewer, waits(viewer, done.ms), HTTPStatus.TOO_MANY_REQUESTS, wait_ms=done.ms)
    return await _show(viewer, words_of(viewer, "wrong"), HTTPStatus.FORBIDDEN, name=typed.name)


async def show_link(request: web.Request) -> web.Response:
    """`/sign-in/TOKEN`: a button. Opening the address changes nothing, as messengers open it to show a preview."""
    viewer, token = Viewer.of(request), request.match_info["token"]
    if ms := request.app[TRIES].links.wait_ms(address_of(request), viewer.now_ms):
        return await _show(viewer, waits(viewer, ms), HTTPStatus.TOO_MANY_REQUESTS, wait_ms=ms)
    person = await viewer.gateway.accounts.look(lambda rows: rows.linked(token, viewer.now_ms))
    if person is None:
        return _over(viewer)
    press = h.form(method="post", action=str(request.rel_url))[button(words_of(viewer, "enter"), "check", "main big")]
    lead = h.p(".lead")[words_of(viewer, "enter_as", name=name_of(viewer, person))]
    return page(viewer, words_of(viewer, "title"), h.section(".card")[lead, press], name="sign-in", script=False)


async def use_link(request: web.Request) -> web.StreamResponse:
    """The button: begin a session, once."""
    viewer, token = Viewer.of(request), request.match_info["token"]
    if ms := request.app[TRIES].links.wait_ms(address_of(request), viewer.now_ms):
        return await _show(viewer, waits(viewer, ms), HTTPStatus.TOO_MANY_REQUESTS, wait_ms=ms)
    begun = await viewer.gateway.accounts.use_link(token, viewer.now_ms)
    if begun is not None:
        await enter(viewer, begun)
    return _over(viewer)


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session of this browser."""
    gateway = request.app[GATEWAY]
    if (session := await session_of(request)) is not None:
        await gateway.accounts.ask(lambda rows: rows.end(session.id))
    by_oidc = session is not None and session.way is Way.OIDC
    answer = web.HTTPSeeOther(f"{SIGN_IN}?{LEFT}={Way.OIDC}" if by_oidc else SIGN_IN)
    answer.del_cookie(SESSION, path="/")
    raise answer


async def _show(
    viewer: Viewer, said: str = "", status: HTTPStatus = HTTPStatus.OK, *, name: str = "", wait_ms: int = 0
) -> web.Response:
    ways = await _ways(viewer, name, wrong=bool(said) and not wait_ms)
    answer = page(
        viewer, words_of(viewer, "title"),
        h.div("#said", role="alert")[notice("bad", said)] if said else None,
        h.p(".lead")[words_of(viewer, "lead")],
        [h.section(".card")[each] for each in ways if each is not None],
        h.div(".row")[way(words_of(viewer, "report"), "report", "/form")],
        name="sign-in", script=False, status=status,
    )  # fmt: skip
    if wait_ms:
        answer.headers["Retry-After"] = str(-(-wait_ms // 1000))
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _ways(viewer: Viewer, name: str, *, wrong: bool) -> list[h.Node]:
    """The ways in that this system has, the usual one first."""
    ways: list[h.Node] = []
    if await viewer.gateway.accounts.look(lambda rows: rows.local.any()):
        ways.append(password_form(viewer, name, wrong=wrong))
    ways.append(oidc_ways(viewer))
    ways.append(h.ul[h.li[words_of(viewer, "by_chat")], h.li[words_of(viewer, "by_administrator")]])
    return ways


def _over(viewer: Viewer) -> web.Response:
    viewer.request.app[TRIES].links.add(address_of(viewer.request), viewer.now_ms)
    again = h.p[h.a(".button", href=sign_in_address(viewer.request))[words_of(viewer, "title")]]
    return page(
        viewer, words_of(viewer, "title"), notice("bad", words_of(viewer, "over")), again,
        name="sign-in", script=False, status=HTTPStatus.NOT_FOUND,
    )  # fmt: skip
