"""Sums by several things at once, as SQL, and the tables that keep them. Pure.

Two dimensions, or a part of the region, are added up from their rows. By segment a city has nearly as many rows as
cases, and few without a place: a question reads the smallest table that has what it asks for.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from connectors.ledger.kept.grains import GRAINS, Grain, Periods
from connectors.ledger.kept.sums import SUMS, added, in_order
from connectors.ledger.remit_sql import AMONG, among, held
from connectors.ledger.span import Codes
from schemas.remit import Remit

_WHAT: Final = ("kind", "category", "department", "label", "raised", "proposed")
"""What the cases of a row have in common in every table."""


class Crossed(NamedTuple):
    """A table of sums by `places` and all else, of each day or month."""

    name: str
    places: tuple[str, ...]
    grains: tuple[Grain, ...] = tuple(GRAINS)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell its rows apart."""
        return "grain", "period", *self.places, *_WHAT

    def create(self) -> str:
        """The statement that makes it."""
        types = {"period": "INTEGER", "raised": "INTEGER", "proposed": "INTEGER"}
        columns = [f"{name} {types.get(name, 'TEXT')} NOT NULL" for name in self.key]
        columns += [f"{name} INTEGER NOT NULL" for name in SUMS]
        key = f"PRIMARY KEY ({', '.join(self.key)})"
        return f"CREATE TABLE {self.name} ({', '.join([*columns, key])}) WITHOUT ROWID;"

    def moves(self) -> Iterable[str]:
        """The statements that add what was noted."""
        group, sums = ", ".join(self.key[2:]), ", ".join(f"sum({name})" for name in SUMS)
        for grain in self.grains:
            yield (
                f"INSERT INTO {self.name} SELECT '{grain}', day / {GRAINS[grain]} AS period, {group}, {sums}"  # noqa: S608 - names of ours
                f" FROM moved WHERE true GROUP BY period, {group} {added(self.name, self.key, SUMS)}"
            )

    def rows(
        self, whole: Sequence[Periods], kind: str | None, within: Remit, only: Sequence[Codes] = ()
    ) -> tuple[str, list[object]]:
        """The query for its rows of whole periods, and its values."""
        inside, more = held(within)
        inside = [*inside, *(f"{each.by} {AMONG}" for each in only)]
        more = [*more, *(among(each.codes) for each in only)]
        kinds = [] if kind is None else [kind]
        those = " AND ".join(["", *["kind = ?"] * len(kinds), *inside])
        each = (
            f"SELECT * FROM (SELECT *, nullif(proposed, 0) AS proposes FROM {self.name})"  # noqa: S608
            f" WHERE grain = '{part.grain}' AND {part.condition(few_codes=bool(inside))}{those}"
            for part in whole
        )
        return " UNION ALL ".join(each), [*kinds, *more] * len(whole)

    @property
    def in_order(self) -> str:
        """The query for all its rows, by their key."""
        return in_order(self.name, self.key, tuple(SUMS), "opened")


CROSSED: Final = (
    Crossed("crossed", ()),
    Crossed("crossed_by_grid", ("grid",)),
    Crossed("crossed_by_assignee", ("assignee", "grid")),
    Crossed("crossed_by_segment", ("segment", "grid", "assignee"), ("day",)),
)
"""The smallest first; the last has everything."""
_PLACES: Final = frozenset(CROSSED[-1].places)


def crossed_by(columns: Iterable[str], within: Remit, only: Sequence[Codes] = ()) -> Crossed:
    """The smallest table with these columns, those of `only` and those by which a part of the region is made."""
    anywhere = within.everything or (within.departments and not within.grids and not within.lists)
    asked = {*columns, *(each.by for each in only), *([] if anywhere else ["grid"])}
    return next(each for each in CROSSED if _PLACES.isdisjoint(asked.difference(each.places)))
