"""The ways from a role's page to the pages beside it."""

import htpy as h

from connectors.pages.html.inputs import way
from connectors.pages.html.viewer import Viewer
from schemas.people import Person, Role


def to_absences(viewer: Viewer, role: str) -> h.Element:
    """To who is away."""
    return way(viewer.words("absence." + role), "calendar", f"/covers?role={role}")


def to_proposals(viewer: Viewer, role: str) -> h.Element:
    """To proposed changes of the list."""
    return way(viewer.words("proposals.title"), "edit", f"/proposals?role={role}")


def to_push(viewer: Viewer, person: Person) -> h.Element | None:
    """To pushing a task down; None for whom that is closed."""
    return way(viewer.words("push.title"), "down", "/push") if pushes(person) else None


def pushes(person: Person) -> bool:
    """Whether somebody can push tasks down for a department."""
    return Role.DEPARTMENT_OFFICER in person.roles and person.department is not None
