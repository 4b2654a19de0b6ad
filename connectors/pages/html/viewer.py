"""Who looks at a page, and what of it is drawn the same everywhere."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import htpy as h
from aiohttp import web

from connectors.accounts.session import ADMINISTRATOR
from connectors.cases.reader import Reader
from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import CALLER, GATEWAY, acts_as, language_of, part_of
from connectors.ledger.position import position
from connectors.ledger.queries.cases import Ledger
from connectors.pages.html.times import clock_of, moment
from schemas.case import Case
from schemas.days import begin_ms, day_of
from schemas.remit import Remit

YEAR_S: Final = 365 * 86_400


@dataclass
class Viewer(Reader):
    """One reader of one page at one moment."""

    request: web.Request
    cookies: dict[str, str] = field(default_factory=dict)
    """What the answer will ask the browser to remember."""

    @classmethod
    def of(cls, request: web.Request) -> "Viewer":
        """The reader who sent `request`; a language named in the address is remembered."""
        gateway, language = request.app[GATEWAY], language_of(request)
        viewer = cls(gateway, language, gateway.clock(), request)
        if "lang" in request.query:
            viewer.cookies["lang"] = language.value
        return viewer

    @property
    def acts_as(self) -> str | None:
        """The only id that its reader may act as ("": none); None for one who may act as anybody."""
        return acts_as(self.request)

    @property
    def signed_in(self) -> bool:
        """Whether everything is shown that the reader's rights allow, rather than what a personal link opens."""
        caller: Caller = self.request.get(CALLER, Caller())
        return caller.signed_in

    @property
    def oversees(self) -> bool:
        """Whether the reader answers for the whole region."""
        return self.signed_in and self.remit.everything

    @cached_property
    def remit(self) -> Remit:
        """The only part of the region that the page may show, whatever its address asks for."""
        return part_of(self.request)

    def sees(self, *cases: Case) -> bool:
        """Whether the reader may look at a case: it is in their part of the region, or they have a part in it.

        Further cases are those into which it was merged.
        """
        if (who := self.acts_as) is None:
            return True
        return self.remit.has(cases[0]) or any(self.parts_of(case, who) for case in cases)

    @property
    def looks_after_accounts(self) -> bool:
        """Whether it is the administrator."""
        caller: Caller = self.request.get(CALLER, Caller())
        return caller == Caller(Credential.SESSION, ADMINISTRATOR)

    @property
    def home(self) -> str:
        """The page to begin at."""
        return "/" if self.signed_in else "/form"

    @property
    def https(self) -> bool:
        """Whether the browser came by https, to us or to the proxy in front."""
        return bool(self.request.secure or self.request.headers.get("X-Forwarded-Proto") == "https")

    def remember(self, answer: web.StreamResponse) -> None:
        """Ask the browser to store the cookies; over https they never leave it in the clear."""
        for cookie, value in self.cookies.items():
            answer.set_cookie(cookie, value, max_age=YEAR_S, samesite="Lax", httponly=True, path="/", secure=self.https)

    def midnight_ms(self) -> int:
        """When the region's present day began."""
        return begin_ms(day_of(self.now_ms, self.zone), self.zone)

    def time(self, t_ms: int) -> h.Element:
        """A point in time."""
        return moment(t_ms, self.zone, self.now_ms)

    def clock(self, case: Case) -> h.Element | None:
        """The running clock of a case."""
        return clock_of(case, self.now_ms, self.words)

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
