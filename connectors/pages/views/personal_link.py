"""`/in/TOKEN`: a personal link instead of a password. It opens the form as one person."""

from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from connectors.pages.form.fields import words_of
from connectors.pages.form.visitor import INVITE, LINK, MOST_INVITATION, TEAM, linked
from connectors.pages.html.layout import nothing
from connectors.pages.html.viewer import Viewer


async def enter(request: web.Request) -> web.StreamResponse:
    """Remember the link and go on, so that the address bar shows no token: to the form, or with `?to=` elsewhere.

    `?invite=` is for the chat in the same browser, if it is opened.
    """
    viewer, token = Viewer.of(request), request.match_info["token"]
    person = await linked(viewer.gateway, token)
    if person is None:
        return nothing(viewer, words_of(viewer, "title"), words_of(viewer, "over"), HTTPStatus.NOT_FOUND)
    viewer.cookies[LINK] = token
    if invite := request.query.get("invite", "")[:MOST_INVITATION]:
        viewer.cookies[INVITE] = invite
    to = {"handler": "/handler", "board": "/board"}.get(request.query.get("to", ""), "/form")
    return _off(viewer, to)


async def join(request: web.Request) -> web.StreamResponse:
    """`/in/team/TOKEN`: the form as a member of a team."""
    viewer, token = Viewer.of(request), request.match_info["token"]
    invitation = await viewer.gateway.contacts.invitation(token, viewer.now_ms)
    if invitation is None or not invitation.team:
        return nothing(viewer, words_of(viewer, "title"), words_of(viewer, "over"), HTTPStatus.NOT_FOUND)
    viewer.cookies[TEAM] = viewer.cookies[INVITE] = invitation.token
    return _off(viewer, "/form")


async def leave(request: web.Request) -> web.StreamResponse:
    """Forget the link in this browser; on other phones it still opens the pages."""
    viewer = Viewer.of(request)
    answer = web.HTTPSeeOther("/form")
    for cookie in (LINK, TEAM, INVITE):
        answer.del_cookie(cookie, path="/")
    viewer.remember(answer)
    raise answer


def _off(viewer: Viewer, to: str) -> web.StreamResponse:
    query = {"lang": viewer.language.value} if "lang" in viewer.request.query else {}
    answer = web.HTTPSeeOther(f"{to}?{urlencode(query)}" if query else to)
    answer.headers["Cache-Control"] = "no-store"
    viewer.remember(answer)
    raise answer
