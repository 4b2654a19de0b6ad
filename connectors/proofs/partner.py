"""The port: whoever exchanges records with Grid36 and can be asked what went where on a day."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from schemas.proof import Entry, ProofWay


class PartnerRecord(NamedTuple):
    """One record of a partner's day: its id, its case, and its time (ms UTC) as the record itself says it."""

    id: str
    case: str
    t_ms: int
    overtaken: bool = False
    """Whether a record of a later day made it void, so that a partner that was away may never have seen it."""

    @property
    def entry(self) -> Entry:
        """As it counts."""
        return Entry(self.id, self.case)


class Partner(Protocol):
    """A department, a neighbour, a platform, a subscriber. Days are those of the region's zone.

    What it returns comes from our own log or stores, never from what the partner says. Methods may read files.
    """

    @property
    def code(self) -> str:
        """Its name in lists and addresses: a department's code, else `DOOR.NAME`."""

    def sent(self, day: date) -> Sequence[PartnerRecord]:
        """What Grid36 gave it on a day."""

    def taken(self, day: date) -> Sequence[PartnerRecord]:
        """What Grid36 took from it on a day."""

    def knows(self, way: ProofWay, entries: Collection[Entry]) -> set[Entry]:
        """Those of `entries` that went this way at any time."""
