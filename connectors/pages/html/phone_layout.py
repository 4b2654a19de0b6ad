"""The layout of pages for phones, the chat and the form: a head, and data for scripts that need no modules."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import htpy as h
from aiohttp import web
from markupsafe import Markup

from connectors.pages.html.rendering import rendered
from connectors.pages.html.viewer import Viewer
from schemas.names import Language
from texts.catalogue import catalogue


def phone_page(
    viewer: Viewer,
    title: str,
    *body: h.Node,
    name: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    facts: Mapping[str, Any],
    words: str,
    head: h.Node = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """A whole page. `facts` go to its scripts, with the texts `js.` of the catalogue `words`."""
    inner: list[h.Node] = [
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.meta(name="format-detection", content="telephone=no"),
        h.title[f"{title} · Grid36"],
        h.link(rel="icon", href="/assets/icon.svg"),
        [h.link(rel="stylesheet", href=f"/assets/{style}") for style in ("pages.css", *styles)],
        head,
        [h.script(defer=True, src=f"/assets/{script}") for script in scripts],
    ]
    data = {**facts, "words": catalogue(words, viewer.language).under("js.")}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    setup = h.script("#setup", type="application/json")[Markup(text)]  # noqa: S704  # JSON without "<"
    whole = h.html(lang=viewer.language.value)[h.head[inner], h.body(class_=name)[body, setup]]
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": viewer.language.value,
        "Vary": "Accept-Language, Cookie",
    }
    answer = web.Response(text=rendered(whole), content_type="text/html", status=status, headers=headers)
    viewer.remember(answer)
    return answer


def language_switch(viewer: Viewer) -> h.Element:
    """A link to the same page in the other language."""
    other = Language.EN if viewer.language is Language.ZH else Language.ZH
    address = viewer.request.rel_url.update_query(lang=other.value)
    return h.a(".lang", href=str(address), lang=other.value, hreflang=other.value)[viewer.words("other_language")]
