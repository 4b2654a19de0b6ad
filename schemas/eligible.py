"""Who can be made accountable for a case, named as its executor, or cover for somebody who is away."""

from typing import Final

from schemas.case import Case
from schemas.directory import RANKS, Directory
from schemas.people import Person, Power, Role

_ANSWER: Final = frozenset({Role.SEGMENT_SUPERVISOR, Role.DEPARTMENT_OFFICER, Role.PATROLLER, Role.EXECUTOR})
"""Roles that answer for cases anywhere; those of a ladder or an office do so where they have authority."""
_WORK: Final = frozenset({Role.EXECUTOR, Role.PATROLLER, Role.STEWARD, Role.SEGMENT_SUPERVISOR, Role.VOLUNTEER})
"""Roles that do the work of the street."""
_ON_DUTY: Final = _ANSWER | _WORK | RANKS.keys()
_OUTSIDE: Final = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.IMPORTER, Role.SYSTEM})


def can_answer(person: Person, case: Case, directory: Directory) -> bool:
    """Whether somebody can be made accountable for a case: by their role, and for a ladder's role by its area.

    A proposed change of the list is for those who decide about it; a duty for everybody who works on the street.
    """
    roles = set(person.roles)
    if case.change is not None:
        return person.id != case.reporter and person.id in directory.holders(Power.LIST_APPROVAL)
    if case.duty is not None:
        return not _ON_DUTY.isdisjoint(roles)
    if person.id == directory.region.fallback_owner or not _ANSWER.isdisjoint(roles):
        return True
    grid = case.place.grid if case.place else None
    return not RANKS.keys().isdisjoint(roles) and directory.rung_of(person.id, grid) is not None


def can_work(person: Person, case: Case, directory: Directory) -> bool:
    """Whether the holder of a case can name somebody as its executor.

    Executors work for everybody, and so do those whom the road segment names. Beside them a department's desk names its
    own people, and others name whoever works on the street.
    """
    if case.duty is not None:
        return not _ON_DUTY.isdisjoint(person.roles)
    if Role.EXECUTOR in person.roles:
        return True
    if case.place is not None and person.id in directory.executors(case.place.segment):
        return True
    holder = directory.person(case.accountable or case.assignee)
    if holder is None or holder.department is None or Role.DEPARTMENT_OFFICER not in holder.roles:
        return not _WORK.isdisjoint(person.roles)
    return person.department == holder.department


def can_cover(cover: Person, person: Person) -> bool:
    """Whether somebody can cover for a person: anybody who works here, or who shares a role with them."""
    return not set(cover.roles) <= _OUTSIDE or not set(cover.roles).isdisjoint(person.roles)
