"""Links from a role's page to related pages."""

import htpy as h

from connectors.doors.http.context import LISTS
from connectors.pages.html.inputs import way
from connectors.pages.html.viewer import Viewer
from schemas.people import Person, Power, Role
from texts.catalogue import say


def to_absences(viewer: Viewer, role: str) -> h.Element | None:
    """To the absences; a personal link does not open them."""
    if not viewer.signed_in:
        return None
    return way(viewer.words("absence." + role), "calendar", f"/covers?role={role}")


def to_proposals(viewer: Viewer, role: str) -> h.Element | None:
    """To the proposed list changes; a personal link does not open them."""
    if not viewer.signed_in:
        return None
    return way(viewer.words("proposals.title"), "edit", f"/proposals?role={role}")


def to_proofs(viewer: Viewer) -> h.Element | None:
    """To the proofs of partners, for whoever answers for the whole region or for a department."""
    if not viewer.signed_in or not (viewer.remit.everything or viewer.remit.departments):
        return None
    return way(say(viewer.language, "account.link"), "check", "/proofs")


def to_parked(viewer: Viewer) -> h.Element | None:
    """To what could not be processed, for whoever answers for the whole region, while there is any."""
    waiting = sum(each.settled is None for each in viewer.gateway.set_aside.records.all())
    if not viewer.oversees or not waiting:
        return None
    return way(say(viewer.language, "parked.link", n=waiting), "late", "/parked")


def to_lists(viewer: Viewer) -> h.Element | None:
    """To maintaining the list, for whoever decides about it."""
    able = viewer.acts_as is None or viewer.acts_as in viewer.gateway.directory.holders(Power.LIST_APPROVAL)
    if not viewer.signed_in or not able or LISTS not in viewer.request.app:
        return None
    return way(say(viewer.language, "lists.link"), "edit", "/lists")


def to_push(viewer: Viewer, person: Person) -> h.Element | None:
    """To pushing a task down; None for people who cannot, and by a personal link."""
    return way(viewer.words("push.title"), "down", "/push") if pushes(person) and viewer.signed_in else None


def pushes(person: Person) -> bool:
    """True if the person can push tasks down for a department."""
    return Role.DEPARTMENT_OFFICER in person.roles and person.department is not None
