"""The three clocks of a case 签收、响应、处置: when they started, when each is due, how it stands."""

import htpy as h

from connectors.cases.history import Story
from connectors.cases.three_clocks import ClockReading, Standing, three_clocks
from connectors.pages.html.layout import facts
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer
from schemas.case import WITH_ORDER, Case, State


def shown(viewer: Viewer, story: Story) -> h.Element | None:
    """One line for each clock; None before the case was dispatched."""
    readings, words = three_clocks(story.case, story.events, viewer.now_ms), viewer.words
    if not readings:
        return None
    since = h.p(".quiet")[words("clocks.started"), " ", viewer.time(readings[0].started_ms)]
    cards = [_card(viewer, story.case, each) for each in readings]
    return h.section("#clocks", data_live=True)[h.h2[words("clocks.title")], since, h.ul(".clocks")[cards]]


def _card(viewer: Viewer, case: Case, reading: ClockReading) -> h.Element:
    words, standing, due_ms, ended_ms = viewer.words, reading.standing, reading.due_ms, reading.ended_ms
    goes_on = standing in {Standing.RUNNING, Standing.LATE} and ended_ms is None and case.state in WITH_ORDER
    ticking = running(due_ms, viewer.now_ms, words) if goes_on and due_ms is not None else None
    late = words("standing.late") if standing is Standing.RUNNING else None
    word = h.span(class_=f"chip {standing or ''}", data_late=late)[words(f"standing.{standing or 'none'}")]
    still = standing is Standing.STANDS_STILL
    return h.li[
        h.div(".head")[h.b[words(f"clocks.{reading.clock}")], word, ticking],
        facts(
            (words("clocks.due"), viewer.time(due_ms) if due_ms is not None else None),
            (words("clocks.ended"), viewer.time(ended_ms) if ended_ms is not None else None),
            (words("clocks.still"), _why_still(viewer, case) if still else None),
        ),
    ]


def _why_still(viewer: Viewer, case: Case) -> str:
    """Why it stands still, and how much is left when it goes on, in its own kind of time."""
    words = viewer.words
    why = {State.SUSPENDED: "suspended", State.RESOLVED: "resolved"}.get(case.state)
    if why is None or case.left_ms is None:
        return words("clocks.still.over")
    kind = "working" if case.clock is not None else "left"
    return words(f"clocks.still.{why}.{kind}", t=words.span(case.left_ms, exact=False))
