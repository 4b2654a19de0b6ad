"""The frame of every page: head, header with the roles and the other language, the main part, what scripts need."""

import json
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from connectors.pages.html.icons import icon
from connectors.pages.html.markup import Html, join, tag
from connectors.pages.html.viewer import YEAR_S, Viewer
from schemas.names import Language

ROLES: Final = {"reporter": "report", "handler": "handle", "supervisor": "watch"}
"""Role to its icon, in the order in which a case meets them."""


def page(
    viewer: Viewer,
    title: str,
    *main: object,
    name: str,
    role: str = "",
    after: str = "",
    script: bool = True,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """A whole page. `name` is for styles, `role` marks the present one, `after` is where the live stream goes on."""
    words = viewer.words
    head = [
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">'),
        tag("title", f"{title} · Grid36"),
        tag("link", rel="icon", href="/assets/icon.svg"),
        tag("link", rel="stylesheet", href="/assets/pages.css"),
        tag("script", type="module", src="/assets/page.js") if script else None,
    ]
    body = [
        tag("a", words("skip"), class_="skip", href="#main"),
        _header(viewer, role),
        tag("main", tag("h1", title), main, id="main"),
        tag("footer", viewer.gateway.region.name.to(viewer.language), " · Grid36"),
        Html('<div id="told" role="status" aria-live="polite"></div>'),
        _setup(viewer, after) if script else None,
    ]
    html = tag("html", tag("head", head), tag("body", body, class_=name), lang=viewer.language.value)
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": viewer.language.value,
        "Vary": "Accept-Language, Cookie",
    }
    answer = web.Response(text=f"<!doctype html>\n{html}", content_type="text/html", status=status, headers=headers)
    for cookie, value in viewer.cookies.items():
        answer.set_cookie(cookie, value, max_age=YEAR_S, samesite="Lax", httponly=True, path="/")
    return answer


def _header(viewer: Viewer, role: str) -> Html:
    words = viewer.words
    links = [
        tag(
            "a", icon(pictogram), tag("span", words("role." + name)), href="/" + name,
            aria_current="page" if name == role else None,
        )
        for name, pictogram in ROLES.items()
    ]  # fmt: skip
    other = Language.EN if viewer.in_chinese else Language.ZH
    address = viewer.request.rel_url.update_query(lang=other.value)
    switch = tag("a", words("other_language"), href=str(address), lang=other.value, hreflang=other.value, class_="lang")
    brand = tag("a", Html("<b>Grid</b>36"), href="/", class_="brand", aria_label=words("start.title"))
    return tag("header", brand, tag("nav", links, aria_label=words("roles")), switch)


def _setup(viewer: Viewer, after: str) -> Html:
    """What scripts need, as data: it is no script, and nothing in it can end the element."""
    facts: dict[str, Any] = {"now": viewer.now_ms, "after": after, "words": viewer.words.for_scripts()}
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Html(f'<script type="application/json" id="setup">{text}</script>')


def notice(kind: str, *children: object) -> Html:
    """A box that says something important; `kind` is good, bad or plain."""
    signs = {"good": "check", "bad": "late", "plain": "ask"}
    return tag("div", icon(signs[kind]), tag("div", children), class_=f"notice {kind}")


def facts(*rows: tuple[str, object]) -> Html:
    """Names and values; rows without a value are left out."""
    return tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in rows if join(value)], class_="facts")
