"""One act on several cases: what became of each of them."""

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.intake.answers import Answer, answers_to
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.pages.html.inputs import way
from connectors.pages.html.layout import nothing, notice, page
from connectors.pages.html.viewer import Viewer, here
from schemas.case import Case

NAME: Final = "answers"
ROLE: Final = "supervisor"


async def show(request: web.Request) -> web.Response:
    """`/cases/acts/{id}`: each case with its own outcome, decided or not; it goes on by itself."""
    viewer, id = Viewer.of(request), request.match_info["id"]
    title = viewer.words("several.answers")
    try:
        after = await viewer.gateway.ask(here)
        answers = await answers_to(viewer.gateway, id)
        cases = await viewer.gateway.ask(lambda ledger: _cases(viewer, ledger, answers))
    except Refused as refusal:
        return nothing(viewer, title, refusal.answer(viewer.language)["message"], refusal.status)
    if not answers:
        return nothing(viewer, title, viewer.words("several.unknown"), HTTPStatus.NOT_FOUND)
    rows = [_row(viewer, number, answer, cases.get(number)) for number, answer in answers.items()]
    main = [
        _sum(viewer, answers),
        h.ul("#cases.cards", data_list="answers", aria_label=title)[rows],
        h.div(".row")[way(viewer.words("several.back"), "watch", "/supervisor")],
    ]
    return page(viewer, title, *main, name=NAME, role=ROLE, after=after, styles=("several.css",))


def _cases(viewer: Viewer, ledger: Ledger, answers: Mapping[str, Answer]) -> dict[str, Case]:
    """Those that the reader may look at."""
    found = ledger.cases(numbers=tuple(answers), limit=len(answers)) if answers else []
    return {case.number: case for case in found if viewer.sees(case)}


def _sum(viewer: Viewer, answers: Mapping[str, Answer]) -> h.Element:
    count = Counter(answer.state for answer in answers.values())
    said = viewer.words(
        "several.sum", n=len(answers), done=count["done"], refused=count["refused"], waiting=count["accepted"]
    )
    return h.p("#sum", data_live=True, role="status")[h.b[said]]


def _row(viewer: Viewer, number: str, answer: Answer, case: Case | None) -> h.Element:
    address = f"/case/{quote(number, safe='')}?role={ROLE}"
    title = h.a(".title", href=address)[h.b[viewer.category(case)]] if case else h.b(".title")[number]
    where = h.p(".quiet")[h.span(".number")[number], " · ", viewer.place(case)] if case else None
    head = h.div(".head")[viewer.state(case) if case else None, title]
    waits = ".pending" if answer.state == "accepted" else ""  # the script asks again until it is decided
    return h.li(f".card{waits}", id=f"a-{number}", data_case=number)[head, where, _said(viewer, answer, case)]


def _said(viewer: Viewer, answer: Answer, case: Case | None) -> h.Element:
    words = viewer.words
    if answer.no is not None:
        hidden = case is None and not viewer.remit.everything  # its reason would tell who has it
        why = words("several.elsewhere") if hidden else viewer.why(answer.no.because)
        return notice("bad", h.p[words("several.refused")], h.p[why])
    if answer.state == "accepted":
        return notice("plain", words("act.waiting"))
    held = words("several.has", who=viewer.name(case.assignee)) if case is not None and case.assignee else None
    return notice("good", h.p[words("several.done")], h.p[held] if held else None)
