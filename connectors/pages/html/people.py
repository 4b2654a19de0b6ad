"""Choosing a person: in the demo everybody may be anybody, and each page stores one in its cookie."""

from collections.abc import Callable, Iterable
from typing import Final

import htpy as h

from connectors.pages.html.inputs import Option, button, select
from connectors.pages.html.viewer import Viewer
from schemas.people import Person, Role

MOST: Final = 400
"""The most people in one list, to limit the page size."""
SUPERIORS: Final = (
    Role.STREET_OFFICE, Role.STREET_CHIEF, Role.COORDINATOR, Role.LANE_CHIEF, Role.INSPECTOR, Role.LIST_STEWARD,
)  # fmt: skip
HANDLERS: Final = (
    Role.SEGMENT_SUPERVISOR, Role.EXECUTOR, Role.DEPARTMENT_OFFICER, Role.PATROLLER, Role.STEWARD, Role.LANE_CHIEF,
    Role.STREET_CHIEF, Role.STREET_OFFICE, Role.COORDINATOR, Role.LIST_STEWARD, Role.VOLUNTEER,
)  # fmt: skip
REPORTERS: Final = (
    Role.PATROLLER,
    Role.VOLUNTEER,
    Role.RESIDENT,
    Role.STEWARD,
    Role.SEGMENT_SUPERVISOR,
    Role.INSPECTOR,
)


def chosen(viewer: Viewer, page: str) -> Person | None:
    """The person whose `page` is shown: `?as=` (stored in the cookie), else the cookie named after the page.

    Who is signed in, or has a personal link, is nobody else.
    """
    if viewer.acts_as is not None:
        return viewer.person(viewer.acts_as)
    wanted = viewer.request.query.get("as")
    person = viewer.person(wanted if wanted is not None else viewer.request.cookies.get(page))
    if wanted is not None:
        viewer.cookies[page] = person.id if person else ""
    return person


def with_roles(
    viewer: Viewer, roles: Iterable[Role], most: int = MOST, fits: Callable[[Person], bool] = lambda _: True
) -> list[tuple[str, list[Option]]]:
    """People by their first role among `roles`, in that order, named in the page's language; at most `most`."""
    left, groups = most, []
    seen: set[str] = set()
    for role in roles:
        here = [p for p in viewer.gateway.region.persons if role in p.roles and p.id not in seen and fits(p)][:left]
        seen |= {person.id for person in here}
        left -= len(here)
        if here:
            options = [(person.id, person.name.to(viewer.language)) for person in here]
            groups.append((viewer.words("person." + role), options))
    return groups


def picker(viewer: Viewer, page: str, roles: Iterable[Role], present: Person | None, nobody: str = "") -> h.Element:
    """The form for choosing the person; `nobody` is the label of choosing none."""
    options: list[Option | tuple[str, list[Option]]] = [("", nobody)] if nobody else []
    options += with_roles(viewer, roles)
    return h.form(".picker", method="get", action="/" + page)[
        select(viewer.words("who_am_i"), "as", options, present.id if present else ""),
        button(viewer.words("choose"), "check", "main"),
    ]
