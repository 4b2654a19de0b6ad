"""The layout of pages for phones, the chat and the form: a head, and data for scripts that need no modules."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import htpy as h
from aiohttp import web

from connectors.pages.html.viewer import Viewer
from connectors.pages.html.whole_page import answered, script_data
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
    setup = script_data({**facts, "words": catalogue(words, viewer.language).under("js.")})
    whole = h.html(lang=viewer.language.value)[h.head[inner], h.body(class_=name)[body, setup]]
    return answered(viewer, whole, status)
