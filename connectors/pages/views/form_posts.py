"""Forms posted without script: the same acceptance as the API's, answered with a page instead of JSON."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

import htpy as h
from aiohttp import web

from connectors.doors.http.forms import accept_form
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import Refused
from connectors.intake.submission import (
    ActSubmission,
    CoverSubmission,
    ReportSubmission,
    SeveralActsSubmission,
    SupplementSubmission,
)
from connectors.pages.html.layout import ROLES, notice, page
from connectors.pages.html.viewer import Viewer
from connectors.pages.several.choosing import ADDRESS as SEVERAL

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refusal_as_page(handler: Handler) -> Handler:
    """Turns a refusal into a page with the mistakes and a link back."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refusal:
            viewer = Viewer.of(request)
            faults = [h.p[fault.to_json(viewer.language)["message"]] for fault in refusal.faults]
            back = h.p[h.a(".button", href="/" + _role(request))[viewer.words("back")]]
            return page(
                viewer,
                viewer.words("refused.title"),
                notice("bad", faults),
                back,
                name="refused",
                script=False,
                status=refusal.status,
            )

    return answer


@refusal_as_page
async def post_report(request: web.Request) -> web.StreamResponse:
    """A report from the form of the reporter's page; `?case=` is set if it was sent from the page of another case."""
    accepted = await accept_form(request, ReportSubmission)
    number, query = request.query.get("case", ""), {"report": accepted.id}
    if looks_like_case_number(number):
        raise web.HTTPSeeOther(f"/case/{quote(number, safe='')}?{urlencode({'role': _role(request)} | query)}")
    raise web.HTTPSeeOther(f"{'/push' if _role(request) == 'handler' else '/reporter'}?{urlencode(query)}")


@refusal_as_page
async def post_supplement(request: web.Request) -> web.StreamResponse:
    """A supplement to a report."""
    report = request.match_info["id"]
    accepted = await accept_form(request, SupplementSubmission, report=report)
    raise web.HTTPSeeOther(f"/reporter?{urlencode({'report': report, 'act': accepted.id})}")


@refusal_as_page
async def post_act(request: web.Request) -> web.StreamResponse:
    """One act on a case; redirects to the page of the case, which shows the outcome."""
    number = request.match_info["number"]
    accepted = await accept_form(request, ActSubmission, case=number)
    query = urlencode({"role": request.query.get("role", ""), "act": accepted.id})
    raise web.HTTPSeeOther(f"/case/{quote(number, safe='')}?{query}")


@refusal_as_page
async def post_several(request: web.Request) -> web.StreamResponse:
    """One act on all chosen cases, stored together; redirects to the page with an answer for each."""
    accepted = await accept_form(request, SeveralActsSubmission)
    raise web.HTTPSeeOther(f"{SEVERAL}/{quote(accepted.id, safe='')}")


@refusal_as_page
async def post_cover(request: web.Request) -> web.StreamResponse:
    """An absence, with who covers."""
    accepted = await accept_form(request, CoverSubmission)
    query = urlencode({"role": request.query.get("role", ""), "act": accepted.id})
    raise web.HTTPSeeOther(f"/covers?{query}")


def _role(request: web.Request) -> str:
    """The role whose page sent the form."""
    role = request.query.get("role", "supervisor" if request.path == SEVERAL else "")
    return role if role in ROLES else "reporter" if request.path.startswith("/reporter/") else ""
