"""Why a case went where it went: the row that won, each fact with the cell it met, and the rows that did not win."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.event import Because
from schemas.items import Item
from schemas.names import Language, Name
from schemas.rulebook import Rulebook
from schemas.table import Cell, Fact, Row, Table

MOST_NEAR: Final = 5
_NO_ROW: Final = Name(zh="没有行命中，按默认输出", en="no row matched; the default holds")


@dataclass(frozen=True, slots=True)
class Met:
    """One fact and the cell of the winning row that it met; None: the row does not ask for it."""

    fact: str
    value: Fact | None
    cell: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that matched too and did not win, or one that missed by a single cell, and why."""

    row: str
    number: int
    why: Name


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision explained by the rulebook that made it."""

    because: Because
    met: tuple[Met, ...] = ()
    lost: tuple[Lost, ...] = ()
    near: tuple[Lost, ...] = ()
    """Rows that one cell kept from matching, those that would have won first."""
    note: str = ""
    """What the list steward wrote beside the row."""
    item: Item | None = None

    def say(self, language: Language) -> str:
        """The sentence for a citizen."""
        return self.because.zh if language is Language.ZH else self.because.en


def explain(because: Because, rulebook: Rulebook, item: str | None = None) -> Explanation:
    """Explain a reason that a rule gave; `rulebook` is that of its version, `item` the list item of the case."""
    cited = [one for one in rulebook.items if one.id == item and one.level in {None, rulebook.level}]
    found = Explanation(because, item=cited[-1] if cited else None)
    if because.version is None:
        return found  # no rule decided it: a person did, or a place or words are missing
    table = rulebook.routing
    number = table.numbers.get(because.row or "")
    row = None if number is None else table.rows[number - 1]
    return Explanation(
        because,
        tuple(_met(table, row, because)),
        tuple(_lost(table, row, because)),
        tuple(_near(table, row, because)),
        (row.note if row else None) or "",
        found.item,
    )


def _met(table: Table, row: Row | None, because: Because) -> Iterator[Met]:
    for name in table.kinds():
        cell = row.cell(name) if row else None
        if name in because.facts or (cell is not None and not cell.is_any):
            yield Met(name, because.facts.get(name), "-" if cell is None else shown(cell))


def _lost(table: Table, winner: Row | None, because: Because) -> Iterator[Lost]:
    for name in because.also:
        if (number := table.numbers.get(name)) is None:
            continue
        yield Lost(name, number, _why(table.rows[number - 1], winner))


def _why(row: Row, winner: Row | None) -> Name:
    if winner is None:
        return Name(zh="与其他行冲突", en="it contradicts the others")
    if row.priority > winner.priority:
        return Name(
            zh=f"优先级 {row.priority}，排在 {winner.priority} 之后",
            en=f"its priority {row.priority} comes after {winner.priority}",
        )
    return Name(zh="优先级相同，在表中靠后", en="it has the same priority and stands later in the table")


def _near(table: Table, winner: Row | None, because: Because) -> Iterator[Lost]:
    """Rows that would have won but for one cell; those of other categories are not near."""
    order = sorted(range(len(table.rows)), key=lambda i: table.rows[i].priority)
    told = 0
    for i in order:
        row = table.rows[i]
        if winner is not None and row.id == winner.id:
            return
        missed = list(_missed(row, because))
        if len(missed) == 1 and missed[0] != "category" and told < MOST_NEAR:
            told += 1
            name = missed[0]
            fact = because.facts.get(name)
            cell = shown(row.cell(name))
            yield Lost(
                row.id,
                i + 1,
                Name(
                    zh=f"{name} 为 {'未知' if fact is None else fact}，此行要求 {cell}",
                    en=f"{name} is {'not known' if fact is None else fact}, and the row asks for {cell}",
                ),
            )


def _missed(row: Row, because: Because) -> Iterator[str]:
    return (name for name, cell in row.when.items() if not cell.meets(because.facts.get(name)))


def shown(cell: Cell) -> str:
    """A cell as a steward writes it."""
    if cell.one_of is not None:
        return ", ".join(map(str, cell.one_of))
    if cell.is_any:
        return "-"
    if cell.ge is not None and cell.le is not None:
        return f"{cell.ge}–{cell.le}"
    return f"≥ {cell.ge}" if cell.ge is not None else f"≤ {cell.le}"


def who_matched(because: Because) -> Name:
    """The row that won, for a title."""
    if because.row is None:
        return _NO_ROW
    return Name(zh=f"第 {because.row_number} 行 {because.row}", en=f"row {because.row_number} {because.row}")
