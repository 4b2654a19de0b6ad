"""The standing remedy of a hot spot in its row: none yet, in work, or done, with the way to whether it helped."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import htpy as h

from connectors.ledger.fold import ENDED
from connectors.ledger.queries.recurrence.exposure import PlaceKind
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.asked import HotSpotsAsked
from connectors.pages.recurrence.spot import SpotAsked
from schemas.case import WITH_ORDER, Case
from schemas.days import day_of
from texts.catalogue import say

Remedies = Mapping[tuple[str, str, str], Case]
"""By segment, category and kind."""


def remedy_cell(viewer: Viewer, hot: HotSpotsAsked, place: str, category: str, known: Remedies) -> list[h.Node]:
    """What is done there, and what one can do; a grid can only be compared."""
    plain = h.a(href=compared(hot.by, place, category, hot.kind))[_word(viewer, "remedy.link")]
    if hot.by != "segment":
        return [plain]
    case = known.get((place, category, hot.kind))
    propose = h.a(href=SpotAsked(place, category, hot).address("/hot-spots/propose"))[_word(viewer, "propose.link")]
    if case is None:
        return [propose, h.small[plain]]
    address = f"/case/{quote(case.number, safe='')}?role=supervisor"
    opened = case.state in WITH_ORDER
    link = h.a(href=address)[_word(viewer, "remedy.open" if opened else "remedy.over")]
    return [link, h.small[helped(viewer, case) or plain], None if opened else h.small[propose]]


def helped(viewer: Viewer, case: Case, look: str = ".link") -> h.Element | None:
    """The way to whether a remedy helped, counted from the day on which it was resolved; None: it is not done."""
    remedy = case.remedy
    if remedy is None or case.resolved_ms is None or case.state not in ENDED:
        return None
    day = day_of(case.resolved_ms, viewer.zone).isoformat()
    address = compared("segment", remedy.segment, remedy.category, remedy.kind, day)
    return h.a(look, href=address)[_word(viewer, "remedy.helped", day=day)]


def compared(by: PlaceKind, place: str, category: str, kind: str, day: str = "") -> str:
    """The page that compares a place with itself before a day."""
    asked = {by: place, "category": category, "kind": kind} | ({"day": day} if day else {})
    return f"/hot-spots/remedy?{urlencode(asked)}"


def _word(viewer: Viewer, key: str, **facts: object) -> str:
    return say(viewer.language, f"recurrence.{key}", **facts)
