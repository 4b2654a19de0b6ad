"""The first page: choose a role."""

from aiohttp import web

from connectors.pages.html.icons import icon
from connectors.pages.html.layout import ROLES, page
from connectors.pages.html.markup import tag
from connectors.pages.html.viewer import Viewer


async def show(request: web.Request) -> web.Response:
    """`/`."""
    viewer = Viewer.of(request)
    words = viewer.words
    roles = [
        tag(
            "a", icon(pictogram), tag("b", words(f"role.{name}")), tag("span", words(f"start.{name}")), href=f"/{name}",
            class_="card role",
        )
        for name, pictogram in ROLES.items()
    ]  # fmt: skip
    lead = tag("p", words("start.lead", region=viewer.gateway.region.name.to(viewer.language)), class_="lead")
    return page(viewer, words("start.title"), lead, tag("div", roles, class_="roles"), name="start", script=False)
