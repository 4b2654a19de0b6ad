"""What browsers are shown instead of JSON, with a link back: nothing is there, or it is not for them."""

from http import HTTPStatus

from aiohttp import web

from connectors.doors.http.app import Handler
from connectors.intake.refusal import Refused, refused
from connectors.pages.html.layout import nothing
from connectors.pages.html.viewer import Viewer

OURS = frozenset({"not_for_you", "too_fast"})


@web.middleware
async def unknown_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer for clients that ask for a page: nothing is there, it is not for them, or they ask too fast."""
    page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    try:
        return await handler(request)
    except web.HTTPNotFound:
        if not page:
            raise
        refusal = refused(HTTPStatus.NOT_FOUND, "unknown_page")
    except Refused as fault:
        if not page or fault.faults[0].code not in OURS:
            raise
        refusal = fault
    viewer = Viewer.of(request)
    answer = nothing(viewer, viewer.words("start.title"), refusal.answer(viewer.language)["message"], refusal.status)
    if (seconds := refusal.faults[0].facts.get("seconds")) is not None:
        answer.headers["Retry-After"] = str(seconds)
    return answer
