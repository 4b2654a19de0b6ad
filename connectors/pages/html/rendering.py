"""The one place where elements become the text of a page.

A walk of our own over htpy's elements: as `str` makes them, htpy's generators take twice the time of the whole page on
Python 3.11, because a tuple of children is asked for `__html__` by a protocol. A test holds both equal.
"""

import re
from collections.abc import Callable
from typing import Final

import htpy as h
from markupsafe import escape

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What HTML forbids and people may send: control characters and lone surrogates."""


def rendered(page: h.Element) -> str:
    """A page as text, without what HTML forbids."""
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
