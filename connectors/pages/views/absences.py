"""Who is away and who stands in: registered by that person, or by somebody above for anybody."""

from datetime import datetime, timedelta
from typing import Final

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.absences import COVERS, Absence, Absences
from connectors.ledger.queries.cases import Ledger
from connectors.pages.fragments.outcomes import told as outcome
from connectors.pages.fragments.supervisor_list import superior
from connectors.pages.fragments.uncovered_segments import told as roads_told
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import Option, button, form, hidden, line_input, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import HANDLERS, chosen, with_roles
from connectors.pages.html.viewer import Viewer
from schemas.people import Person

MOST: Final = 60
"""Absences that one page shows."""
MOST_PEOPLE: Final = 250
"""People in each of two lists; a page must stay light."""
BACK_AT: Final = 8
"""The hour of the next day that is offered for coming back."""


async def show(request: web.Request) -> web.Response:
    """`/covers?role=handler` for oneself, `?role=supervisor` for everybody; `?act=` is what was just sent."""
    viewer = Viewer.of(request)
    words, role = viewer.words, "supervisor" if request.query.get("role") == "supervisor" else "handler"
    me = viewer.person(superior(viewer)) if role == "supervisor" else chosen(viewer, "handler")
    if me is None:
        ask = h.a(".button", href="/handler")[words("handler.choose")]
        return page(viewer, words("absence.title"), ask, name="covers", role=role, script=False)
    every = role == "supervisor" and viewer.gateway.directory.is_over_somebody(me.id)
    who = h.p(".who")[icon("person"), h.b[me.name.to(viewer.language)]]
    sent = await outcome(viewer)
    try:
        covers = await viewer.gateway.ask(lambda ledger: follow(viewer, ledger))
        told = [_list(viewer, covers, me, role, every=every), roads_told(viewer, covers) if every else None]
    except Refused:
        told = [notice("bad", words("ledger_away"))]
    listed = h.div("#absences", data_live=True)[told]
    return page(
        viewer,
        words("absence.title"),
        who,
        sent,
        listed,
        _form(viewer, me, role, every=every),
        name="covers",
        role=role,
    )


def follow(viewer: Viewer, ledger: Ledger) -> Absences:
    """The absences as the ledger has them now; runs in its thread."""
    covers = viewer.request.app[COVERS]
    covers.follow(ledger)
    return covers


def link(viewer: Viewer, role: str) -> h.Element:
    """The way to this page from a role's own."""
    return way(viewer.words("absence." + role), "calendar", f"/covers?role={role}")


def own(viewer: Viewer, covers: Absences, me: str) -> list[h.Element]:
    """What somebody should know when looking at their jobs: that they are away, or for whom they stand in."""
    words, now, boxes = viewer.words, viewer.now_ms, list[h.Element]()
    if (away := covers.away(me, now)) is not None:
        boxes.append(notice("plain", h.p[_said(viewer, away)], _back(viewer, away, me, "handler")))
    for other in covers.covered_by(me, now):
        boxes.append(notice("plain", words("absence.covering", who=viewer.name(other))))
    return boxes


def _list(viewer: Viewer, covers: Absences, me: Person, role: str, *, every: bool) -> h.Element:
    spans = covers.known(viewer.now_ms)
    may = viewer.gateway.directory.may_place
    seen = [span for span in spans if me.id in {span.person, span.cover} or (every and may(me.id, span.person))]
    rows = [
        h.li(".card")[h.p[_said(viewer, span)], _back(viewer, span, me.id, role) if may(me.id, span.person) else None]
        for span in seen[:MOST]
    ]
    return h.ul(".cards")[rows] if rows else h.p(".quiet")[viewer.words("absence.none")]


def _said(viewer: Viewer, span: Absence) -> str:
    """One absence in words."""
    words = viewer.words
    who, until = viewer.name(span.person), viewer.when(span.until_ms)
    cover = viewer.name(span.cover) if span.cover else words("absence.nobody")
    if span.from_ms > viewer.now_ms:
        return words("absence.ahead", who=who, start=viewer.when(span.from_ms), until=until, cover=cover)
    return words("absence.now", who=who, until=until, cover=cover)


def _back(viewer: Viewer, span: Absence, by: str, role: str) -> h.Element:
    """Back already, or the absence is called off: from now to its end one stands in for oneself."""
    start = max(span.from_ms, viewer.now_ms)
    named = hidden(person=span.person, cover=span.person, by=by, **{"from": _local(viewer, start, exact=True)})
    named += hidden(until=_local(viewer, span.until_ms, exact=True))
    title = viewer.words("absence.back" if span.from_ms <= viewer.now_ms else "absence.off")
    return form(_address(role), named, button(title, "check"), class_="act cover")


def _form(viewer: Viewer, me: Person, role: str, *, every: bool) -> h.Element | None:
    words = viewer.words
    if role == "supervisor" and not every:
        return None
    people = with_roles(viewer, HANDLERS, MOST_PEOPLE, lambda person: every or person.id != me.id)
    theirs: list[Option | tuple[str, list[Option]]] = []
    if every:
        may = viewer.gateway.directory.may_place
        theirs = [*with_roles(viewer, HANDLERS, MOST_PEOPLE, lambda person: may(me.id, person.id))]
    nobody: list[Option | tuple[str, list[Option]]] = [("", words("absence.nobody"))]
    tomorrow = datetime.fromtimestamp(viewer.now_ms / 1000, viewer.zone) + timedelta(days=1)
    back_ms = round(tomorrow.replace(hour=BACK_AT, minute=0, second=0, microsecond=0).timestamp() * 1000)
    times = [
        line_input(viewer, words(label), name, type="datetime-local", value=_local(viewer, at_ms), required=True)
        for name, label, at_ms in (("from", "absence.from", viewer.now_ms), ("until", "absence.until", back_ms))
    ]
    return form(
        _address(role),
        h.h2[words("absence.supervisor" if every else "absence.handler")],
        hidden(by=me.id),
        select(words("absence.who"), "person", [("", words("choose_one")), *theirs], required=True)
        if every
        else hidden(person=me.id),
        select(words("absence.cover"), "cover", [*nobody, *people]),
        h.div(".span")[times],
        button(words("absence.send"), "sent", "main"),
        class_="act cover card",
    )


def _address(role: str) -> str:
    return f"/covers?role={role}"


def _local(viewer: Viewer, t_ms: int, *, exact: bool = False) -> str:
    """A time of the region as fields take it, to the minute or exactly."""
    at = datetime.fromtimestamp(t_ms / 1000, viewer.zone).replace(tzinfo=None)
    return at.isoformat(timespec="milliseconds" if exact else "minutes")
