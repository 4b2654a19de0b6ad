"""The port for matching decision tables, and the hit policies applied to the matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from schemas.errors import Parked, Stop
from schemas.table import Facts, Outputs, Row, Table

Question: TypeAlias = tuple[str, Facts]
"""A table's name and the facts to match with it."""


class UnknownTableError(Stop):
    """No table has this name. Name a table of the rulebook that is active."""


class WrongFactError(Parked):
    """A fact is not of the kind that the table's input has. Correct what computes it; leave out what is not known."""


class Matcher(Protocol):
    """Finds the rows of a table that facts match.

    Facts that are no input of the table are ignored. `matches` raises `UnknownTableError` and `WrongFactError`
    (None, "", a float or bool, or the other kind).
    """

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        """The ids of all rows that match, by priority, then in table order. Never waits."""

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Ask ahead the next questions to `matches`, within the matcher's limit (at most 1 s).

        Optional and never an error: a question that was not prepared gets the same answer.
        """


@dataclass(frozen=True, slots=True)
class Hit:
    """What the hit policy chose: a row, or the default when no row matched.

    `then` is None when no row matched and the table has no default. `also` are the ids of the other rows that
    matched, in order: those that lost or, for `C`, those that count too.
    """

    row: Row | None
    row_number: int | None
    then: Outputs | None
    also: tuple[str, ...] = ()

    @property
    def default(self) -> bool:
        """Whether no row matched."""
        return self.row is None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that may not match the same facts: more than one under `U`, unequal outputs under `A`."""

    rows: tuple[str, ...]
    row_numbers: tuple[int, ...]


def choose(table: Table, row_ids: Sequence[str]) -> Hit | Conflict:
    """Apply the table's hit policy to the rows that matched, given by priority, then in table order."""
    if not row_ids:
        return Hit(None, None, table.default)
    numbers = tuple(table.numbers[row_id] for row_id in row_ids)
    first = table.rows[numbers[0] - 1]
    if _conflicting(table, numbers, first):
        return Conflict(tuple(row_ids), numbers)
    return Hit(first, numbers[0], first.then, tuple(row_ids[1:]))


def _conflicting(table: Table, numbers: tuple[int, ...], first: Row) -> bool:
    if table.hit_policy == "U":
        return len(numbers) > 1
    return table.hit_policy == "A" and not all(_say_the_same(table.rows[number - 1], first) for number in numbers)


def _say_the_same(row: Row, other: Row) -> bool:
    """Whether two rows have equal outputs. To Python true is 1; to a table, and to other engines, it is not."""
    same_kinds = (isinstance(value, bool) is isinstance(other.then[name], bool) for name, value in row.then.items())
    return row.then == other.then and all(same_kinds)
