"""Absences as text, each with a button that ends it."""

from datetime import datetime

import htpy as h

from connectors.ledger.queries.absences import Absence, Absences
from connectors.pages.html.inputs import button, form, hidden
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer


def own(viewer: Viewer, covers: Absences, me: str) -> list[h.Element]:
    """Notes above a person's jobs: that they are away, or whom they cover for."""
    words, now, boxes = viewer.words, viewer.now_ms, list[h.Element]()
    if (away := covers.away(me, now)) is not None:
        end = back(viewer, away, me, "handler") if viewer.signed_in else None
        boxes.append(notice("plain", h.p[in_words(viewer, away)], end))
    for other in covers.covered_by(me, now):
        boxes.append(notice("plain", words("absence.covering", who=viewer.name(other))))
    return boxes


def in_words(viewer: Viewer, span: Absence) -> str:
    """Who is away until when, and who covers."""
    words = viewer.words
    who, until = viewer.name(span.person), viewer.when(span.until_ms)
    cover = viewer.name(span.cover) if span.cover else words("absence.nobody")
    if span.from_ms > viewer.now_ms:
        return words("absence.ahead", who=who, start=viewer.when(span.from_ms), until=until, cover=cover)
    return words("absence.now", who=who, until=until, cover=cover)


def back(viewer: Viewer, span: Absence, by: str, role: str) -> h.Element:
    """End or cancel an absence: until its end, the person covers for themselves."""
    start = max(span.from_ms, viewer.now_ms)
    named = hidden(person=span.person, cover=span.person, by=by, **{"from": local(viewer, start, exact=True)})
    named += hidden(until=local(viewer, span.until_ms, exact=True))
    title = viewer.words("absence.back" if span.from_ms <= viewer.now_ms else "absence.off")
    return form(address(role), named, button(title, "check"), class_="act cover")


def address(role: str) -> str:
    """The URL of the absences page, also for posting its form."""
    return f"/covers?role={role}"


def local(viewer: Viewer, t_ms: int, *, exact: bool = False) -> str:
    """A time in the region's zone in the format of form fields, to the minute or exact."""
    at = datetime.fromtimestamp(t_ms / 1000, viewer.zone).replace(tzinfo=None)
    return at.isoformat(timespec="milliseconds" if exact else "minutes")
