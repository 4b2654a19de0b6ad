"""The history of a case: its last decision, texts and photos, and the timeline."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.pages.html.icons import icon
from connectors.pages.html.players import recordings
from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.event import Event, EventType
from schemas.order import Written
from schemas.report import Photo

E = EventType
FIRST: Final = 10
MAY_BLUR: Final = web.AppKey("may_blur", bool)
"""Whether there is a page for blurring photos."""
LAST: Final = 50
"""Events shown of a long timeline: the first and the last ones."""


def words_of(viewer: Viewer, case: Case, texts: Iterable[Written], shown: str) -> list[h.Element]:
    """Quoted texts, voice messages and photos; `shown` describes the photos."""
    return [
        h.div(".said")[
            h.blockquote(lang=viewer.quoted(case))[text.text] if text.text else None,
            recordings(viewer, text.recordings),
            photos(viewer, case, text, shown),
        ]
        for text in texts
    ]


def photos(viewer: Viewer, case: Case, text: Written, shown: str) -> h.Element | None:
    """A row of photos, each linked to the full picture."""
    if not text.photos:
        return None
    alt = viewer.words("photo.alt", what=shown, category=viewer.category(case), place=viewer.place(case))
    pictures = [
        h.span[
            h.a(href=f"/photos/{photo.digest}.jpg")[
                h.img(src=f"/photos/small/{photo.digest}.jpg", alt=alt, loading="lazy", width=160, height=120)
            ],
            _to_blur(viewer, case, photo),
        ]
        for photo in text.photos
    ]
    return h.div(".photos")[pictures]


def _to_blur(viewer: Viewer, case: Case, photo: Photo) -> h.Element | None:
    """A link for those who oversee the region."""
    request = viewer.request
    if not viewer.oversees or request.query.get("role") != "supervisor" or MAY_BLUR not in request.app:
        return None
    return h.a(".quiet", href=f"/photo/{photo.digest}?case={quote(case.number, safe='')}")[viewer.words("blur.title")]


def timeline(viewer: Viewer, story: Story) -> h.Element:
    """Every event, oldest first, with its reason and the text written with it."""
    return h.ol("#timeline.timeline", data_live=True)[lines(viewer, story)]


def lines(viewer: Viewer, story: Story) -> list[h.Element]:
    """The same without the surrounding list; a long one is shortened in the middle unless `?timeline=all`."""
    left = {text.id: text for text in story.written}
    hidden = len(story.events) - FIRST - LAST
    if hidden <= 0 or viewer.request.query.get("timeline") == "all":
        return [_line(viewer, story.case, event, left) for event in story.events]
    begin, end = story.events[:FIRST], story.events[-LAST:]
    address = str(viewer.request.rel_url.update_query(timeline="all"))
    more = h.li("#e-more.quiet")[h.a(href=address)[viewer.words("timeline.more", n=hidden)]]
    shown = [_line(viewer, story.case, event, left) for event in (*begin, *end)]
    return [*shown[:FIRST], more, *shown[FIRST:]]


def _line(viewer: Viewer, case: Case, event: Event, left: dict[str, Written]) -> h.Element:
    ids = (event.command, event.command + ".after") if event.type is E.CLOSED else (event.command,)
    texts = [left.pop(id) for id in ids if id in left]
    plain = event.because is not None and event.because.code == "act"  # names only the person, who is shown above
    why = "" if plain else viewer.why(event.because)
    happened = event.occurred_ms if event.occurred_ms is not None else event.t_ms
    head = [
        h.b[viewer.words.one_of("event", event.type)],
        h.span(".quiet")[viewer.name(event.by)],
        viewer.time(happened),
    ]
    alerts = [h.p(".alert")[viewer.words.one_of("alert", alert)] for alert in event.facts.get("alerts", ())]
    to = event.facts.get("to") if event.type is not E.OFFERED else None  # the reason names the person
    aim = h.p(".aim")[icon("person"), viewer.name(str(to))] if to else None
    shown = viewer.words("photo.of_after" if any(t.role == "after" for t in texts) else "photo.of_report")
    return h.li(class_=event.type.value, id=f"e-{event.n}-{event.home}")[
        h.div(".head")[head], h.p(".why")[why] if why else None, alerts, aim, words_of(viewer, case, texts, shown)
    ]
