"""Signing in by a link that works once, and signing out."""

from http import HTTPStatus
from urllib.parse import urlencode

import htpy as h
from aiohttp import web

from connectors.accounts.session import Way
from connectors.doors.http.app import SIGN_IN
from connectors.doors.http.context import GATEWAY
from connectors.pages.form.visitor import SESSION, session_of
from connectors.pages.html.inputs import button, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import name_of, words_of
from connectors.pages.signing_in.entering import asked_for, enter
from connectors.pages.signing_in.oidc_ways import LEFT, oidc_ways


async def show(request: web.Request) -> web.Response:
    """`/sign-in`: how to come in; `?to=` is the page that was asked for."""
    viewer = Viewer.of(request)
    steps = h.ul[h.li[words_of(viewer, "by_chat")], h.li[words_of(viewer, "by_administrator")]]
    form = way(words_of(viewer, "report"), "report", "/form")
    main = h.section(".card")[h.p(".lead")[words_of(viewer, "lead")], oidc_ways(viewer), steps]
    return page(viewer, words_of(viewer, "title"), main, h.div(".row")[form], name="sign-in", script=False)


async def show_link(request: web.Request) -> web.Response:
    """`/sign-in/TOKEN`: a button. Opening the address changes nothing, as messengers open it to show a preview."""
    viewer, token = Viewer.of(request), request.match_info["token"]
    person = await viewer.gateway.accounts.look(lambda rows: rows.linked(token, viewer.now_ms))
    if person is None:
        return _over(viewer)
    press = h.form(method="post", action=str(request.rel_url))[button(words_of(viewer, "enter"), "check", "main big")]
    lead = h.p(".lead")[words_of(viewer, "enter_as", name=name_of(viewer, person))]
    return page(viewer, words_of(viewer, "title"), h.section(".card")[lead, press], name="sign-in", script=False)


async def use_link(request: web.Request) -> web.StreamResponse:
    """The button: begin a session, once."""
    viewer, token = Viewer.of(request), request.match_info["token"]
    begun = await viewer.gateway.accounts.use_link(token, viewer.now_ms)
    if begun is not None:
        enter(viewer, begun)
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


def _over(viewer: Viewer) -> web.Response:
    again = h.p[
        h.a(".button", href=f"{SIGN_IN}?{urlencode({'to': asked_for(viewer.request)})}")[words_of(viewer, "title")]
    ]
    return page(
        viewer, words_of(viewer, "title"), notice("bad", words_of(viewer, "over")), again,
        name="sign-in", script=False, status=HTTPStatus.NOT_FOUND,
    )  # fmt: skip
