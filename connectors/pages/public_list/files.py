"""The public list as open data: `/public-list.csv` and `/public-list.json`."""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from connectors.lists.public.entry import PublicEntry
from connectors.pages.html.viewer import Viewer
from connectors.pages.public_list.shared import cached, list_now
from connectors.pages.statistics.csv_lines import csv_pieces
from schemas.names import Name

FIELDS: Final = (
    "category", "name", "situation", "verdict", "department", "job", "elsewhere", "address", "basis", "needs_place",
    "accept", "respond", "resolve", "other_limits", "words",
)  # fmt: skip
"""Documented in `docs/roles/list-steward.md`."""


async def send_csv(request: web.Request) -> web.StreamResponse:
    """One line for each category and situation, in the reader's language."""
    viewer = Viewer.of(request)
    body = b"".join(csv_pieces(FIELDS, (line for each in list_now(viewer).entries for line in _lines(viewer, each))))
    return cached(viewer, web.Response(body=body, content_type="text/csv", charset="utf-8"))


async def send_json(request: web.Request) -> web.StreamResponse:
    """All of it in both languages."""
    viewer = Viewer.of(request)
    found = list_now(viewer)
    told = {
        "region": viewer.gateway.region.code,
        "name": viewer.gateway.rulebook.name,
        "without_place": found.without_place,
        "general": [each.model_dump(mode="json") for each in found.general],
        "categories": [each.model_dump(mode="json") for each in found.entries],
    }
    return cached(viewer, web.json_response(told))


def _lines(viewer: Viewer, one: PublicEntry) -> Iterator[list[str]]:
    def text(name: Name | None) -> str:
        return name.to(viewer.language) if name is not None else ""

    for by in one.handlers:
        yield [
            one.id, text(one.name), text(by.when), by.verdict.value, text(by.department), text(by.job),
            text(by.elsewhere), text(by.address), by.basis, str(one.needs_place).lower(), text(one.limits.accept),
            text(one.limits.respond), text(one.limits.resolve), str(one.limits.varies).lower(), "; ".join(one.words),
        ]  # fmt: skip
