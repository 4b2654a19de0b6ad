"""The layout of the chat page and of the two phones: a head, one column as high as the screen, and data for scripts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import htpy as h
from aiohttp import web

from connectors.doors.http.app import HEADERS
from connectors.pages.html.phone_layout import phone_page
from connectors.pages.html.viewer import Viewer
from texts.catalogue import say

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
    styles = ("chat.css",)
    answer = phone_page(
        viewer, title, *body, name=name, styles=styles, scripts=scripts, facts=facts, words="browser"
    )  # fmt: skip
    if framed:
        answer.headers.update({"Content-Security-Policy": FRAMED, "X-Frame-Options": "SAMEORIGIN"})
    return answer
