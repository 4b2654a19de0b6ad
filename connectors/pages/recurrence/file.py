"""All hot spots of the page as CSV, with the numbers by which they are some."""

from functools import partial

from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.recurrence.exposure import usual_places
from connectors.pages.html.layout import nothing
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.asked import HotSpotsAsked, known_remedies, look
from connectors.pages.recurrence.lines import fields_of, lines_of
from connectors.pages.recurrence.page import word
from connectors.pages.statistics.csv_lines import csv_pieces
from connectors.pages.statistics.groupings import called, grouping_of
from schemas.days import day_of


async def send_csv(request: web.Request) -> web.Response:
    """The file of what the address asks for."""
    viewer = Viewer.of(request)
    try:
        asked = HotSpotsAsked.of(request.query, day_of(viewer.now_ms, viewer.zone), usual_places(viewer.gateway.region))
        found, known = await look(viewer, asked), await known_remedies(viewer)
    except Refused as refusal:
        return nothing(viewer, word(viewer, "title"), refusal.answer(viewer.language)["message"], refusal.status)
    places, categories = grouping_of(viewer.gateway, asked.by), grouping_of(viewer.gateway, "category")
    names = (partial(called, viewer.words, grouping) for grouping in (places, categories))
    rows = lines_of(found.spots, asked.by, asked.kind, known, *names)
    name = f"grid36-hot-spots-{asked.by}-{asked.kind}-{asked.period.first}-{asked.period.last}.csv"
    return web.Response(
        body=b"".join(csv_pieces(fields_of(asked.by), rows)),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
