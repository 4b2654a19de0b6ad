"""The page of one case: state, place, texts, reasons, the acts open to the current role, and the timeline."""

from functools import partial
from http import HTTPStatus
from typing import Final

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.intake.answers import caused_by
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.pages.case_parts import clocks, course, photo_pair, remedy, told
from connectors.pages.fragments import admission, joint, list_change, milestones
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.fragments.act_menus import of_handler, of_supervisor
from connectors.pages.fragments.alerts import Signs, boxes, for_verifier
from connectors.pages.fragments.outcomes import outcome_of
from connectors.pages.fragments.propose_form import followed, propose
from connectors.pages.fragments.reporter_cards import own_part
from connectors.pages.fragments.supervisor_list import superior
from connectors.pages.fragments.timeline import timeline, words_of
from connectors.pages.html.icons import icon
from connectors.pages.html.layout import facts, nothing, page
from connectors.pages.html.people import chosen
from connectors.pages.html.region_map import mini_map
from connectors.pages.html.viewer import Viewer, here
from schemas.case import WITH_ORDER, Case
from schemas.event import Event
from schemas.limit_words import due_words
from schemas.place import PlaceFound
from schemas.place_names import label_in
from schemas.place_words import elsewhere_words
from schemas.report import ANONYMOUS
from schemas.rights import CaseRole

ROLES: Final = ("reporter", "handler", "supervisor")


async def show(request: web.Request) -> web.Response:
    """`/case/{number}`; `?role=` is the role, which decides the acts offered."""
    viewer, number = Viewer.of(request), request.match_info["number"]
    role = request.query.get("role", "")
    role = role if role in ROLES else ""
    try:
        found = await _look(viewer, number, near=role != "reporter" and viewer.signed_in)
        if found is None or not viewer.sees(*(story.case for story in found[1:3] if story is not None)):
            missing = viewer.words("case.unknown", number=number[:80])
            return nothing(viewer, viewer.words("case.title"), missing, HTTPStatus.NOT_FOUND)
        after, story, master, signs = found
        if viewer.acts_as is not None:
            role = _role_of(viewer, viewer.acts_as, role, story.case)
        led_to = await followed(viewer, number, role, _reporter(viewer))
        inside = await _inside(viewer, story, role) if role != "reporter" and _works_on(viewer, story.case) else []
    except Refused as refusal:
        return nothing(viewer, viewer.words("case.title"), refusal.answer(viewer.language)["message"], refusal.status)
    body = [_outcome(viewer, story), _head(viewer, story.case), _signs(viewer, signs, role), _what(viewer, story, role)]
    body += [_acts(viewer, story, master, role), led_to, *inside, _events(viewer, story)]
    styles = ("case.css", "change.css") if story.case.change is not None else ("case.css",)
    return page(viewer, story.case.number, *body, name="case", role=role, after=after, styles=styles)


async def _inside(viewer: Viewer, story: Story, role: str) -> list[h.Element | None]:
    """What those who work here know besides: clocks, who has had it, who was told. Not for its reporter."""
    case = story.case
    messages, collected = await told.look(viewer, case.number), await remedy.look(viewer, case)
    return [
        remedy.shown(viewer, case, collected, role),
        clocks.shown(viewer, story),
        course.shown(viewer, story),
        told.shown(viewer, case, messages),
    ]


def _works_on(viewer: Viewer, case: Case) -> bool:
    """Whether the reader is more to a case than one who reported it."""
    if (who := viewer.acts_as) is None:
        return True
    return viewer.remit.has(case) or _has_part(viewer, who, case)


def _has_part(viewer: Viewer, who: str, case: Case) -> bool:
    return not viewer.parts_of(case, who) <= {CaseRole.REPORTER, CaseRole.FOLLOWER}


def _role_of(viewer: Viewer, who: str, role: str, case: Case) -> str:
    """People of the region handle their jobs and watch their part of it; all others have reported.

    In an address that names no role, they have the one in which they have most to do with the case.
    """
    if not role and _works_on(viewer, case):
        role = "handler" if _has_part(viewer, who, case) else "supervisor"
    if role == "supervisor" and viewer.remit.has(case):
        return role
    return "handler" if role == "handler" and viewer.person(who) else "reporter"


async def _look(viewer: Viewer, number: str, *, near: bool) -> tuple[str, Story, Story | None, Signs] | None:
    if not looks_like_case_number(number):
        return None

    def look(ledger: Ledger) -> tuple[str, Story, Story | None, Signs] | None:
        at, case = here(ledger), ledger.case(number)
        if case is None:
            return None
        master = ledger.case(case.master) if case.master else None
        signs = Signs.read(ledger, case, viewer.gateway.rulebook)
        viewer.absences_in(ledger)
        return at, Story.read(ledger, case, near=near), Story.read(ledger, master) if master else None, signs

    return await viewer.gateway.ask(look)


def _head(viewer: Viewer, case: Case) -> h.Element:
    title = h.h2[viewer.category(case), h.small[viewer.place(case)]]
    urgent = h.span(".chip.alert")[viewer.words("mark.urgent")] if case.urgent_by else None
    head = h.div(".head")[viewer.state(case), urgent, viewer.clock(case)]
    return h.div("#head", data_live=True, data_case=case.number, data_master=case.master)[head, title]


def _signs(viewer: Viewer, signs: Signs, role: str) -> h.Element:
    """Alerts for handlers and supervisors; a reporter sees nothing about other people's cases."""
    boss = superior(viewer) if role == "supervisor" else ""
    if role == "reporter":
        shown = for_verifier(viewer, signs)
    else:
        shown = [] if not viewer.signed_in else boxes(viewer, signs, by=boss, role=role)
    return h.div("#signs", data_live=True)[shown]


def _what(viewer: Viewer, story: Story, role: str) -> h.Element:
    """Map, texts and photos, who and why, and the guide; internal parts are hidden from the reporter."""
    case, inside = story.case, role != "reporter"
    called = joint.shown(viewer, case) if inside else None
    return h.div("#what", data_live=True)[
        _map(viewer, case),
        words_of(viewer, case, story.reported(), viewer.words("photo.of_report")),
        photo_pair.shown(viewer, story),
        _known(viewer, story, inside=inside),
        [admission.pushed(viewer, case), list_change.shown(viewer, case), called],
        _guide(viewer, case.item) if inside else None,
    ]


def _map(viewer: Viewer, case: Case) -> h.Element | None:
    """The streets around it; None for a place without coordinates."""
    place = case.place
    if place is None or place.lon is None or place.lat is None:
        return None
    title = viewer.words("map.of_place", place=viewer.place(case))
    return mini_map(viewer.gateway.region, place.lon, place.lat, place.segment, viewer.language, title)


def _known(viewer: Viewer, story: Story, *, inside: bool) -> h.Element:
    """Who has it, by when, how it ended and why; for those `inside`, also which row of the table decided."""
    case, words, decision, made = story.case, viewer.words, story.decision(), due_words(story.case)
    due = viewer.time(case.due_ms) if case.due_ms is not None and case.state in WITH_ORDER else None
    return facts(
        (words("fact.who"), viewer.name(case.assignee) if case.assignee else None),
        (words("executor"), viewer.name(case.executor) if case.executor else None),
        (words("fact.department"), viewer.department(case)),
        (words("fact.due"), due),
        (words("fact.due_made"), made.to(viewer.language) if due and made else None),
        (words("fact.milestones"), milestones.shown(viewer, case)),
        (words("fact.outcome"), words("outcome." + case.outcome) if case.outcome else None),
        (words("fact.took"), viewer.took(case)),
        (words("fact.joined"), h.a(href=f"/case/{case.master}")[case.master] if case.master else None),
        (words("fact.why"), viewer.why(decision.because) if decision else None),
        (words("fact.elsewhere"), _elsewhere(viewer, case.place)),
        (words("fact.rule"), _rule(viewer, decision) if inside else None),
    )


def _elsewhere(viewer: Viewer, place: PlaceFound | None) -> str | None:
    """Given places that contradict the one used, and the one that counts."""
    said = elsewhere_words(place, partial(label_in, viewer.gateway.region)) if place else None
    return said.to(viewer.language) if said else None


def _guide(viewer: Viewer, id: str | None) -> h.Element | None:
    """How the item of the list is handled."""
    rows = viewer.guide(id)
    if not rows:
        return None
    content = h.p[rows[0][1]] if len(rows) == 1 else facts(*rows)
    return h.div(".guide")[h.h3[viewer.words("guide.title")], content]


def _rule(viewer: Viewer, decision: Event | None) -> str | None:
    """Which row of the table decided."""
    because = decision.because if decision else None
    if because is None or because.row is None:
        return None
    return viewer.words("rule", row=because.row, version=(because.version or "")[:8])


def _acts(viewer: Viewer, story: Story, master: Story | None, role: str) -> h.Element | None:
    """The acts of the current role; none for a mere viewer."""
    by = {"reporter": _of_reporter, "handler": _of_handler, "supervisor": _of_supervisor}
    if role not in by:
        return None
    heading = h.h2[viewer.words("acts.title")]
    return h.section("#acts.acts", data_live=True)[heading, by[role](viewer, story, master)]


def _of_reporter(viewer: Viewer, story: Story, master: Story | None) -> h.Element:
    by = _reporter(viewer)
    return h.div[own_part(viewer, story, master, by), propose(Acts(viewer, story.case, by, "reporter"))]


def _reporter(viewer: Viewer) -> str:
    """The identity on the reporter's page: a person of the region, or this browser."""
    if viewer.acts_as is not None:
        return viewer.acts_as
    person = chosen(viewer, "reporter")
    return person.id if person else viewer.request.cookies.get("browser", ANONYMOUS)


def _of_handler(viewer: Viewer, story: Story, _: Story | None) -> h.Element:
    person = chosen(viewer, "handler")
    if person is None:
        return h.a(".button", href="/handler")[viewer.words("handler.choose")]
    me = h.p(".who")[icon("person"), person.name.to(viewer.language)]
    return h.div[me, of_handler(Acts(viewer, story.case, person.id, "handler", story.near))]


def _of_supervisor(viewer: Viewer, story: Story, _: Story | None) -> h.Element:
    boss = superior(viewer)
    me = h.p(".who")[icon("person"), viewer.name(boss)]
    return h.div[me, of_supervisor(Acts(viewer, story.case, boss, "supervisor", story.near))]


def _outcome(viewer: Viewer, story: Story) -> h.Element | None:
    """Without script: the outcome of the act that redirected here."""
    act = viewer.request.query.get("act")
    return None if act is None else outcome_of(viewer, [event for event in story.events if caused_by(act, event)])


def _events(viewer: Viewer, story: Story) -> h.Element:
    return h.section[h.h2[viewer.words("timeline.title")], timeline(viewer, story)]
