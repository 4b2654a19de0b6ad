"""By what cases are grouped: the key of each group, and which cases are in it, as SQL. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from connectors.ledger.queries.stats_totals import Of, SumsBy
from connectors.ledger.remit_sql import among
from schemas.names import Name
from schemas.remit import WHOLE, Remit

Person = Literal["person"]
Dimension = Literal["department", "category", "segment", "grid", "community"] | Person
PERSON: Final[Person] = "person"
DIMENSIONS: Final[tuple[Dimension, ...]] = ("department", "category", "segment", "grid", "community")
"""Those of everybody; by person only those see figures who may."""
OTHERS: Final = " "
"""The key of persons who are not shown one by one; no id has a space."""


def _department(code: str, name: str) -> str:
    """The key of a department from the columns with its code and its name; a value are the names of the region."""
    named = f"({code}, {name}) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?) AS lists)"  # noqa: S608 - names of ours
    return f"CASE WHEN coalesce({name}, '') = '' OR {named} THEN coalesce({code}, '') ELSE {name} END"


_OWNER: Final = _department("department", "department_name")
_CALLED: Final = _department("code", "name")


class GroupCases(NamedTuple):
    """The cases of a group as a condition and its values, and an index that finds them by time."""

    condition: str
    values: list[object]
    by: str


class PeopleShown(NamedTuple):
    """Whose figures are shown by person: in a part of the region those of some persons, the others together."""

    part: Remit = WHOLE
    only: frozenset[str] | None = None
    """None: everybody's but those `apart`."""
    apart: frozenset[str] = frozenset()

    def shows(self, person: str) -> bool:
        """Whether somebody has a row of their own."""
        return person not in self.apart and (self.only is None or person in self.only)


EVERYBODY: Final = PeopleShown()


@dataclass(frozen=True, slots=True)
class Grouping:
    """One dimension. A case has the key "" if it has none: no place yet, nobody responsible."""

    dimension: Dimension
    names: Mapping[str, Name] = field(default_factory=dict)
    """By key. A department that another system names differently from these has that name as its key."""
    communities: Mapping[str, str] = field(default_factory=dict)
    """By grid the key of its community."""
    people: PeopleShown = EVERYBODY
    """Who is shown, where persons are: who has a case now."""

    @property
    def by(self) -> SumsBy:
        """By what the ledger adds up."""
        if self.dimension == PERSON:
            return "assignee"
        return "grid" if self.dimension == "community" else self.dimension

    def key(self, of: Of) -> str:
        """The key of a group."""
        if self.dimension == "community":
            return self.communities.get(of.code, "")
        if self.dimension == PERSON:
            return of.code if not of.code or self.people.shows(of.code) else OTHERS
        name = self.names.get(of.code)
        own = not of.label or (name is not None and of.label in (name.zh, name.en))
        return of.code if own else of.label

    def cases(self, key: str) -> GroupCases:
        """Which cases have a key."""
        if self.dimension == "community":
            return GroupCases(*self._community(key), "cases_submitted")
        if self.dimension == "department":
            own: list[object] = [self._named(), key]
            if key in self.names:
                return GroupCases(f"department = ? AND {_OWNER} = ?", [key, *own], "cases_department")
            return GroupCases(f"{_OWNER} = ?", own, "cases_submitted")
        if self.dimension == PERSON and key == OTHERS:
            apart = "assignee IS NOT NULL AND assignee {}IN (SELECT value FROM json_each(?) AS lists)"
            _, only, those = self.people
            which = apart.format("") if only is None else apart.format("NOT ")
            return GroupCases(which, [among(those if only is None else only)], "cases_submitted")
        if key or self.dimension == "category":
            return GroupCases(f"{self.by} = ?", [key], f"cases_{self.by}")
        return GroupCases(f"coalesce({self.by}, '') = ''", [], "cases_submitted")

    def call_key(self) -> tuple[str, list[object]]:
        """The key of a call as SQL over the table of calls, and its values; of a community its grid."""
        if self.dimension == "department":
            return _CALLED, [self._named()]
        return f"coalesce({self.by}, '')", []

    def calls(self, key: str) -> tuple[str, list[object]]:
        """Which calls have a key: those to a department, or those for the cases of anything else."""
        if self.dimension == "community":
            return self._community(key)
        name, values = self.call_key()
        return f"{name} = ?", [*values, key]

    def _community(self, key: str) -> tuple[str, list[object]]:
        grids = [grid for grid, community in self.communities.items() if not key or community == key]
        among = "coalesce(grid, '') IN (SELECT value FROM json_each(?))"
        return among if key else f"NOT {among}", [json.dumps(grids)]

    def _named(self) -> str:
        pairs = [(code, each) for code, name in self.names.items() for each in {name.zh, name.en}]
        return json.dumps(pairs, ensure_ascii=False)
