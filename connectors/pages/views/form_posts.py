"""Forms posted without script: the same acceptance as the API's, answered with a page instead of JSON."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

from aiohttp import web

from connectors.doors.http.context import GATEWAY
from connectors.doors.http.request_body import read_body
from connectors.intake.accept import accept_act, accept_cover, accept_report, accept_supplement
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import Refused
from connectors.pages.html.layout import ROLES, notice, page
from connectors.pages.html.markup import tag
from connectors.pages.html.viewer import Viewer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def told_as_page(handler: Handler) -> Handler:
    """Answers a refusal with a page that says what was wrong and leads back."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refusal:
            viewer = Viewer.of(request)
            told = [tag("p", fault.told(viewer.language)["message"]) for fault in refusal.faults]
            back = tag("p", tag("a", viewer.words("back"), href="/" + _role(request), class_="button"))
            return page(
                viewer, viewer.words("refused.title"), notice("bad", told), back, name="refused", script=False,
                status=refusal.status,
            )  # fmt: skip

    return answer


@told_as_page
async def post_report(request: web.Request) -> web.StreamResponse:
    """A report from the form of the reporter's page; `?case=` names the case from whose page it is another one's."""
    taken = await accept_report(request.app[GATEWAY], await read_body(request))
    number, query = request.query.get("case", ""), {"report": taken.id}
    if looks_like_case_number(number):
        raise web.HTTPSeeOther(f"/case/{quote(number, safe='')}?{urlencode({'role': _role(request)} | query)}")
    raise web.HTTPSeeOther(f"{'/push' if _role(request) == 'handler' else '/reporter'}?{urlencode(query)}")


@told_as_page
async def post_supplement(request: web.Request) -> web.StreamResponse:
    """What a reporter adds to a report."""
    report = request.match_info["id"]
    taken = await accept_supplement(request.app[GATEWAY], report, await read_body(request))
    raise web.HTTPSeeOther(f"/reporter?{urlencode({'report': report, 'act': taken.id})}")


@told_as_page
async def post_act(request: web.Request) -> web.StreamResponse:
    """One act on a case; the page of the case says what became of it."""
    number = request.match_info["number"]
    taken = await accept_act(request.app[GATEWAY], number, await read_body(request))
    query = urlencode({"role": request.query.get("role", ""), "act": taken.id})
    raise web.HTTPSeeOther(f"/case/{quote(number, safe='')}?{query}")


@told_as_page
async def post_cover(request: web.Request) -> web.StreamResponse:
    """Who is away and who stands in."""
    taken = await accept_cover(request.app[GATEWAY], await read_body(request))
    query = urlencode({"role": request.query.get("role", ""), "act": taken.id})
    raise web.HTTPSeeOther(f"/covers?{query}")


def _role(request: web.Request) -> str:
    """Whose page sent the form."""
    role = request.query.get("role", "")
    return role if role in ROLES else "reporter" if request.path.startswith("/reporter/") else ""
