"""What is doubtful about a report, for those who dispatch and verify; it blocks nothing."""

from collections.abc import Sequence

import htpy as h

from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from schemas.doubts import Doubt


def doubt_box(viewer: Viewer, doubts: Sequence[Doubt], role: str) -> h.Element | None:
    """One box with a sentence for each; the other case is a link."""
    if not doubts:
        return None
    return notice("bad", h.p[viewer.words("doubt.title")], h.ul[[_line(viewer, doubt, role) for doubt in doubts]])


def _line(viewer: Viewer, doubt: Doubt, role: str) -> h.Element:
    number, said = str(doubt.facts.get("case", "")), viewer.why(doubt.because)
    if not number:
        return h.li[said]
    before, _, after = said.partition(number)
    return h.li[before, h.a(href=f"/case/{number}?role={role}" if role else f"/case/{number}")[number], after]
