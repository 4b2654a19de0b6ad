"""`/demo`: two phones side by side, of one who reports and of one who is responsible for the street."""

from urllib.parse import urlencode

import htpy as h
from aiohttp import web

from connectors.doors.browser.stage import cast_of
from connectors.pages.html.chat_layout import chat_page, words_of
from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.whole_page import language_switch
from schemas.people import Person


async def show(request: web.Request) -> web.Response:
    """Two frames with the same chat as on a phone."""
    viewer = Viewer.of(request)
    who = cast_of(viewer.gateway.region)
    if who is None:
        raise web.HTTPNotFound
    title = words_of(viewer, "demo.title")
    play = h.button("#play.button.main", type="button")[icon("redo"), h.span[words_of(viewer, "demo.play")]]
    bar = h.header[
        h.div(".topic")[h.h1[title], h.p(".quiet")[words_of(viewer, "demo.lead")]],
        play,
        language_switch(viewer),
    ]
    sample = h.p(".sample")[icon("ask"), words_of(viewer, "demo.sample")]
    phones = h.main(".phones")[
        _phone(viewer, who.reporter, "demo.reporter"), _phone(viewer, who.handler, "demo.handler")
    ]
    other = h.p(".other")[
        words_of(viewer, "demo.pages"), ": ",
        [(h.a(href=f"/{name}")[viewer.words(f"role.{name}")], " ") for name in ("reporter", "handler", "supervisor")],
    ]  # fmt: skip
    facts = {"door": "/doors/browser", "playing": words_of(viewer, "demo.playing"), "lang": viewer.language.value}
    return chat_page(viewer, title, bar, sample, phones, other, name="demo", scripts=("demo.js",), facts=facts)


def _phone(viewer: Viewer, person: Person, caption: str) -> h.Element:
    name = person.name.to(viewer.language)
    address = "/chat?" + urlencode({"as": person.id, "lang": viewer.language.value})
    return h.figure[
        h.figcaption[words_of(viewer, caption, name=name)],
        h.iframe(src=address, title=words_of(viewer, "demo.frame", name=name)),
    ]
