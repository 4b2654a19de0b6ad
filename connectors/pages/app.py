"""The pages as part of the gateway: `create_app(pages=[add_pages])`."""

from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from connectors.intake.refusal import refused
from connectors.ledger.queries.counters import Counters
from connectors.pages.html.region_map import Maps
from connectors.pages.views import (
    absences,
    case,
    chat,
    demo,
    figures,
    form_posts,
    handler,
    proposals,
    push,
    reporter,
    start,
    supervisor,
)
from connectors.pages.views.nowhere import unknown_pages

FOLDER: Final = Path(__file__).parent / "assets"
CHAT_FOLDER: Final = Path(__file__).parent / "chat_assets"
"""What only the chat and the page of two phones load."""
_KINDS: Final = {".js", ".css", ".svg"}
ASSETS: Final = frozenset(file.name for file in FOLDER.iterdir() if file.suffix in _KINDS)
CHAT_ASSETS: Final = frozenset(file.name for file in CHAT_FOLDER.iterdir() if file.suffix in _KINDS)


def add_pages(app: web.Application) -> None:
    """Adds the pages, their assets, and the routes for forms posted without script."""
    app[supervisor.COUNTERS] = Counters()
    app[reporter.MAPS] = Maps()
    app.middlewares.append(unknown_pages)
    app.add_routes(
        [
            web.get("/", start.show),
            web.get("/reporter", reporter.show),
            web.get("/handler", handler.show),
            web.get("/supervisor", supervisor.show),
            web.get("/case/{number}", case.show),
            web.post("/reporter/reports", form_posts.post_report),
            web.post("/reporter/reports/{id}/supplement", form_posts.post_supplement),
            web.get("/covers", absences.show),
            web.get("/figures", figures.show),
            web.get("/proposals", proposals.show),
            web.get("/push", push.show),
            web.post("/case/{number}/acts", form_posts.post_act),
            web.post("/covers", form_posts.post_cover),
            web.get("/assets/{name}", get_asset),
        ]
    )


def add_chat(app: web.Application) -> None:
    """Adds the pages of the browser door."""
    app[chat.MAPS] = Maps()
    app.add_routes(
        [web.get("/chat", chat.show, name="chat"), web.get("/chat/map", chat.show_map), web.get("/demo", demo.show)]
    )


async def get_asset(request: web.Request) -> web.StreamResponse:
    """A style sheet, script or picture of the pages; browsers revalidate it on every use."""
    name = request.match_info["name"]
    folder = FOLDER if name in ASSETS else CHAT_FOLDER
    if folder is CHAT_FOLDER and name not in CHAT_ASSETS:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_page")
    return web.FileResponse(folder / name, headers={"Cache-Control": "no-cache"})
