"""All hot spots of the page as CSV, with the numbers by which they are some."""

from typing import Final

from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.recurrence.spots import Season
from connectors.pages.html.layout import nothing
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.asked import HotSpotsAsked, known_remedies, look
from connectors.pages.recurrence.page import times, word
from connectors.pages.statistics.csv_lines import csv_pieces
from connectors.pages.statistics.groupings import called, grouping_of
from schemas.case import Case
from schemas.days import day_of

FIELDS: Final = (
    "segment", "segment_name", "category", "category_name", "cases", "expected", "times_expected",
    "false_discovery_rate", "year_ago", "season",
    "remedy", "remedy_state",
)  # fmt: skip
"""Documented in `docs/roles/supervisor.md`."""


async def send_csv(request: web.Request) -> web.Response:
    """The file; `year_ago` is empty where nothing is known of that year."""
    viewer = Viewer.of(request)
    try:
        asked = HotSpotsAsked.of(request.query, day_of(viewer.now_ms, viewer.zone))
        found, known = await look(viewer, asked), await known_remedies(viewer)
    except Refused as refusal:
        return nothing(viewer, word(viewer, "title"), refusal.answer(viewer.language)["message"], refusal.status)
    segments, categories = grouping_of(viewer.gateway, "segment"), grouping_of(viewer.gateway, "category")
    rows = [
        (
            each.segment, called(viewer, segments, each.segment), each.category,
            called(viewer, categories, each.category), each.cases, round(each.expected, 3), round(times(each), 2),
            each.false, None if each.season is Season.UNKNOWN else each.year_ago, each.season.value,
            *_remedy(known.get((each.segment, each.category, asked.kind))),
        )
        for each in found.found
    ]  # fmt: skip
    name = f"grid36-hot-spots-{asked.kind}-{asked.period.first}-{asked.period.last}.csv"
    return web.Response(
        body=b"".join(csv_pieces(FIELDS, rows)),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _remedy(case: Case | None) -> tuple[str | None, str | None]:
    """The number and the state of the standing remedy."""
    return (None, None) if case is None else (case.number, case.state.value)
