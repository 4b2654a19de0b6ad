"""What everybody may know of one category: departments and jobs, never a person, never a telephone number."""

from typing import NamedTuple

from schemas.items import Verdict
from schemas.models import LogModel
from schemas.names import Name


class PublicHandler(LogModel):
    """Who is responsible, or where else to go."""

    when: Name | None = None
    """In which situation; None: always, or whenever nothing else is named before it."""
    verdict: Verdict
    """`refuse`: not handled here."""
    department: Name | None = None
    """The department in charge, also that of something handled elsewhere."""
    job: Name | None = None
    """Who goes there first, by their job; None where it is handled elsewhere."""
    elsewhere: Name | None = None
    """An office outside of this region."""
    address: Name | None = None
    """Where that office is."""
    basis: str = ""


class PublicLimits(LogModel):
    """How long it may take, in words; None where nothing is set."""

    accept: Name | None = None
    respond: Name | None = None
    resolve: Name | None = None
    varies: bool = False
    """Whether there are situations with other limits, such as danger."""


class PublicEntry(LogModel):
    """One category."""

    id: str
    name: Name
    urgent: bool = False
    parts: tuple[Name, ...] = ()
    """Its subcategories."""
    words: tuple[str, ...] = ()
    """What people say for it, also for its subcategories."""
    needs_place: bool
    photo_of_result: bool
    """Whether it counts as done only with a photo."""
    handlers: tuple[PublicHandler, ...]
    limits: PublicLimits
    standard: Name | None = None
    """When it counts as done well."""


class PublicList(NamedTuple):
    """All of it, in the order of the list."""

    entries: tuple[PublicEntry, ...]
    general: tuple[PublicHandler, ...]
    """Who is responsible in a situation, whatever it is about."""
    without_place: tuple[str, ...]
    """Kinds of report that need no place, whatever they are about."""
