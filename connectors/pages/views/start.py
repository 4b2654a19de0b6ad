"""The first page: choose a role."""

import htpy as h
from aiohttp import web

from connectors.pages.html.chat_layout import words_of
from connectors.pages.html.icons import icon
from connectors.pages.html.layout import ROLES, page, ways
from connectors.pages.html.viewer import Viewer
from texts.catalogue import say


async def show(request: web.Request) -> web.Response:
    """`/`."""
    viewer = Viewer.of(request)
    words = viewer.words
    roles = [
        h.a(".card.role", href=address)[icon(ROLES[name]), h.b[words(f"role.{name}")], h.span[words(f"start.{name}")]]
        for name, address in ways(viewer).items()
    ]
    if viewer.looks_after_accounts:
        face = (icon("person"), h.b[say(viewer.language, "accounts.title")])
        roles.insert(0, h.a(".card.role", href="/accounts")[face, h.span[say(viewer.language, "accounts.start")]])
    if "chat" in request.app.router.named_resources():  # the browser door is open
        chat = (icon("sent"), h.b[words_of(viewer, "title")], h.span[words_of(viewer, "subtitle")])
        roles.insert(0, h.a(".card.role", href="/chat")[chat])
    lead = h.p(".lead")[words("start.lead", region=viewer.gateway.region.name.to(viewer.language))]
    return page(
        viewer, words("start.title"), lead, h.div(".roles")[roles], name="start", script=False, styles=("list.css",)
    )
