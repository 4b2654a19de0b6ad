"""Who has had a case, and how often it changed hands, came back, or was urged."""

from typing import Final

import htpy as h

from connectors.cases.history import Story
from connectors.cases.holders import Holder, holders
from connectors.pages.html.layout import facts
from connectors.pages.html.viewer import Viewer
from schemas.case import Case

MOST: Final = 12
"""The last holders, to limit the page size."""
COUNTS: Final = ("raises", "returns", "reworks", "extensions", "urged", "reopenings")


def shown(viewer: Viewer, story: Story) -> h.Element | None:
    """Counts, and the holders if there were several; None before somebody had the case."""
    had = holders(story.events)
    if not had:
        return None
    title = h.h2[viewer.words("course.title")]
    lines = h.ol(".course")[[_line(viewer, each) for each in had[-MOST:]]] if len(had) > 1 else None
    return h.section("#course", data_live=True)[title, _counts(viewer, story.case), lines]


def _counts(viewer: Viewer, case: Case) -> h.Element:
    """Hops always, because the target is none; the others if there were any."""
    counted = [(name, getattr(case, name)) for name in COUNTS]
    rows = [(viewer.words(f"course.{name}"), str(n) if n else None) for name, n in counted]
    return facts((viewer.words("course.hops"), str(case.hops)), *rows)


def _line(viewer: Viewer, holder: Holder) -> h.Element:
    words = viewer.words
    return h.li[
        viewer.time(holder.since_ms),
        h.b[viewer.name(holder.person)],
        h.span(".quiet")[words(f"course.as.{holder.part}")],
        h.span(".quiet")[words.one_of("event", holder.by)],
    ]
