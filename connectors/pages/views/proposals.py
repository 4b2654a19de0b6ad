"""Proposed list changes with their history: the reader's own, or those of the part that they answer for."""

from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.pages.fragments.links import to_lists
from connectors.pages.fragments.list_change import shown
from connectors.pages.fragments.supervisor_list import superior
from connectors.pages.fragments.timeline import lines, words_of
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import more
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import chosen
from connectors.pages.html.viewer import Viewer, here
from schemas.people import Person
from schemas.remit import WHOLE

SHOWN: Final = 10
ROLES: Final = ("reporter", "handler", "supervisor")


async def show(request: web.Request) -> web.Response:
    """`/proposals?role=`, newest first; a supervisor sees everybody's of their part of the region."""
    viewer = Viewer.of(request)
    words, role = viewer.words, request.query.get("role", "")
    role = role if role in ROLES else "handler"
    me = viewer.person(superior(viewer)) if role == "supervisor" else chosen(viewer, role)
    if me is None:
        ask = h.a(".button", href=f"/{role}")[words("proposals.choose")]
        return page(viewer, words("proposals.title"), ask, name="proposals", role=role, script=False)
    name = h.b[me.name.to(viewer.language)]
    who = h.p(".who")[icon("person"), name] if role != "supervisor" else None
    try:
        after, rows = await _look(viewer, me, role)
    except Refused:
        return page(viewer, words("proposals.title"), notice("bad", words("ledger_away")), name="proposals", role=role)
    none = h.li("#none.quiet")[words("proposals.none")]
    listed = h.ul(
        "#listed.cards",
        data_list=True,
        aria_label=words("proposals.title"),
        data_me=None if role == "supervisor" else me.id,
    )[rows or none]
    lead = h.p(".quiet")[words("proposals.lead")]
    return page(
        viewer, words("proposals.title"), who, lead, to_lists(viewer), listed, name="proposals", role=role, after=after
    )


async def _look(viewer: Viewer, me: Person, role: str) -> tuple[str, list[h.Element]]:
    def look(ledger: Ledger) -> tuple[str, list[Story]]:
        at, every = here(ledger), role == "supervisor"
        mine, within = None if every else me.id, viewer.remit if every else WHOLE
        cases = ledger.cases(proposals=True, reporter=mine, within=within, limit=SHOWN)
        return at, [Story.read(ledger, case) for case in cases]

    after, stories = await viewer.gateway.ask(look)
    return after, [_card(viewer, story, role) for story in stories]


def _card(viewer: Viewer, story: Story, role: str) -> h.Element:
    case, words = story.case, viewer.words
    address = f"/case/{quote(case.number, safe='')}?role={role}"
    head = h.div(".head")[viewer.state(case), h.a(".number", href=address)[case.number]]
    title = h.h2[viewer.category(case), h.small[viewer.name(case.reporter), " · ", viewer.place(case)]]
    about = None
    if case.links is not None:
        cause = h.a(href=f"/case/{quote(case.links, safe='')}?role={role}")[case.links]
        about = h.p(".quiet")[words("proposals.because"), " ", cause]
    texts = words_of(viewer, case, story.reported(), words("photo.of_report"))
    history = more(words("timeline.title"), h.ol(".timeline")[lines(viewer, story)])
    return h.li(".card", id=f"c-{case.number}", data_case=case.number)[
        head, title, texts, about, shown(viewer, case), history
    ]
