"""The only place where elements become the text of a page.

Walks htpy's elements itself: on Python 3.11, `str` of an element takes twice the time of a whole page, because htpy
checks every tuple of children against a protocol with `__html__`. A test compares both results.
"""

import re
from collections.abc import Callable
from typing import Final

import htpy as h
from markupsafe import escape

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters that HTML forbids and people may send: control characters and lone surrogates."""


def rendered(page: h.Element) -> str:
    """A page as text, without characters that HTML forbids."""
    pieces: list[str] = []
    _walk(page, pieces.append)
    return FORBIDDEN.sub("", "".join(pieces))


def _walk(node: h.Node, put: Callable[[str], None]) -> None:
    if isinstance(node, str):
        put(escape(node))
    elif isinstance(node, (list, tuple)):
        for child in node:
            _walk(child, put)
    elif isinstance(node, h.BaseElement):
        start = "<!doctype html>\n<" if isinstance(node, h.HTMLElement) else "<"
        put(f"{start}{node._name}{node._attrs}>")
        if isinstance(node, h.Element):
            _walk(node._children, put)
            put(f"</{node._name}>")
    elif node is not None:
        put(str(h.fragment[node]))
