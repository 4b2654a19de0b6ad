"""`/chat`: the messenger in the browser. What is said there goes to the browser door."""

from typing import Final

import htpy as h
from aiohttp import web

from connectors.doors.browser.account import AS, COOKIE, new_token, token_of
from connectors.pages.form.visitor import INVITE, MOST_INVITATION
from connectors.pages.html.chat_layout import chat_page, words_of
from connectors.pages.html.chat_parts import composer, log, sheet
from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.whole_page import language_switch
from schemas.people import Person

DOOR: Final = "/doors/browser"
SCRIPTS: Final = (
    "phone-tools.js", "phone-photo.js", "phone-map.js", "phone-queue.js", "chat-voice.js", "chat-lines.js",
    "chat-queue.js", "chat-live.js", "chat-place.js", "chat-record.js", "chat.js",
)  # fmt: skip
"""In the order in which they build on each other."""


async def show(request: web.Request) -> web.Response:
    """The page; a browser that comes for the first time gets its token. `?invite=` carries an invitation."""
    viewer = Viewer.of(request)
    wanted = request.query.get(AS)
    person = viewer.person(wanted)
    if wanted is not None and person is None:
        raise web.HTTPNotFound
    if person is None and not token_of(request):
        viewer.cookies[COOKIE] = new_token()
    title = words_of(viewer, "title")
    bar = h.header[
        h.div(".topic")[h.h1[title], h.small[words_of(viewer, "subtitle")]],
        h.span("#state", role="status"),
        language_switch(viewer),
    ]
    invite = request.query.get("invite", "") or request.cookies.get(INVITE, "")
    facts = {
        "door": DOOR,
        "as": "" if person is None else person.id,
        "invite": invite[:MOST_INVITATION] if person is None else "",
        "lang": viewer.language.value,
        "zone": viewer.gateway.region.zone,
    }
    no_script = h.noscript[
        h.p(".notice.bad")[words_of(viewer, "no_script"), " ", h.a(href="/reporter")[words_of(viewer, "report_page")]]
    ]
    answer = chat_page(
        viewer, title, h.a(".skip", href="#text")[words_of(viewer, "skip")], bar, _who(viewer, person), no_script,
        h.main[log(viewer), h.p("#note", role="alert", hidden=True), sheet(viewer), composer(viewer)],
        name="chat", scripts=SCRIPTS, facts=facts, framed=person is not None,
    )  # fmt: skip
    if person is None and INVITE in request.cookies:
        answer.del_cookie(INVITE, path="/")
    return answer


def _who(viewer: Viewer, person: Person | None) -> h.Element | None:
    """Says so where somebody writes as a given person."""
    if person is None:
        return None
    text = words_of(viewer, "as", name=person.name.to(viewer.language))
    return h.p("#as.notice")[icon("person"), h.span[text]]
