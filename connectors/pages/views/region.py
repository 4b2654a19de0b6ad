"""`/chat/map` and `/form/map`: a piece of a page with the region's map, loaded when somebody wants it."""

from aiohttp import web
from markupsafe import Markup

from connectors.pages.html.region_map import MAPS, mini_map
from connectors.pages.html.rendering import rendered
from connectors.pages.html.viewer import Viewer


async def show(request: web.Request) -> web.Response:
    """The map for a pin; with `lon` and `lat`, the streets around that point."""
    viewer = Viewer.of(request)
    region = viewer.gateway.region
    title = viewer.words("map.title", region=region.name.to(viewer.language))
    point = _point(request)
    if point is None:
        drawn = request.app[MAPS].pin_map(region, viewer.language, title)
    else:
        drawn = Markup(rendered(mini_map(region, *point, None, viewer.language, title)))  # noqa: S704  # rendered
    headers = {"Cache-Control": "private, max-age=3600", "Vary": "Accept-Language, Cookie"}
    return web.Response(text=drawn, content_type="text/html", headers=headers)


def _point(request: web.Request) -> tuple[float, float] | None:
    try:
        lon, lat = float(request.query["lon"]), float(request.query["lat"])
    except (KeyError, ValueError):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 85 else None
