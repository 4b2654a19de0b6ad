"""What a phone needs to install the form and to open it without a network: manifest, icons, service worker."""

from pathlib import Path
from typing import Final

from aiohttp import web

from connectors.pages.form.app_icon import SIZES, icon_png
from connectors.pages.form.fields import words_of
from connectors.pages.html.viewer import Viewer

WORKER: Final = Path(__file__).parent.parent / "phone_assets" / "form-worker.js"


async def show_manifest(request: web.Request) -> web.Response:
    """`/form.webmanifest`."""
    viewer = Viewer.of(request)
    icons = [
        {"src": f"/form/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in SIZES[1:]
        for purpose in ("any", "maskable")
    ]
    manifest = {
        "id": "/form",
        "name": f"{words_of(viewer, 'title')} · {viewer.gateway.region.name.to(viewer.language)}",
        "short_name": words_of(viewer, "title"),
        "lang": viewer.language.value,
        "start_url": "/form",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f5f2",
        "theme_color": "#0b5d56",
        "icons": [*icons, {"src": "/assets/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return web.json_response(manifest, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


async def show_icon(request: web.Request) -> web.Response:
    """`/form/icon-192.png`, in the sizes of the manifest."""
    size = int(request.match_info["size"])
    if size not in SIZES:
        raise web.HTTPNotFound
    return web.Response(body=icon_png(size), content_type="image/png", headers={"Cache-Control": "max-age=86400"})


async def show_worker(_: web.Request) -> web.FileResponse:
    """`/form-worker.js`, which lies beside `/form` so that it may serve that page."""
    headers = {"Cache-Control": "no-cache", "Content-Type": "text/javascript; charset=utf-8"}
    return web.FileResponse(WORKER, headers=headers)
