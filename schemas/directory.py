"""Looking up what a region has by id, and how far somebody's say reaches: area, rank and powers."""

from collections.abc import Iterable
from typing import Final

from schemas.case import Case
from schemas.people import Delegation, Organisation, Person, Power, Role
from schemas.place import PlaceFound
from schemas.region import Grid, Region, Segment
from schemas.remit import WHOLE, Remit

OFFICES: Final = frozenset({Role.STREET_OFFICE, Role.COORDINATOR})
"""Roles with authority in the whole region, where no ladder names the person."""
CHIEFS: Final = frozenset({Role.LANE_CHIEF, Role.STREET_CHIEF})
"""Roles with authority in the grids whose ladder names them."""
RANKS: Final = {
    Role.STEWARD: 1,
    Role.LANE_CHIEF: 2,
    Role.STREET_CHIEF: 3,
    Role.STREET_OFFICE: 3,
    Role.COORDINATOR: 4,
}
"""The rank of a role, to compare an office with the rungs of a ladder."""
_ABOVE: Final = OFFICES | CHIEFS
_FRONT_LINE: Final = frozenset(
    {
        Role.SEGMENT_SUPERVISOR, Role.EXECUTOR, Role.DEPARTMENT_OFFICER, Role.PATROLLER, Role.STEWARD,
        Role.LIST_STEWARD, Role.INSPECTOR,
    }
)  # fmt: skip
HELD_BY: Final[dict[Power, frozenset[Role]]] = {
    Power.COORDINATION: _ABOVE,
    Power.EVALUATION: _ABOVE,
    Power.EMERGENCY: _ABOVE,
    Power.PROPERTY_GRADING: frozenset({Role.STREET_OFFICE}),
    Power.APPOINTMENT: frozenset({Role.STREET_OFFICE}),
    Power.LIST_DRAFTING: _ABOVE | _FRONT_LINE,
    Power.LIST_APPROVAL: frozenset({Role.LIST_STEWARD, Role.STREET_OFFICE}),
}
"""Which roles hold a power when the region does not say."""


class Directory:
    """Everything in one region, by id. Unknown ids give None or an empty result, never an error."""

    def __init__(self, region: Region) -> None:
        """Build the indexes once."""
        self.region = region
        self._persons = {person.id: person for person in region.persons}
        self._grids = {grid.id: grid for grid in region.grids}
        self._segments = {segment.id: segment for segment in region.segments}
        self._organisations = {body.code: body for body in region.organisations}
        self._on_ladders = frozenset(person for grid in region.grids for person in grid.ladder)
        self._powers = {power: _rows(region, power) for power in Power}
        self._holders: dict[Power, tuple[str, ...]] = {}
        self._remits: dict[str, Remit] = {}
        self._segment_people: dict[str, set[str]] = {}
        for segment in region.segments:
            self._segment_people.setdefault(segment.grid, set()).update(
                filter(None, (segment.owner, *segment.executors))
            )
        officers = [p for p in region.persons if p.department and Role.DEPARTMENT_OFFICER in p.roles]
        ranked = sorted(officers, key=lambda person: person.id, reverse=True)
        self.desks = {person.department: person.id for person in ranked if person.department}
        """The officer of each department: the first by id among its people."""
        self.offices = tuple(
            person.id for person in region.persons if person.id not in self._on_ladders and OFFICES & set(person.roles)
        )
        """Offices with authority in the whole region."""

    def person(self, name: str | None) -> Person | None:
        """The person of this id."""
        return None if name is None else self._persons.get(name)

    def grid(self, name: str | None) -> Grid | None:
        """The grid of this id."""
        return None if name is None else self._grids.get(name)

    def segment(self, name: str | None) -> Segment | None:
        """The road segment of this id."""
        return None if name is None else self._segments.get(name)

    def organisation(self, code: str | None) -> Organisation | None:
        """The department, street or other organisation of this code."""
        return None if code is None else self._organisations.get(code)

    def executors(self, segment: str | None) -> tuple[str, ...]:
        """Who does the work on a road segment, by the region's files."""
        known = self.segment(segment)
        return () if known is None else known.executors

    def ladder(self, place: PlaceFound | None) -> tuple[str, ...]:
        """The escalation ladder at this place, lowest rung first; empty where nobody is named."""
        return self.ladder_of(place.grid if place else None)

    def ladder_of(self, grid: str | None) -> tuple[str, ...]:
        """The same by the grid's id."""
        known = self.grid(grid)
        return known.ladder if known else ()

    def rung_of(self, person: str, grid: str | None) -> int | None:
        """The rung of a person above a grid (1: the lowest); None when they have no authority there.

        People on the grid's ladder have their own rung. An office on no ladder has authority everywhere, as high
        as the highest rung that does not outrank it. While the place is unknown, every office has authority.
        """
        ladder = self.ladder_of(grid)
        if person in ladder:
            return _last(ladder, person)
        known = self.person(person)
        if known is None or OFFICES.isdisjoint(known.roles) or (grid is not None and person in self._on_ladders):
            return None
        rank = max(RANKS[role] for role in OFFICES.intersection(known.roles))
        return self._reach(ladder, rank)

    def _reach(self, ladder: Iterable[str], rank: int) -> int:
        rung = 0
        for at, person in enumerate(ladder, 1):
            if self._rank(person) > rank:
                break
            rung = at
        return rung

    def rung_of_case(self, case: Case) -> int:
        """The rung of a case: the one it was raised to, or that of its present holder if higher; 0: none."""
        ladder, holder = self.ladder(case.place), case.accountable or case.assignee
        stands_on = _last(ladder, holder) if holder in ladder else 0
        return max(min(case.raised, len(ladder)), stands_on)

    def next_rung(self, case: Case, by: str) -> int | None:
        """The rung to which `by` raises a case: above its holders and above `by`; None at the top."""
        ladder, here = self.ladder(case.place), (case.assignee, case.accountable, by)
        stands_on = max((ladder.index(each) + 1 for each in here if each in ladder), default=0)
        below = max(case.raised, stands_on)
        return below + 1 if below < len(ladder) else None

    def is_above(self, person: str, by: str, case: Case) -> bool:
        """Whether somebody's rung above a case is higher than that of `by`."""
        grid = case.place.grid if case.place else None
        theirs, own = self.rung_of(person, grid), self.rung_of(by, grid)
        return theirs is not None and own is not None and theirs > own

    def above(self, grid: str | None) -> tuple[str, ...]:
        """Everybody who may have authority in a grid, and for whom somebody may cover."""
        return tuple(dict.fromkeys((*self.ladder_of(grid), *self.offices)))

    def remit(self, person: str) -> Remit:
        """The part of the region that somebody answers for; empty for those who answer for their own cases only.

        Inspectors and offices have all of it, the people of a ladder and heads their grids, officers their department,
        and those who decide about the list its proposed changes.
        """
        if (known := self.person(person)) is None:
            return Remit()
        if person not in self._remits:
            self._remits[person] = self._remit(known)
        return self._remits[person]

    def people_remit(self, person: str) -> Remit:
        """The part of the region in which somebody may see figures by person: where they have authority.

        Offices have all of it, the people of a ladder their grids; inspectors, heads and officers none by that.
        """
        every = [grid.id for grid in self.region.grids]
        grids = frozenset(grid for grid in every if self.rung_of(person, grid) is not None)
        return WHOLE if person in self.offices or (every and len(grids) == len(every)) else Remit(grids=grids)

    def below(self, person: str) -> frozenset[str]:
        """Of whom somebody may see figures by person: as `may_place`, of those who work where they have authority."""
        found, working = {person}, set[str]()
        for grid in self.region.grids:
            there = {grid.head, *grid.workers, *grid.ladder, *self._segment_people.get(grid.id, ())}
            working.update(filter(None, there))
            own = self.rung_of(person, grid.id)
            if own is not None:
                found.update(each for each in there if each and own >= (self.rung_of(each, grid.id) or 0))
        if self.rung_of(person, None) is not None:
            found |= self._persons.keys() - working
        return frozenset(each for each in found if each == person or not self._outranks(each, person))

    def _remit(self, known: Person) -> Remit:
        id, every = known.id, [grid.id for grid in self.region.grids]
        grids = frozenset(
            grid.id for grid in self.region.grids if id == grid.head or self.rung_of(id, grid.id) is not None
        )
        if Role.INSPECTOR in known.roles or id in self.offices or (every and len(grids) == len(every)):
            return WHOLE
        officer = Role.DEPARTMENT_OFFICER in known.roles and known.department is not None
        departments = frozenset(filter(None, [known.department])) if officer else frozenset[str]()
        lists = frozenset(grid for grid in every if self.holds(Power.LIST_APPROVAL, id, grid))
        return Remit(grids=grids, departments=departments, lists=lists - grids)

    def holders(self, power: Power) -> tuple[str, ...]:
        """Everybody who holds a power anywhere, by id."""
        if power not in self._holders:
            given = (id for id in self._persons if any(self._gives(row, id) for row in self._powers[power]))
            self._holders[power] = tuple(given)
        return self._holders[power]

    def holds(self, power: Power, person: str, grid: str | None, rung: int = 0) -> bool:
        """Whether somebody holds a power in a grid, for a case on `rung`.

        A role of the ladder holds it in its own area up to its own rung; every other role, and a named person, in
        the grids of the row.
        """
        return any(
            self._gives(row, person) and (not row.grids or grid in row.grids) and self._reaches(row, person, grid, rung)
            for row in self._powers[power]
        )

    def _gives(self, row: Delegation, person: str) -> bool:
        known = self.person(person)
        return known is not None and (person in row.persons or not set(row.roles).isdisjoint(known.roles))

    def _reaches(self, row: Delegation, person: str, grid: str | None, rung: int) -> bool:
        known = self.person(person)
        if person in row.persons or (known and set(row.roles).intersection(known.roles) - _ABOVE):
            return True
        own = self.rung_of(person, grid)
        return own is not None and own >= rung

    def may_place(self, by: str, person: str) -> bool:
        """Whether somebody may enter an absence and its cover: their own, or that of somebody below them."""
        if by == person:
            return True
        if self._outranks(person, by):
            return False
        grids = [grid.id for grid in self.region.grids if self._works_in(person, grid)]
        return any(
            (own := self.rung_of(by, grid)) is not None and own >= (self.rung_of(person, grid) or 0)
            for grid in (grids or (None,))
        )

    def _outranks(self, person: str, by: str) -> bool:
        """Whether an office that no ladder names ranks above another person."""
        return person in self.offices and self._rank(person) > self._rank(by)

    def _rank(self, person: str) -> int:
        known = self.person(person)
        return max((RANKS.get(role, 0) for role in known.roles), default=0) if known else 0

    def is_over_somebody(self, person: str) -> bool:
        """Whether somebody has authority over anybody."""
        return person in self.offices or person in self._on_ladders

    def _works_in(self, person: str, grid: Grid) -> bool:
        if person in {grid.head, *grid.workers, *grid.ladder}:
            return True
        return person in self._segment_people.get(grid.id, ())


def _rows(region: Region, power: Power) -> tuple[Delegation, ...]:
    named = tuple(row for row in region.powers if row.power is power)
    return named or (Delegation(power=power, roles=tuple(sorted(HELD_BY[power]))),)


def _last(ladder: tuple[str, ...], person: str | None) -> int:
    return max(at for at, rung in enumerate(ladder, 1) if rung == person)
