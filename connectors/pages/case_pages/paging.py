"""Pages of a list of cases: places in its order as addresses have them, and the links to the pages beside this one."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import htpy as h

from connectors.intake.refusal import bad
from connectors.ledger.queries.case_lists import Order, place_of
from connectors.pages.html.viewer import Viewer
from schemas.case import Case

PLACE: Final = re.compile(r"([0-9]{1,15}),([A-Za-z0-9._-]{1,64})")


class PagePlace(NamedTuple):
    """Where a page begins, right after a case, or with `back` ends, right before it, also if that case has gone."""

    at: tuple[int, str] | None = None
    """The time that orders the list (ms) and the number of the case; None begins with the first."""
    back: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "PagePlace":
        """As `?before=` or `?after=` says. Raises `Refused` (400) if that is no place."""
        for name, back in (("before", False), ("after", True)):
            if given := query.get(name, ""):
                found = PLACE.fullmatch(given)
                if found is None:
                    raise bad("list_place", name)
                return cls((int(found[1]), found[2]), back)
        return cls()


BEGINNING: Final = PagePlace()


class CasePage(NamedTuple):
    """The cases of a page, and whether there are pages beside it."""

    cases: list[Case]
    before: bool = False
    behind: bool = False


def read_page(ask: Callable[[tuple[int, str] | None, bool, int], list[Case]], place: PagePlace, most: int) -> CasePage:
    """A page of at most so many cases; the first one if there are no more before a place. `ask`: at, back, limit."""
    found = ask(place.at, place.back, most + 1)
    if not place.back:
        return CasePage(found[:most], place.at is not None, len(found) > most)
    if len(found) > most:
        return CasePage(found[1:], before=True, behind=True)
    return read_page(ask, BEGINNING, most)


def page_links(viewer: Viewer, page: CasePage, order: Order) -> h.Element | None:
    """The links to the page before and the page behind."""
    links = [
        _link(viewer, "prev", "after", page.cases[0], order) if page.before and page.cases else None,
        _link(viewer, "next", "before", page.cases[-1], order) if page.behind else None,
    ]
    return h.nav("#paging.row", aria_label=viewer.words("paging.name"), data_live=True)[links] if any(links) else None


def _link(viewer: Viewer, rel: str, name: str, case: Case, order: Order) -> h.Element:
    time_ms, number = place_of(case, order)
    plain = viewer.request.rel_url.without_query_params("before", "after", "all")
    address = str(plain.update_query({name: f"{time_ms},{number}"}))
    return h.a(".button", rel=rel, href=address)[viewer.words(f"paging.{rel}.{order}")]
