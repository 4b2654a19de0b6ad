"""`/hot-spots/propose`: a standing remedy for a hot spot, in one's own words; and what became of earlier ones there."""

from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

import htpy as h
from aiohttp import web

from connectors.doors.http.remedies.api import accept_remedy
from connectors.intake.bodies.request_body import read_body
from connectors.intake.context import SCOPE
from connectors.intake.refusal import Refused
from connectors.intake.remedies.proposal import KINDS, may_propose_remedy, open_one
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.remedies import numbers_of, remedies, spot_cases
from connectors.pages.fragments.supervisor_list import superior
from connectors.pages.html.inputs import button, form, hidden, way
from connectors.pages.html.layout import nothing, notice, page
from connectors.pages.html.part import part_line
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.page import STYLES, word
from connectors.pages.recurrence.remedied import helped
from connectors.pages.recurrence.spot import HOT, SpotAsked
from connectors.pages.statistics.asked import only
from connectors.pages.statistics.figures import Whose
from schemas.case import WITH_ORDER, Case, State

ADDRESS: Final = "/hot-spots/propose"
SENT: Final = "sent"
MOST_EARLIER: Final = 10


class FoundThere(NamedTuple):
    """What the ledger knows of a place: the remedies, newest first, and how many cases a new one would collect."""

    remedies: list[Case]
    cases: int


async def show(request: web.Request) -> web.Response:
    """`?segment=`, `?category=`, `?kind=`, `?from=`, `?to=`; `?sent=` is the report of a proposal just sent."""
    viewer = Viewer.of(request)
    try:
        only(request.query, ("segment", "category", *HOT, SENT))
        asked = SpotAsked.of(viewer, request.query)
        return await _answer(viewer, asked)
    except Refused as fault:
        return nothing(viewer, word(viewer, "propose.title"), fault.answer(viewer.language)["message"], fault.status)


async def post(request: web.Request) -> web.StreamResponse:
    """Proposes it; answers with the page of the place, or with the form and what is wrong."""
    viewer = Viewer.of(request)
    body = await read_body(request, viewer.gateway.photos)
    fields = {name: value for name, value in body.fields.items() if isinstance(value, str)}
    try:
        asked = SpotAsked.of(viewer, fields)
        accepted = await accept_remedy(request, body)
    except Refused as fault:
        try:
            return await _answer(viewer, SpotAsked.of(viewer, fields), fault, fields.get("text", ""))
        except Refused:
            said = fault.answer(viewer.language)["message"]
            return nothing(viewer, word(viewer, "propose.title"), said, fault.status)
    raise web.HTTPSeeOther(asked.address(ADDRESS, sent=accepted.id))


async def _answer(viewer: Viewer, asked: SpotAsked, fault: Refused | None = None, text: str = "") -> web.Response:
    """The page. Raises `Refused` (503)."""
    span = asked.hot.period.span(viewer.zone)

    def look(ledger: Ledger) -> FoundThere:
        there = remedies(ledger, segment=asked.segment, category=asked.category, within=viewer.remit)
        filters = spot_cases(asked.segment, asked.category, asked.hot.kind, span.from_ms or 0, span.to_ms)
        return FoundThere(there, len(numbers_of(ledger, filters)))

    found = await viewer.gateway.ask(look)
    sent = viewer.request.query.get(SENT, "")
    known = any(case.report == sent for case in found.remedies)
    waits = bool(sent) and not known and await viewer.gateway.outbox.knows(SCOPE, sent)
    status = HTTPStatus.OK if fault is None else fault.status
    said = [notice("bad", [h.p[each.to_json(viewer.language)["message"]] for each in fault.faults])] if fault else []
    earlier = [_remedy(viewer, case, new=case.report == sent) for case in found.remedies[:MOST_EARLIER]]
    main = [
        h.p[h.b[asked.title(viewer)]],
        *said,
        _waiting(viewer, asked, sent) if waits else None,
        h.ul(".cards", aria_label=word(viewer, "propose.earlier"))[earlier] if earlier else None,
        None if waits or open_one(found.remedies) else _form(viewer, asked, found.cases, text),
        h.div(".row")[way(word(viewer, "title"), "chart", f"/hot-spots?{urlencode(asked.hot.values)}")],
    ]
    return page(
        viewer, word(viewer, "propose.title"), h.p(".quiet")[word(viewer, "propose.lead")], part_line(viewer), *main,
        name="statistics", role="supervisor", script=False, styles=STYLES, status=status,
    )  # fmt: skip


def _waiting(viewer: Viewer, asked: SpotAsked, sent: str) -> h.Element:
    """It is stored, and nobody has it yet."""
    if viewer.gateway.set_aside.reason(sent) is not None:
        return notice("bad", h.p[viewer.words("receipt.parked")])
    again = h.p[h.a(".button", href=asked.address(ADDRESS, sent=sent))[word(viewer, "propose.look")]]
    return notice("good", h.p[word(viewer, "propose.received")], again)


def _remedy(viewer: Viewer, case: Case, *, new: bool) -> h.Element:
    """One that was proposed here: who has it, until when, or what became of it."""
    address = f"/case/{quote(case.number, safe='')}?role=supervisor"
    head = h.div(".head")[viewer.state(case), h.a(".number", href=address)[case.number], viewer.clock(case)]
    who = word(viewer, "propose.has", who=viewer.name(case.assignee)) if case.state in WITH_ORDER else None
    proposed = [viewer.name(case.reporter), " · ", viewer.time(case.submitted_ms)]
    asks = helped(viewer, case, ".button")
    routed = h.p[h.b[word(viewer, "propose.done")]] if new and case.state is not State.REFUSED else None
    refused = h.p[h.b[word(viewer, "propose.refused")]] if case.state is State.REFUSED else None
    return h.li(".card", data_case=case.number)[head, routed, refused, who and h.p[who], h.p(".quiet")[proposed], asks]


def _form(viewer: Viewer, asked: SpotAsked, cases: int, text: str) -> h.Element:
    """The words of the remedy; or why there is no form."""
    segment = viewer.gateway.directory.segment(asked.segment)
    by, kind = superior(viewer), asked.hot.kind
    if segment is None or kind not in KINDS or not viewer.gateway.rulebook.category(asked.category):
        return h.p(".quiet")[word(viewer, "propose.cannot")]
    if not may_propose_remedy(viewer.gateway, by, segment.grid):
        return h.p(".quiet")[word(viewer, "propose.not_yours")]
    if not cases:
        return h.p(".quiet")[word(viewer, "propose.nothing")]
    counted = Whose(kind, asked.hot.period, "segment", asked.segment, "category", asked.category).way("own", cases)
    period = f"{asked.hot.period.first} – {asked.hot.period.last}"
    label = h.span(".label")[word(viewer, "propose.text")]
    area = h.textarea(name="text", rows=3, maxlength=4000, required=True, placeholder=word(viewer, "propose.example"))
    return form(
        ADDRESS,
        hidden(by=by, **asked.values),
        h.p(".quiet")[word(viewer, "propose.collects", period=period), " ", counted],
        h.label[label, area[text]],
        h.p(".quiet")[word(viewer, "propose.next")],
        button(word(viewer, "propose.send"), "sent", "main"),
        class_="act",
    )
