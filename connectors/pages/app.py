"""The pages as part of the gateway: `create_app(pages=[add_pages])`."""

from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from connectors.accounts.by_password import ByPassword
from connectors.doors.http.context import ADMIT
from connectors.intake.refusal import refused
from connectors.ledger.queries.counters import Counters
from connectors.pages.accounts import page as accounts
from connectors.pages.board.shapes import Shapes
from connectors.pages.form.options import FORM, FormOptions
from connectors.pages.form.visitor import admitted
from connectors.pages.fragments.timeline import MAY_BLUR
from connectors.pages.html.region_map import MAPS, Maps
from connectors.pages.parked import page as parked
from connectors.pages.proofs import page as proofs
from connectors.pages.public_list import files as public_files
from connectors.pages.public_list import page as public_list
from connectors.pages.public_list.shared import PUBLIC_LIST, PublicListMade
from connectors.pages.recurrence import file as hot_spots_file
from connectors.pages.recurrence import page as hot_spots
from connectors.pages.recurrence import propose, remedy
from connectors.pages.several import answers
from connectors.pages.signing_in import oidc, oidc_ways
from connectors.pages.statistics import files as statistics_files
from connectors.pages.statistics import page as statistics
from connectors.pages.views import (
    absences,
    blur,
    board,
    case,
    chat,
    demo,
    figures,
    form,
    form_app,
    form_posts,
    handler,
    personal_link,
    proposals,
    push,
    region,
    reporter,
    sign_in,
    start,
    supervisor,
)
from connectors.pages.views.nowhere import unknown_pages

FOLDER: Final = Path(__file__).parent / "assets"
FOLDERS: Final = ("assets", "chat_assets", "phone_assets", "board_assets", "third_party")
"""What all pages load; what only the chat does; what the chat and the form do; what the live board does; what other
people wrote, put there by `make setup` and named in its `manifest.json`.
"""
OTHERS: Final = Path(__file__).parent / "third_party"
_KINDS: Final = {".js", ".css", ".svg"}
ASSETS: Final = {
    file.name: file
    for folder in FOLDERS
    for file in (Path(__file__).parent / folder).iterdir()
    if file.suffix in _KINDS
}


DEFAULT: Final = FormOptions()


def add_pages(app: web.Application, options: FormOptions = DEFAULT) -> None:
    """Adds the pages, their assets, and the routes for forms posted without script."""
    app[supervisor.COUNTERS] = Counters()
    app[MAPS], app[FORM], app[ADMIT] = Maps(), options, admitted
    app[board.SHAPES], app[form.PACE] = Shapes(), form.pace_of(options)
    app[sign_in.BY_PASSWORD], app[PUBLIC_LIST] = ByPassword(), PublicListMade()
    app.middlewares.append(unknown_pages)
    app.add_routes(
        [
            web.get("/", start.show),
            web.get("/reporter", reporter.show),
            web.get("/handler", handler.show),
            web.get("/supervisor", supervisor.show),
            web.get("/board", board.show),
            web.get("/board/cases", board.send_cases),
            web.get("/board/shapes", board.send_shapes),
            web.get("/case/{number}", case.show),
            web.post("/reporter/reports", form_posts.post_report),
            web.post("/reporter/reports/{id}/supplement", form_posts.post_supplement),
            web.get("/covers", absences.show),
            web.get("/figures", figures.show),
            web.get("/hot-spots", hot_spots.show),
            web.get("/hot-spots.csv", hot_spots_file.send_csv),
            web.get("/hot-spots/remedy", remedy.show),
            web.get("/hot-spots/propose", propose.show),
            web.post("/hot-spots/propose", propose.post),
            web.get("/statistics", statistics.show),
            web.get("/statistics.csv", statistics_files.send_csv),
            web.get("/statistics.xlsx", statistics_files.send_workbook),
            web.get("/statistics.parquet", statistics_files.send_parquet),
            web.get("/statistics.json", statistics_files.send_json),
            web.get("/statistics/cases.csv", statistics_files.send_cases),
            web.get("/proofs", proofs.show),
            web.get("/proofs/{day}/{partner}", proofs.show_day),
            web.get("/parked", parked.show),
            web.post("/parked/{record}", parked.settle),
            web.get("/proposals", proposals.show),
            web.get("/push", push.show),
            web.post("/case/{number}/acts", form_posts.post_act),
            web.post("/cases/acts", form_posts.post_several),
            web.get("/cases/acts/{id}", answers.show),
            web.post("/covers", form_posts.post_cover),
            web.get("/assets/{name}", get_asset),
            web.get("/public-list", public_list.show),
            web.get("/public-list.csv", public_files.send_csv),
            web.get("/public-list.json", public_files.send_json),
            web.get("/form", form.show),
            web.post("/form", form.post),
            web.get("/form/mine", form.show_mine),
            web.get("/form/map", region.show),
            web.post("/form/leave", personal_link.leave),
            web.get("/form.webmanifest", form_app.show_manifest),
            web.get("/form-worker.js", form_app.show_worker),
            web.get(r"/form/icon-{size:\d{1,4}}.png", form_app.show_icon),
            web.get("/in/team/{token}", personal_link.join),
            web.get("/in/{token}", personal_link.enter),
            web.get("/sign-in", sign_in.show),
            web.get(oidc_ways.START, oidc.start),
            web.get(oidc_ways.BACK, oidc.back),
            web.get(oidc_ways.OUT, oidc.out),
            web.post("/sign-in", sign_in.post),
            web.get("/sign-in/{token}", sign_in.show_link),
            web.post("/sign-in/{token}", sign_in.use_link),
            web.post("/sign-out", sign_in.leave),
            web.get("/accounts", accounts.show),
            web.post("/accounts/links", accounts.make_link),
            web.post("/accounts/end", accounts.end),
            web.post("/accounts/codes", accounts.drop_codes),
        ]
    )


def add_chat(app: web.Application) -> None:
    """Adds the pages of the browser door."""
    app.add_routes(
        [web.get("/chat", chat.show, name="chat"), web.get("/chat/map", region.show), web.get("/demo", demo.show)]
    )


def add_blurring(app: web.Application, work: blur.Blur) -> None:
    """Adds the page on which a supervisor blurs parts of a photo; `work` does it."""
    app[blur.BLUR] = work
    app[MAY_BLUR] = True
    app.add_routes([web.get("/photo/{digest}", blur.show), web.post("/photo/{digest}", blur.post)])


async def get_asset(request: web.Request) -> web.StreamResponse:
    """A style sheet, script or picture of the pages; browsers revalidate it on every use."""
    file = ASSETS.get(request.match_info["name"])
    if file is None:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_page")
    return web.FileResponse(file, headers={"Cache-Control": "no-cache"})
