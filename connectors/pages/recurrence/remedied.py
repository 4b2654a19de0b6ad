"""The standing remedy of a hot spot in its row: none yet, in work, or done, with the way to whether it helped."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import htpy as h

from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.spot import SpotAsked
from schemas.case import WITH_ORDER, Case
from schemas.days import day_of
from texts.catalogue import say

Remedies = Mapping[tuple[str, str, str], Case]
"""By segment, category and kind."""


def remedy_cell(viewer: Viewer, asked: SpotAsked, known: Remedies) -> list[h.Node]:
    """What is done there, and what one can do."""
    case = known.get((asked.segment, asked.category, asked.hot.kind))
    propose = h.a(href=asked.address("/hot-spots/propose"))[_word(viewer, "propose.link")]
    plain = h.a(href=_compared(asked.segment, asked.category, asked.hot.kind))[_word(viewer, "remedy.link")]
    if case is None:
        return [propose, h.small[plain]]
    address = f"/case/{quote(case.number, safe='')}?role=supervisor"
    opened = case.state in WITH_ORDER
    link = h.a(href=address)[_word(viewer, "remedy.open" if opened else "remedy.over")]
    done = helped(viewer, asked.segment, asked.category, asked.hot.kind, case) if case.resolved_ms else plain
    return [link, h.small[done], None if opened else h.small[propose]]


def helped(viewer: Viewer, segment: str, category: str, kind: str, case: Case) -> h.Element:
    """The way to whether it helped, counted from the day on which it was resolved."""
    day = day_of(case.resolved_ms or viewer.now_ms, viewer.zone).isoformat()
    return h.a(href=_compared(segment, category, kind, day))[_word(viewer, "remedy.helped", day=day)]


def _compared(segment: str, category: str, kind: str, day: str = "") -> str:
    asked = {"segment": segment, "category": category, "kind": kind} | ({"day": day} if day else {})
    return f"/hot-spots/remedy?{urlencode(asked)}"


def _word(viewer: Viewer, key: str, **facts: object) -> str:
    return say(viewer.language, f"recurrence.{key}", **facts)
