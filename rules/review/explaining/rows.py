"""Explains any decision table: the rows that decide, each fact with its cell, and why other rows do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rules.tables.matcher import Conflict, choose
from schemas.names import Name
from schemas.table import Cell, Fact, Facts, Outputs, Row, Table

MOST_NEAR: Final = 5
_FIRST: Final = frozenset({"F", "P"})
"""Hit policies by which the first row wins."""


@dataclass(frozen=True, slots=True)
class Met:
    """One fact and the cell of a row that it met; None: the row does not use it."""

    fact: str
    value: Fact | None
    cell: str


@dataclass(frozen=True, slots=True)
class Won:
    """A row that decides, with its outputs and the list steward's note."""

    row: str
    number: int
    then: Outputs
    met: tuple[Met, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class LosingRow:
    """A row that does not decide, and why."""

    row: str
    number: int
    why: Name


@dataclass(frozen=True, slots=True)
class Ruling:
    """The ruling of one table on some facts: each row is `won`, `lost`, `near` or one of the `others`."""

    sheet: str
    """Which list of the rulebook it is: `routing`, `joint`, `limits`."""
    policy: str
    facts: tuple[Met, ...]
    """The facts the table uses, with the cells of the first row that decides."""
    won: tuple[Won, ...]
    lost: tuple[LosingRow, ...] = ()
    """Rows that match too but do not decide."""
    near: tuple[LosingRow, ...] = ()
    """Rows that do not match and would decide if they did; those with the fewest failing cells first."""
    others: int = 0
    """How many more rows do not match."""
    default: Outputs | None = None
    """The default, used because no row matched."""
    conflict: bool = False
    """Whether rows contradict each other, so that none decides."""

    @property
    def then(self) -> Outputs:
        """The output, if one row decides or none."""
        return self.won[0].then if self.won else self.default or {}


def explain_rows(sheet: str, table: Table, facts: Facts, matched: Sequence[str] | None = None) -> Ruling:
    """Explain a table by the facts of the question; `matched` are the rows that matched, if recorded."""
    ids = matching(table, facts) if matched is None else tuple(row for row in matched if row in table.numbers)
    hit = choose(table, ids)
    won: tuple[Row, ...] = ()
    if not isinstance(hit, Conflict) and hit.row is not None:
        won = tuple(_rows(table, ids)) if table.hit_policy == "C" else (hit.row,)
    losers = [row for row in _rows(table, ids) if row not in won]
    near = tuple(_near(table, facts, ids, won))
    return Ruling(
        sheet,
        table.hit_policy,
        tuple(_met(table, won[0] if won else None, facts)),
        tuple(
            Won(row.id, table.numbers[row.id], row.then, tuple(_met(table, row, facts)), row.note or "") for row in won
        ),
        tuple(LosingRow(row.id, table.numbers[row.id], _why(table, row, won)) for row in losers),
        near,
        len(table.rows) - len(ids) - len(near),
        None if ids or isinstance(hit, Conflict) else table.default,
        isinstance(hit, Conflict),
    )


def matching(table: Table, facts: Facts) -> tuple[str, ...]:
    """The rows that match the facts, by priority, then in table order."""
    rows = sorted(table.rows, key=lambda row: row.priority)
    return tuple(row.id for row in rows if not any(_missed(row, facts)))


def _rows(table: Table, ids: Sequence[str]) -> Iterator[Row]:
    return (table.rows[table.numbers[row_id] - 1] for row_id in ids)


def _met(table: Table, row: Row | None, facts: Facts) -> Iterator[Met]:
    for name in table.kinds():
        cell = row.cell(name) if row else None
        if name in facts or (cell is not None and not cell.is_any):
            yield Met(name, facts.get(name), "-" if cell is None else shown(cell))


def _why(table: Table, row: Row, won: Sequence[Row]) -> Name:
    if not won:
        return Name.of("explain.row.contradicts")
    if table.hit_policy == "A":
        return Name.of("explain.row.same")
    if row.priority > won[0].priority:
        return Name.of("explain.row.priority", priority=row.priority, other=won[0].priority)
    return Name.of("explain.row.later")


def _near(table: Table, facts: Facts, ids: Sequence[str], won: Sequence[Row]) -> Iterator[LosingRow]:
    """Rows that would decide except for some cells; rows of other categories do not count as near."""
    found: list[tuple[int, int, int]] = []
    matched = set(ids)
    for i, row in enumerate(table.rows):
        if row.id in matched or (won and table.hit_policy in _FIRST and not _before(table, row, i, won[0])):
            continue
        missed = list(_missed(row, facts))
        if missed and "category" not in missed:
            found.append((len(missed), row.priority, i))
    for _, _, i in sorted(found)[:MOST_NEAR]:
        yield LosingRow(table.rows[i].id, i + 1, _kept_out(table.rows[i], facts))


def _before(table: Table, row: Row, index: int, winner: Row) -> bool:
    return (row.priority, index + 1) < (winner.priority, table.numbers[winner.id])


def _missed(row: Row, facts: Facts) -> Iterator[str]:
    return (name for name, cell in row.when.items() if not cell.meets(facts.get(name)))


def _kept_out(row: Row, facts: Facts) -> Name:
    said = []
    for name in _missed(row, facts):
        fact, cell = facts.get(name), shown(row.cell(name))
        known = Name.of("explain.row.unknown") if fact is None else fact
        said.append(Name.of("explain.row.asks", name=name, fact=known, cell=cell))
    return Name.joined("；", "; ", said)


def shown(cell: Cell) -> str:
    """A cell for people."""
    if cell.one_of is not None:
        return ", ".join(map(str, cell.one_of))
    if cell.is_any:
        return "-"
    if cell.ge is not None and cell.le is not None:
        return f"{cell.ge}–{cell.le}"
    return f"≥ {cell.ge}" if cell.ge is not None else f"≤ {cell.le}"
