"""The "not found" page for browsers, with a link back, instead of the JSON for programs."""

from http import HTTPStatus

from aiohttp import web

from connectors.doors.http.app import Handler
from connectors.intake.refusal import refused
from connectors.pages.html.layout import nothing
from connectors.pages.html.viewer import Viewer


@web.middleware
async def unknown_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer an unknown path for clients that ask for a page."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
            raise
    viewer = Viewer.of(request)
    refusal = refused(HTTPStatus.NOT_FOUND, "unknown_page")
    return nothing(viewer, viewer.words("start.title"), refusal.answer(viewer.language)["message"], refusal.status)
