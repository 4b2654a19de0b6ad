"""Gives a browser its session and leads it to the page that was asked for."""

from typing import Final, NoReturn
from urllib.parse import urlencode

from aiohttp import web

from connectors.doors.http.app import SIGN_IN
from connectors.pages.form.visitor import SESSION
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import words_of

MOST_ADDRESS: Final = 500
MINUTE_MS: Final = 60_000


async def enter(viewer: Viewer, token: str, to: str | None = None, *, over: tuple[str, str] | None = None) -> NoReturn:
    """To `to`, else to what the address asks for. `over`: name and path of a cookie that is not needed any more.

    A session that this browser had before ends: nobody would end it later, as its cookie is replaced.
    """
    if before := viewer.request.cookies.get(SESSION, ""):
        await viewer.gateway.accounts.ask(lambda rows: rows.end_of(before))
    answer = web.HTTPSeeOther(asked_for(viewer.request) if to is None else safe(to))
    answer.headers["Cache-Control"] = "no-store"
    viewer.remember(answer)
    answer.set_cookie(SESSION, token, samesite="Lax", httponly=True, path="/", secure=viewer.https)
    if over is not None:
        answer.del_cookie(over[0], path=over[1])
    raise answer


def sign_in_address(request: web.Request) -> str:
    """The page of signing in, which remembers the page that was asked for."""
    to = asked_for(request)
    return f"{SIGN_IN}?{urlencode({'to': to})}" if to != "/" else SIGN_IN


def asked_for(request: web.Request) -> str:
    """The page in `?to=`, else the first one."""
    return safe(request.query.get("to", ""))


def safe(to: str) -> str:
    """An address of ours as it is, and the first page instead of any other."""
    to = to[:MOST_ADDRESS]
    ours = to.startswith("/") and not to.startswith(("//", "/\\", SIGN_IN)) and to.isprintable()
    return to if ours else "/"


def waits(viewer: Viewer, ms: int) -> str:
    """When to try again."""
    if ms < MINUTE_MS:
        return words_of(viewer, "wait_seconds", n=-(-ms // 1000))
    return words_of(viewer, "wait_minutes", n=-(-ms // MINUTE_MS))
