"""What every whole page has, whatever its layout: its answer, its data for scripts, and the switch of languages."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import htpy as h
from aiohttp import web
from markupsafe import Markup

from connectors.pages.html.rendering import rendered
from connectors.pages.html.viewer import Viewer
from schemas.names import Language


def answered(viewer: Viewer, whole: h.Element, status: HTTPStatus) -> web.Response:
    """A page that no cache stores, with the cookies of its reader."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": viewer.language.value,
        "Vary": "Accept-Language, Cookie",
    }
    answer = web.Response(text=rendered(whole), content_type="text/html", status=status, headers=headers)
    viewer.remember(answer)
    return answer


def script_data(facts: Mapping[str, Any]) -> h.Element:
    """Data for scripts, as JSON: it is not executable, and nothing in it can end the element."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return h.script("#setup", type="application/json")[Markup(text)]  # noqa: S704  # JSON without "<"


def language_switch(viewer: Viewer) -> h.Element:
    """A link to the same page in the other language."""
    other = Language.EN if viewer.language is Language.ZH else Language.ZH
    address = viewer.request.rel_url.update_query(lang=other.value)
    return h.a(".lang", href=str(address), lang=other.value, hreflang=other.value)[viewer.words("other_language")]
