"""The layout of the chat page and of the two phones: a head, one column as high as the screen, and data for scripts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import htpy as h
from aiohttp import web
from markupsafe import Markup

from connectors.doors.http.app import HEADERS
from connectors.pages.html.rendering import rendered
from connectors.pages.html.viewer import YEAR_S, Viewer
from schemas.names import Language
from texts.catalogue import catalogue, say

FRAMED: Final = HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""Our own page of two phones may frame the chats of the demo; no other page may."""


def words_of(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of the catalogue `browser` in the reader's language."""
    return say(viewer.language, f"browser.{key}", **facts)


def chat_page(
    viewer: Viewer,
    title: str,
    *body: h.Node,
    name: str,
    scripts: Sequence[str],
    facts: Mapping[str, Any],
    framed: bool = False,
) -> web.Response:
    """A whole page. `facts` go to its scripts, with their texts; `framed` may be shown in a frame of ours."""
    head: list[h.Node] = [
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.meta(name="format-detection", content="telephone=no"),
        h.title[f"{title} · Grid36"],
        h.link(rel="icon", href="/assets/icon.svg"),
        h.link(rel="stylesheet", href="/assets/pages.css"),
        h.link(rel="stylesheet", href="/assets/chat.css"),
        [h.script(defer=True, src=f"/assets/{script}") for script in scripts],
    ]
    data = {**facts, "words": catalogue("browser", viewer.language).under("js.")}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    setup = h.script("#setup", type="application/json")[Markup(text)]  # noqa: S704  # JSON without "<"
    whole = h.html(lang=viewer.language.value)[h.head[head], h.body(class_=name)[body, setup]]
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": viewer.language.value,
        "Vary": "Accept-Language, Cookie",
    }
    if framed:
        headers |= {"Content-Security-Policy": FRAMED, "X-Frame-Options": "SAMEORIGIN"}
    answer = web.Response(text=rendered(whole), content_type="text/html", headers=headers)
    https = viewer.request.headers.get("X-Forwarded-Proto") == "https"  # of the proxy in front
    for cookie, value in viewer.cookies.items():
        answer.set_cookie(cookie, value, max_age=YEAR_S, samesite="Lax", httponly=True, path="/", secure=https)
    return answer


def language_switch(viewer: Viewer) -> h.Element:
    """A link to the same page in the other language."""
    other = Language.EN if viewer.language is Language.ZH else Language.ZH
    address = viewer.request.rel_url.update_query(lang=other.value)
    return h.a(".lang", href=str(address), lang=other.value, hreflang=other.value)[viewer.words("other_language")]
