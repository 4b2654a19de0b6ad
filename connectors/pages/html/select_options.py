"""Options of select fields: categories, executors, items of the list; the likeliest first, limited in number."""

from datetime import datetime
from typing import Final

from connectors.cases.people import executors as people_to_work
from connectors.pages.html.inputs import Option
from connectors.pages.html.people import HANDLERS, with_roles
from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.citing import citable
from schemas.eligible import can_answer, can_work

MOST_CATEGORIES: Final = 150
MOST_ITEMS: Final = 120


def categories(viewer: Viewer) -> list[Option]:
    """The categories of the rulebook in the page's language, each before its subcategories."""
    rulebook, found = viewer.gateway.rulebook, list[Option]()
    for each in rulebook.categories:
        name = each.name.to(viewer.language)
        parts = [part for part in rulebook.subcategories if part.category == each.id]
        found += [(each.id, name), *((part.id, f"{name} / {part.name.to(viewer.language)}") for part in parts)]
    return found[:MOST_CATEGORIES]


def assignees(viewer: Viewer, case: Case, by: str) -> list[tuple[str, list[Option]]]:
    """The people whom `by` can make accountable for a case."""
    directory = viewer.gateway.directory
    return with_roles(
        viewer,
        HANDLERS,
        fits=lambda person: can_answer(person, case, directory) and not directory.is_above(person.id, by, case),
    )


def executors(viewer: Viewer, case: Case) -> list[Option | tuple[str, list[Option]]]:
    """Executors of the segment, then of the department, then all others who do such work."""
    named: list[Option | tuple[str, list[Option]]] = [
        (viewer.words("executors." + key), [(each.id, each.name.to(viewer.language)) for each in people[:60]])
        for key, people in people_to_work(viewer, case).items()
        if people
    ]
    directory = viewer.gateway.directory
    return named or [*with_roles(viewer, HANDLERS, fits=lambda person: can_work(person, case, directory))]


def items_to_cite(viewer: Viewer, case: Case, by: str) -> list[Option]:
    """Items in force that a desk can cite, starting with those whose lead could handle the case."""
    rulebook, officer = viewer.gateway.rulebook, viewer.person(by)
    day = datetime.fromtimestamp(viewer.now_ms / 1000, viewer.zone).date()
    items = [item for item in rulebook.items if item.is_for(rulebook.level) and item.holds_on(day)]
    known = viewer.category_of(case)
    near = {known.item} if known is not None and known.item is not None else set[str]()
    ranked = citable(items, officer.department if officer else None, viewer.gateway.directory.desks, near)
    return [(item.id, f"{item.id} {item.name.to(viewer.language)}") for item in ranked[:MOST_ITEMS]]
