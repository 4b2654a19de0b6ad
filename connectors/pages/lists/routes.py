"""The routes of the lists pages: `create_app(pages=[partial(add_lists, lists=lists)])`."""

from aiohttp import web

from connectors.doors.http.context import LISTS
from connectors.lists.lists import Lists
from connectors.pages.lists import activation, backtest, draft, explain, propose_forms, rows, start
from connectors.pages.lists.attached import download_dmn, download_in_force


def add_lists(app: web.Application, lists: Lists) -> None:
    """Adds the pages, and what they work with."""
    app[LISTS] = lists
    app.add_routes(
        [
            web.get("/lists", start.show),
            web.get("/lists/in-force.xlsx", download_in_force),
            web.get("/lists/in-force.dmn", download_dmn),
            web.get("/lists/explain", explain.show),
            web.post("/lists/drafts", draft.upload),
            web.post("/lists/drafts/in-force", rows.begin),
            web.get("/lists/drafts/{id}", draft.show),
            web.get("/lists/drafts/{id}/row", rows.show),
            web.post("/lists/drafts/{id}/row", rows.save),
            web.get("/lists/drafts/{id}/workbook.xlsx", draft.download),
            web.get("/lists/drafts/{id}/backtest", backtest.show),
            web.post("/lists/drafts/{id}/erase", draft.erase),
            web.post("/lists/drafts/{id}/propose", propose_forms.propose),
            web.post("/lists/back", propose_forms.propose_back),
            web.get("/lists/activations/{id}", activation.show),
            web.get("/lists/activations/{id}/workbook.xlsx", activation.download),
            web.post("/lists/activations/{id}/approve", activation.approve),
            web.post("/lists/activations/{id}/decline", activation.decline),
        ]
    )
