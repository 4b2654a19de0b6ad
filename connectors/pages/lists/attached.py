"""Workbooks as downloads, and the list in force as one."""

from typing import Final
from urllib.parse import quote

from aiohttp import web

from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.parts import faults_as_page, lists_of

KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@faults_as_page
async def download_in_force(request: web.Request) -> web.StreamResponse:
    """`/lists/in-force.xlsx`, with titles in the reader's language."""
    viewer, desk = Viewer.of(request), lists_of(request).desk
    _, digest = await desk.in_force()
    return attached(await desk.workbook(viewer.language), f"lists-{digest[:8]}.xlsx")


@faults_as_page
async def download_dmn(request: web.Request) -> web.StreamResponse:
    """`/lists/in-force.dmn`, the decision tables; `?version=1.3` for modellers that read no newer one."""
    viewer, desk = Viewer.of(request), lists_of(request).desk
    version = "1.3" if request.query.get("version") == "1.3" else "1.5"
    _, digest = await desk.in_force()
    return attached(await desk.dmn(version, viewer.language), f"lists-{digest[:8]}.dmn", "application/xml")


def attached(file: bytes, name: str, kind: str = KIND) -> web.Response:
    """A file, a workbook unless told, that a browser saves under this name."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return web.Response(body=file, content_type=kind, headers=headers)
