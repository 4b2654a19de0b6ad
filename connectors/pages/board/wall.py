"""The live board on a wall screen: all of it at one sight, in letters to be read from four metres, nothing to touch."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

import htpy as h
from aiohttp import web

from connectors.pages.html.viewer import Viewer
from connectors.pages.html.whole_page import answered, script_data

STYLES: Final = ("pages.css", "list.css", "figures.css", "leaflet.css", "board.css", "wall.css")
AGAIN_S: Final = 10
"""How soon a page that has no ledger, or no script, is loaded anew."""


def wall(viewer: Viewer, title: str, top: h.Node, columns: h.Node, *, facts: dict[str, object]) -> web.Response:
    """A whole page without links and controls; its script keeps it going, and the screen awake."""
    body = [
        h.header(".top")[
            h.h1[viewer.gateway.region.name.to(viewer.language), " · ", title],
            h.p("#live.quiet", data_scripted=True)[h.span[viewer.words("js.live_starting")]],
            _clock(viewer),
        ],
        h.main[top, columns],
        h.div("#messages", role="status", aria_live="polite"),
        script_data(facts),
    ]
    head: list[h.Node] = [
        h.noscript[_again()],
        [h.link(rel="stylesheet", href=f"/assets/{style}") for style in STYLES],
        h.script(defer=True, src="/assets/leaflet.js"),
        h.script(type="module", src="/assets/board.js"),
    ]
    return _whole(viewer, title, head, body, HTTPStatus.OK)


def away(viewer: Viewer, title: str) -> web.Response:
    """Without a ledger; the page comes back by itself."""
    text = h.main[h.h1[title], h.p[viewer.words("ledger_away")]]
    style = [h.link(rel="stylesheet", href=f"/assets/{style}") for style in STYLES]
    return _whole(viewer, title, [_again(), style], text, HTTPStatus.SERVICE_UNAVAILABLE)


def _whole(viewer: Viewer, title: str, head: h.Node, body: h.Node, status: HTTPStatus) -> web.Response:
    first = [
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.title[f"{title} · Grid36"],
        h.link(rel="icon", href="/assets/icon.svg"),
    ]
    whole = h.html(lang=viewer.language.value)[
        h.head[first, head], h.body(".board.wall", data_region=viewer.gateway.region.code)[body]
    ]
    return answered(viewer, whole, status)


def _again() -> h.Node:
    return h.meta(http_equiv="refresh", content=str(AGAIN_S))


def _clock(viewer: Viewer) -> h.Element:
    """The time of day in the region."""
    at = datetime.fromtimestamp(viewer.now_ms / 1000, viewer.zone)
    return h.time("#clock", data_zone=viewer.gateway.region.zone, datetime=at.isoformat(timespec="minutes"))[
        f"{at:%H:%M}"
    ]
