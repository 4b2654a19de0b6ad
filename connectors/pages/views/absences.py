"""Absences and who covers: registered by the person, or by a superior for anybody."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.absences import Absences
from connectors.pages.fragments.absence_notes import address, back, in_words, local
from connectors.pages.fragments.outcomes import outcome
from connectors.pages.fragments.supervisor_list import superior
from connectors.pages.fragments.uncovered_segments import uncovered_list
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import Option, button, form, hidden, line_input, select, way
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import HANDLERS, chosen, with_roles
from connectors.pages.html.viewer import Viewer
from schemas.people import Person

MOST: Final = 60
"""The most absences on one page."""
MOST_PEOPLE: Final = 250
"""The most people in each of two lists, to limit the page size."""
BACK_AT: Final = 8
"""The default return time: this hour of the next day."""


async def show(request: web.Request) -> web.Response:
    """`/covers?role=handler` for one's own absence, `?role=supervisor` for everybody's; `?act=` was just sent."""
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
        covers = await viewer.gateway.ask(viewer.absences_in)
        content = [_list(viewer, covers, me, role, every=every), uncovered_list(viewer, covers) if every else None]
    except Refused:
        content = [notice("bad", words("ledger_away"))]
    listed = h.div("#absences", data_live=True)[content]
    return page(
        viewer,
        words("absence.title"),
        who,
        sent,
        listed,
        _form(viewer, me, role, every=every),
        name="covers",
        role=role,
        styles=("list.css",),
    )


def _list(viewer: Viewer, covers: Absences, me: Person, role: str, *, every: bool) -> h.Element:
    spans = covers.known(viewer.now_ms)
    may = viewer.gateway.directory.may_place
    seen = [span for span in spans if me.id in {span.person, span.cover} or (every and may(me.id, span.person))]
    rows = [
        h.li(".card")[
            h.p[in_words(viewer, span)],
            h.div(".row")[
                back(viewer, span, me.id, role) if may(me.id, span.person) else None,
                _their_cases(viewer, span.person) if every and viewer.signed_in else None,
            ],
        ]
        for span in seen[:MOST]
    ]
    return h.ul(".cards")[rows] if rows else h.p(".quiet")[viewer.words("absence.none")]


def _their_cases(viewer: Viewer, person: str) -> h.Element:
    """To the open cases of somebody who is away, where several can be assigned at once."""
    return way(viewer.words("absence.cases"), "watch", f"/supervisor?assignee={quote(person, safe='')}")


def _form(viewer: Viewer, me: Person, role: str, *, every: bool) -> h.Element:
    """Whoever is over somebody enters anybody's absence, all others their own."""
    words = viewer.words
    people = with_roles(viewer, HANDLERS, MOST_PEOPLE, lambda person: every or person.id != me.id)
    theirs: list[Option | tuple[str, list[Option]]] = []
    if every:
        may = viewer.gateway.directory.may_place
        theirs = [*with_roles(viewer, HANDLERS, MOST_PEOPLE, lambda person: may(me.id, person.id))]
    nobody: list[Option | tuple[str, list[Option]]] = [("", words("absence.nobody"))]
    tomorrow = datetime.fromtimestamp(viewer.now_ms / 1000, viewer.zone) + timedelta(days=1)
    back_ms = round(tomorrow.replace(hour=BACK_AT, minute=0, second=0, microsecond=0).timestamp() * 1000)
    times = [
        line_input(viewer, words(label), name, type="datetime-local", value=local(viewer, at_ms), required=True)
        for name, label, at_ms in (("from", "absence.from", viewer.now_ms), ("until", "absence.until", back_ms))
    ]
    return form(
        address(role),
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
