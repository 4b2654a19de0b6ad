"""The part of a region that somebody answers for: what lists, boards and figures may show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from schemas.case import Case


@dataclass(frozen=True, slots=True)
class Remit:
    """Which cases are somebody's to look after. Nobody's is empty, and counts as false."""

    everything: bool = False
    """All cases of the region, also those of no known place."""
    grids: frozenset[str] = frozenset()
    """All cases in these grids."""
    departments: frozenset[str] = frozenset()
    """All cases of these departments, wherever they are."""
    lists: frozenset[str] = frozenset()
    """Of these grids, the proposed changes of the list alone."""

    def __bool__(self) -> bool:
        """Whether it has anything."""
        return self.everything or bool(self.grids or self.departments or self.lists)

    def __or__(self, other: "Remit") -> "Remit":
        """Both together."""
        if self.everything or other.everything:
            return WHOLE
        return Remit(
            grids=self.grids | other.grids,
            departments=self.departments | other.departments,
            lists=self.lists | other.lists,
        )

    @classmethod
    def joined(cls, remits: "Iterable[Remit]") -> "Remit":
        """All of them together."""
        return reduce(cls.__or__, remits, cls())

    def has(self, case: Case | None) -> bool:
        """Whether a case is part of it; None: what concerns no case."""
        if self.everything or case is None:
            return self.everything
        grid = case.place.grid if case.place else None
        if grid in self.grids or (case.department is not None and case.department.code in self.departments):
            return True
        return case.change is not None and grid in self.lists

    def has_grid(self, grid: str | None) -> bool:
        """Whether all cases of a grid (None: of no known place) are part of it."""
        return self.everything or grid in self.grids

    @property
    def where(self) -> frozenset[str] | None:
        """The only grids in which its cases can be; None: anywhere."""
        return None if self.everything or self.departments else self.grids | self.lists


WHOLE = Remit(everything=True)
"""The whole region."""
