"""Renders times in the region's zone, and clocks that keep running in the page."""

from datetime import datetime, tzinfo

import htpy as h

from connectors.cases.times import when
from connectors.cases.translations import Translations
from connectors.pages.html.icons import icon
from schemas.case import WORKING, Case, State

SOON_MS = 3_600_000


def moment(t_ms: int, zone: tzinfo, now_ms: int) -> h.Element:
    """A time as a `time` element with the exact value."""
    at = datetime.fromtimestamp(t_ms / 1000, zone)
    exact = {"datetime": at.isoformat(timespec="seconds"), "title": at.strftime("%Y-%m-%d %H:%M:%S")}
    return h.time(**exact)[when(t_ms, zone, now_ms)]


def running(due_ms: int, now_ms: int, words: Translations) -> h.Element:
    """The time left until `due_ms`, or how late it is; the page's script keeps it running."""
    left = due_ms - now_ms
    kind = "late" if left < 0 else "soon" if left < SOON_MS else "calm"
    said = words("js.late" if left < 0 else "js.left", t=words.span(left))
    text = h.span(".said")[said]
    return h.span(class_=f"clock {kind}", data_due=due_ms)[icon("late" if left < 0 else "clock"), text]


def standing(text: str) -> h.Element:
    """A stopped clock."""
    return h.span(".clock.still")[icon("pause"), h.span(".said")[text]]


def clock_of(case: Case, now_ms: int, words: Translations) -> h.Element | None:
    """The current resolution clock of a case; None if it has none."""
    if case.state is State.SUSPENDED:
        return standing(words("clock.suspended"))
    if case.state is State.RESOLVED:
        return standing(words("clock.resolved"))
    if case.state not in WORKING and case.state is not State.RETURNED:
        return None
    return running(case.due_ms, now_ms, words) if case.due_ms is not None else standing(words("clock.none"))
