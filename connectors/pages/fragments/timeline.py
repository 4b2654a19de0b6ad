"""The history of a case: its last decision, texts and photos, and the timeline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import htpy as h

from connectors.ledger.queries.cases import Ledger
from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from schemas.case import WITH_ORDER, Case
from schemas.event import Event, EventType
from schemas.joining import claims_of, lost
from schemas.order import Written
from schemas.uncertain import categories_asked

E = EventType
LOOKED_AT: Final = 60
FIRST: Final = 10
LAST: Final = 50
"""Events shown of a long timeline: the first and the last ones."""
NEAR: Final = 12
"""The most nearby cases offered; a list must be short on a phone."""
DECISIONS = frozenset({E.DISPATCHED, E.MERGED, E.REFUSED, E.INFORMATION_NEEDED, E.MOVED})
"""Events whose reason explains the current state."""


@dataclass(frozen=True, slots=True)
class Story:
    """A case with all that the ledger knows of it."""

    case: Case
    events: Sequence[Event]
    written: Sequence[Written]
    near: Sequence[Case] = ()
    """Other open cases of its segment or grid, those of its category first."""

    @classmethod
    def read(cls, ledger: Ledger, case: Case, *, near: bool = False) -> "Story":
        """Read it from the ledger, in its thread; with `near`, also other open cases there."""
        others = neighbours(ledger, case) if near else ()
        return cls(case, ledger.timeline(case.number), ledger.texts(case.number), others)

    def other_categories(self) -> tuple[str, ...]:
        """Other categories the reporter may have meant; empty once that is settled."""
        return categories_asked(self.case, self.events)

    def decision(self) -> Event | None:
        """The last decision about the case."""
        return next((event for event in reversed(self.events) if event.type in DECISIONS), None)

    def last(self, *roles: str) -> Written | None:
        """The newest text by one of these roles."""
        return next((text for text in reversed(self.written) if text.role in roles), None)

    def reported(self) -> list[Written]:
        """The reporter's texts."""
        return [text for text in self.written if text.role in {"report", "supplement"}]

    def open_question(self) -> Written | None:
        """The question that the reporter has not answered yet."""
        said = self.last("ask", "answer")
        return said if said is not None and said.role == "ask" else None


def neighbours(ledger: Ledger, case: Case) -> list[Case]:
    """A choice of open cases that this one may duplicate and can be merged into."""
    if case.place is None:
        return []
    if case.place.segment is not None:
        found = ledger.cases(segment=case.place.segment, state=WITH_ORDER, limit=LOOKED_AT)
    else:
        found = ledger.cases(grid=case.place.grid, state=WITH_ORDER, limit=LOOKED_AT)
    claims = claims_of(case)
    others = [
        each
        for each in found
        if each.number not in {case.number, *case.split_from} and each.master is None and lost(claims, each) is None
    ]
    return sorted(others, key=lambda each: each.category != case.category)[:NEAR]


def words_of(viewer: Viewer, case: Case, texts: Iterable[Written], shown: str) -> list[h.Element]:
    """Quoted texts and photos; `shown` describes the photos."""
    return [
        h.div(".said")[
            h.blockquote(lang=viewer.quoted(case))[text.text] if text.text else None, photos(viewer, case, text, shown)
        ]
        for text in texts
    ]


def photos(viewer: Viewer, case: Case, text: Written, shown: str) -> h.Element | None:
    """A row of photos, each linked to the full picture."""
    if not text.photos:
        return None
    alt = viewer.words("photo.alt", what=shown, category=viewer.category(case), place=viewer.place(case))
    pictures = [
        h.a(href=f"/photos/{photo.digest}.jpg")[
            h.img(src=f"/photos/{photo.digest}.jpg", alt=alt, loading="lazy", width=160, height=120)
        ]
        for photo in text.photos
    ]
    return h.div(".photos")[pictures]


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
