"""What a supervisor watches: cases that are late or soon will be, who has how many, and where it keeps happening."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any, Final

from connectors.ledger.queries.cases import Ledger
from schemas.case import WORKING, Case, State

RUNNING: Final = tuple(sorted(WORKING | {State.RETURNED}))
"""States in which the clock of resolution runs."""
SHOWN: Final = 12
"""Rows of a list or table."""
MOST_OPEN: Final = 50_000
SOON_MS: Final = 2 * 3_600_000
REPEATS_MS: Final = 30 * 86_400_000
REPEATED: Final = 3
"""From so many cases of one category in a segment within `REPEATS_MS` on, a place repeats."""


@dataclass(frozen=True, slots=True)
class Area:
    """Which cases are looked at; "" is any."""

    department: str = ""
    category: str = ""
    grid: str = ""

    def has(self, case: Case) -> bool:
        """Whether a case is looked at."""
        pairs = (
            (self.department, case.department.code if case.department else None),
            (self.category, case.category),
            (self.grid, case.place.grid if case.place else None),
        )
        return all(wanted in ("", value) for wanted, value in pairs)

    def condition(self, of: str) -> tuple[str, list[object]]:
        """SQL that also holds for the cases that are looked at, and its values."""
        named = {"department": self.department, "category": self.category, "grid": self.grid}
        asked = {column: value for column, value in named.items() if value}
        return " AND ".join([of, *(f"{column} = ?" for column in asked)]), list(asked.values())


@dataclass(frozen=True, slots=True)
class Load:
    """Open cases of one person, department or rung, and how many of them are late."""

    key: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a category was reported in a segment lately."""

    segment: str
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything at one moment: lists by deadline, loads by what is late and then by what is open."""

    late: list[Case] = field(default_factory=list)
    soon: list[Case] = field(default_factory=list)
    people: list[Load] = field(default_factory=list)
    departments: list[Load] = field(default_factory=list)
    rungs: list[Load] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    called: list[Case] = field(default_factory=list)
    """Open cases for which several departments were called."""


def board(ledger: Ledger, area: Area, now_ms: int) -> Board:
    """The board at `now_ms`; a clock that stands is neither late nor soon."""
    with ledger.snapshot() as connection:
        return Board(
            late=_due(connection, area, "due_ms < ?", now_ms),
            soon=_due(connection, area, "due_ms >= ? AND due_ms < ?", now_ms, now_ms + SOON_MS),
            people=_loads(connection, area, "assignee", now_ms),
            departments=_loads(connection, area, "department", now_ms),
            rungs=_loads(connection, area, "raised", now_ms),
            repeats=_repeats(connection, area, now_ms),
            called=_cases(connection, area, "open = 1 AND called IS NOT NULL", "submitted_ms DESC"),
        )


def open_cases(ledger: Ledger, area: Area) -> list[tuple[Any, ...]]:
    """Number, longitude, latitude, state, category, assignee, department, rung and deadline of all open cases.

    Positions are WGS-84, deadlines ms UTC; at most `MOST_OPEN` rows, the earliest deadlines first.
    """
    where, values = area.condition("open = 1")
    columns = "number, lon, lat, state, category, assignee, department, raised, due_ms"
    query = f"SELECT {columns} FROM cases WHERE {where} ORDER BY due_ms IS NULL, due_ms LIMIT ?"  # noqa: S608 - only names of ours
    return ledger.rows(query, *values, MOST_OPEN)


def _due(connection: sqlite3.Connection, area: Area, due: str, *given: object) -> list[Case]:
    states = ", ".join("?" * len(RUNNING))
    return _cases(connection, area, f"open = 1 AND state IN ({states}) AND {due}", "due_ms, number", *RUNNING, *given)


def _cases(connection: sqlite3.Connection, area: Area, of: str, order: str, *given: object) -> list[Case]:
    where, values = area.condition(of)
    query = f"SELECT doc FROM cases WHERE {where} ORDER BY {order} LIMIT {SHOWN}"  # noqa: S608 - only names of ours
    return [Case.model_validate_json(row[0]) for row in connection.execute(query, [*given, *values])]


def _loads(connection: sqlite3.Connection, area: Area, column: str, now_ms: int) -> list[Load]:
    where, values = area.condition(f"open = 1 AND {column} IS NOT NULL")
    states = ", ".join("?" * len(RUNNING))
    query = (
        f"SELECT {column}, count(*), sum(state IN ({states}) AND coalesce(due_ms, ?) < ?) AS late FROM cases"  # noqa: S608 - only names of ours
        f" WHERE {where} GROUP BY 1 ORDER BY late DESC, 2 DESC, 1 LIMIT {SHOWN}"
    )
    rows: list[tuple[Any, int, int]] = connection.execute(query, [*RUNNING, now_ms, now_ms, *values]).fetchall()
    return [Load(str(key), count, late) for key, count, late in rows]


def _repeats(connection: sqlite3.Connection, area: Area, now_ms: int) -> list[Repeat]:
    where, values = area.condition("submitted_ms >= ? AND segment IS NOT NULL AND master IS NULL")
    query = (
        f"SELECT segment, category, count(*) FROM cases WHERE {where}"  # noqa: S608 - only names of ours
        f" GROUP BY 1, 2 HAVING count(*) >= {REPEATED} ORDER BY 3 DESC, 1, 2 LIMIT {SHOWN}"
    )
    return [Repeat(*row) for row in connection.execute(query, [now_ms - REPEATS_MS, *values])]
