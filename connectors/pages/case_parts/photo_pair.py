"""The photo of the report and the newest after-photo, side by side."""

from collections.abc import Iterable

import htpy as h

from connectors.cases.history import Story
from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.order import Written
from schemas.report import Photo

SMALL, LARGE = 320, 1600
"""Pixels of the longer side of a thumbnail and of a photo."""


def shown(viewer: Viewer, story: Story) -> h.Element | None:
    """Before and after, each with its time and who took it; None without an after-photo."""
    after = _first(text for text in reversed(story.written) if text.role == "after")
    if after is None:
        return None
    before = _first(story.reported())
    words = viewer.words
    sides = [
        _side(viewer, story.case, before, words("pair.before"), words("photo.of_report"))
        if before is not None
        else h.p(".quiet")[words("pair.no_before")],
        _side(viewer, story.case, after, words("pair.after"), words("photo.of_after")),
    ]
    return h.section(".pair", aria_label=words("pair.title"))[sides]


def _first(texts: Iterable[Written]) -> Written | None:
    return next((text for text in texts if text.photos), None)


def _side(viewer: Viewer, case: Case, text: Written, title: str, what: str) -> h.Element:
    alt = viewer.words("photo.alt", what=what, category=viewer.category(case), place=viewer.place(case))
    who = h.span[viewer.name(text.by)]
    caption = h.figcaption[h.b[title], " ", viewer.time(text.at_ms), " ", who]
    return h.figure[_picture(text.photos[0], alt), caption]


def _picture(photo: Photo, alt: str) -> h.Element:
    small, large = f"/photos/small/{photo.digest}.jpg", f"/photos/{photo.digest}.jpg"
    sources = {"srcset": f"{small} {SMALL}w, {large} {LARGE}w", "sizes": "(min-width: 40rem) 28rem, 92vw"}
    return h.a(href=large)[h.img(src=small, alt=alt, loading="lazy", width=640, height=480, **sources)]
