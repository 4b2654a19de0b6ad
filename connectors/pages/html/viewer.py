"""The viewer of a page: language, current time, and names of the region's things in that language."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import htpy as h
from aiohttp import web

from connectors.doors.http.context import GATEWAY, language_of
from connectors.intake.context import Gateway
from connectors.ledger.position import position
from connectors.ledger.queries.absences import Absences
from connectors.ledger.queries.cases import Ledger
from connectors.pages.html.times import clock_of, moment, when
from connectors.pages.html.translations import Translations
from schemas.case import Case, State
from schemas.event import Because
from schemas.items import Item
from schemas.names import Language
from schemas.people import Person
from schemas.place_names import place_label
from schemas.region import Segment
from schemas.rulebook import Category

YEAR_S: Final = 365 * 86_400
ABSENCES: Final = web.AppKey("absences", Absences)


@dataclass
class Viewer:
    """One reader of one page at one point in time."""

    request: web.Request
    gateway: Gateway
    language: Language
    now_ms: int
    words: Translations = field(init=False)
    cookies: dict[str, str] = field(default_factory=dict)
    """Cookies to set with the response."""

    @classmethod
    def of(cls, request: web.Request) -> "Viewer":
        """The viewer of `request`; a language given in the URL is stored in a cookie."""
        gateway, language = request.app[GATEWAY], language_of(request)
        viewer = cls(request, gateway, language, gateway.clock())
        if "lang" in request.query:
            viewer.cookies["lang"] = language.value
        return viewer

    def __post_init__(self) -> None:
        """Open the texts in the viewer's language."""
        self.words = Translations(self.language)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.gateway.region.zone)

    @property
    def absences(self) -> Absences:
        """Absences, as far as they have been read."""
        return self.request.app[ABSENCES]

    def absences_in(self, ledger: Ledger) -> Absences:
        """Current absences of the ledger; runs in its thread."""
        self.absences.follow(ledger)
        return self.absences

    @property
    def in_chinese(self) -> bool:
        """True if the page is in Chinese."""
        return self.language is Language.ZH

    def midnight_ms(self) -> int:
        """When the current day of the region began."""
        now = datetime.fromtimestamp(self.now_ms / 1000, self.zone)
        return round(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

    def time(self, t_ms: int) -> h.Element:
        """A time as an element."""
        return moment(t_ms, self.zone, self.now_ms)

    def when(self, t_ms: int) -> str:
        """A time as plain text, for places that allow no elements, such as options."""
        return when(t_ms, self.zone, self.now_ms)

    def clock(self, case: Case) -> h.Element | None:
        """The running clock of a case."""
        return clock_of(case, self.now_ms, self.words)

    def person(self, id: str | None) -> Person | None:
        """A person of the region by id."""
        return self.gateway.directory.person(id)

    def name(self, id: str | None) -> str:
        """The name of a person; pseudonyms of reporters from outside the region are not shown."""
        known = self.person(id)
        name = known.name if known else self.gateway.past_names.get("person", {}).get(id or "")
        if name is not None:
            return name.to(self.language)
        if not id:
            return "–"
        return self.words.one_of("by", id) if id in {"system", "source"} else self.words("by.somebody")

    def category_of(self, case: Case) -> Category | None:
        """The category in the rulebook, or the one that replaces it; None for a value of another system."""
        return self.gateway.rulebook.category(case.category)

    def category(self, case: Case) -> str:
        """The name of the category, with the subcategory if there is one."""
        if case.change is not None:
            return self.words("change.of", item=str(case.change.get("id", "")))
        past, known = self.gateway.past_names.get("category", {}), self.category_of(case)
        name = past.get(case.category) or (known.name if known is not None else None)
        if name is None:
            return case.category or self.words("kind." + case.kind)
        parts = [part.name for part in self.gateway.rulebook.subcategories if part.id == case.subcategory]
        if case.subcategory in past:
            parts = [past[case.subcategory]]
        return " / ".join(name.to(self.language) for name in (name, *parts))

    def item(self, id: str | None) -> Item | None:
        """An item of the responsibility list."""
        return next(iter(self.gateway.items.versions(id)), None)

    def body(self, code: str) -> str:
        """The name of an organisation of the region; its code if it is unknown."""
        known = self.gateway.directory.organisation(code)
        name = known.name if known else self.gateway.past_names.get("department", {}).get(code)
        return name.to(self.language) if name else code

    def department(self, case: Case) -> str:
        """The department that has the case."""
        if case.department is None:
            return ""
        known = self.gateway.directory.organisation(case.department.code)
        return known.name.to(self.language) if known else case.department.name

    def segment(self, case: Case) -> Segment | None:
        """The road segment of a case."""
        return self.gateway.directory.segment(case.place.segment if case.place else None)

    def place(self, case: Case) -> str:
        """The place as text."""
        if case.place is not None:
            return place_label(self.gateway.region, case.place, self.language)
        return self.words("place.unknown" if _is_sought(case) else "place.none")

    def why(self, because: Because | None) -> str:
        """The reason of a decision as text."""
        if because is None:
            return ""
        return because.zh if self.in_chinese else because.en

    def address_example(self) -> str | None:
        """An example of an address of this region; None if the region has no house numbers."""
        known = next((each for each in self.gateway.region.segments if each.numbers), None)
        if known is None:
            return None
        return self.words("place.example", road=known.road.to(self.language), number=known.numbers[0].first)

    def state(self, case: Case) -> h.Element:
        """The state as a chip with a text and a colour."""
        return h.span(class_=f"chip {case.state}")[self.words("state." + case.state)]

    def quoted(self, case: Case) -> str | None:
        """The language of the reporter's text, if it differs from the page's."""
        return case.language.value if case.language is not self.language else None


def here(ledger: Ledger) -> str:
    """The position of the live stream; read it before the rows, so that no change is missed."""
    return position(ledger.epoch(), ledger.last_seq())


def _is_sought(case: Case) -> bool:
    """True if the place is still being asked for; a question or an imported case may need none."""
    urgent_somewhere = bool(case.urgent_by) and case.trouble is not None
    return case.state is State.NEEDS_INFORMATION or urgent_somewhere
