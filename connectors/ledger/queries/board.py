"""What a supervisor watches: cases that are late or soon will be, who has how many, and where it keeps happening."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, get_args

from connectors.ledger.fold import NEVER
from connectors.ledger.kept.crossed import crossed_by
from connectors.ledger.kept.grains import Periods, day_at
from connectors.ledger.kept.sums import COUNTED
from connectors.ledger.queries.cases import Ledger, LedgerChange
from connectors.ledger.remit_sql import held
from connectors.ledger.sql import LedgerRows, zone_of
from schemas.case import WORKING, Case, State
from schemas.days import begin_ms
from schemas.event import EVENT
from schemas.remit import WHOLE, Remit

RUNNING: Final = WORKING | {State.RETURNED}
"""States in which the clock of resolution runs."""
_RUNNING: Final = ", ".join(f"'{state}'" for state in sorted(RUNNING))
SHOWN: Final = 12
"""Rows of a list or table."""
MOST_OPEN: Final = 50_000
"""Of more open cases, those with the latest deadlines are left out, and the board says so."""
SOON_MS: Final = 2 * 3_600_000
REPEATS_MS: Final = 30 * 86_400_000
DAY: Final = timedelta(days=1)
REPEATED: Final = 3
"""From so many cases of one category in a segment within `REPEATS_MS` on, a place repeats."""


Total = Literal["open", "late", "soon", "resolved"]
"""All open cases, and of these: late, due soon, done and not verified yet."""
TOTALS: Final[tuple[Total, ...]] = get_args(Total)


@dataclass(frozen=True, slots=True)
class Area:
    """Which cases are looked at; "" is any."""

    department: str = ""
    category: str = ""
    grid: str = ""
    within: Remit = WHOLE
    """The only cases that are looked at, whatever else is asked for."""

    def condition(self, of: str) -> tuple[str, list[object]]:
        """SQL that also holds for the cases that are looked at, and its values."""
        named = {"department": self.department, "category": self.category, "grid": self.grid}
        asked = {column: value for column, value in named.items() if value}
        conditions, values = [of, *(f"{column} = ?" for column in asked)], list[object](asked.values())
        inside, more = held(self.within)
        conditions += inside
        values += more
        return " AND ".join(conditions), values


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
    totals: dict[Total, int] = field(default_factory=dict)

    @property
    def truncated(self) -> bool:
        """Whether `open_cases` leaves some out."""
        return self.totals.get("open", 0) > MOST_OPEN


class OpenCase(NamedTuple):
    """An open case on the board: position in WGS-84 degrees, the rung it was raised to, times in ms UTC."""

    number: str
    lon: float | None
    lat: float | None
    state: str
    category: str
    assignee: str | None
    department: str | None
    raised: int
    due_ms: int | None
    submitted_ms: int


def board(ledger: Ledger, area: Area, now_ms: int) -> Board:
    """The board at `now_ms`; a clock that stands is neither late nor soon."""
    with ledger.snapshot() as connection:
        alike = _alike(connection, area, now_ms)
        totals = Counter[str]()
        for group in alike:
            totals["open"] += group.cases
            totals[group.clock] += group.cases
        return Board(
            late=_docs(connection, _due(connection, area, -NEVER, now_ms)),
            soon=_docs(connection, _due(connection, area, now_ms, now_ms + SOON_MS)),
            people=_loads((each.assignee, each) for each in alike),
            departments=_loads((each.department, each) for each in alike),
            rungs=_loads((str(each.raised), each) for each in alike),
            repeats=_repeats(connection, area, now_ms),
            called=_called(connection, area),
            totals={each: totals[each] for each in TOTALS},
        )


def latest(ledger: Ledger, area: Area, after_seq: int, most: int) -> list[LedgerChange]:
    """The last events of cases of an area, oldest first."""
    where, values = area.condition("seq > ?")
    query = (
        "SELECT seq, event, doc FROM timeline CROSS JOIN cases USING (number) CROSS JOIN docs USING (id)"  # noqa: S608 - only names of ours
        f" WHERE {where} ORDER BY seq DESC LIMIT ?"
    )
    rows = ledger.rows(query, after_seq, *values, most)
    return [LedgerChange(seq, EVENT.validate_json(e), Case.model_validate_json(doc)) for seq, e, doc in reversed(rows)]


def open_cases(ledger: Ledger, area: Area) -> tuple[list[OpenCase], bool]:
    """All open cases, the earliest deadline first; at most `MOST_OPEN`, and whether there are more."""
    with ledger.snapshot() as connection:
        return _open_cases(connection, area)


def _open_cases(connection: LedgerRows, area: Area) -> tuple[list[OpenCase], bool]:
    where, values = area.condition("open = 1")
    columns = ", ".join(OpenCase._fields)
    query = f"SELECT {columns} FROM cases INDEXED BY cases_open_due WHERE {where} ORDER BY due_order, number LIMIT ?"  # noqa: S608 - only names of ours
    rows = [OpenCase(*row) for row in connection.execute(query, [*values, MOST_OPEN + 1])]
    return rows[:MOST_OPEN], len(rows) > MOST_OPEN


class _Alike(NamedTuple):
    """Open cases that are alike in everything that is counted; `clock` is one of `TOTALS`, or "" for the others."""

    assignee: str | None
    department: str | None
    raised: int
    clock: Total | Literal[""]
    cases: int


def _alike(connection: LedgerRows, area: Area, now_ms: int) -> list[_Alike]:
    where, values = area.condition("open = 1")
    query = (
        "SELECT assignee, department, raised, CASE WHEN state = 'resolved' THEN state"  # noqa: S608 - only names of ours
        f" WHEN state NOT IN ({_RUNNING}) OR due_order >= ? THEN '' WHEN due_order < ? THEN 'late' ELSE 'soon' END,"
        f" count(*) FROM cases INDEXED BY cases_open WHERE {where} GROUP BY 1, 2, 3, 4"
    )
    return [_Alike(*row) for row in connection.execute(query, [now_ms + SOON_MS, now_ms, *values])]


def _due(connection: LedgerRows, area: Area, from_ms: int, to_ms: int) -> list[str]:
    """The first cases with a running clock and `from_ms` ≤ deadline < `to_ms`."""
    where, values = area.condition(f"open = 1 AND due_order >= ? AND due_order < ? AND state IN ({_RUNNING})")
    query = (
        f"SELECT number FROM cases INDEXED BY cases_open_due WHERE {where}"  # noqa: S608 - only names of ours
        f" ORDER BY due_order, number LIMIT {SHOWN}"
    )
    return [row[0] for row in connection.execute(query, [from_ms, to_ms, *values])]


def _docs(connection: LedgerRows, numbers: Sequence[str]) -> list[Case]:
    query = "SELECT doc FROM cases JOIN docs USING (id) WHERE number = ?"
    rows = (connection.execute(query, (number,)).fetchone() for number in numbers)
    return [Case.model_validate_json(row[0]) for row in rows]


def _called(connection: LedgerRows, area: Area) -> list[Case]:
    where, values = area.condition("open = 1 AND called IS NOT NULL")
    query = f"SELECT number FROM cases WHERE {where} ORDER BY submitted_ms DESC LIMIT {SHOWN}"  # noqa: S608 - only names of ours
    return _docs(connection, [row[0] for row in connection.execute(query, values)])


def _loads(alike: Iterable[tuple[str | None, _Alike]]) -> list[Load]:
    counts: dict[str, list[int]] = {}
    for key, group in alike:
        if key is not None:
            count = counts.setdefault(key, [0, 0])
            count[0] += group.cases
            count[1] += group.cases * (group.clock == "late")
    loads = [Load(key, *count) for key, count in counts.items()]
    return sorted(loads, key=lambda load: (-load.late, -load.open, load.key))[:SHOWN]


def _repeats(connection: LedgerRows, area: Area, now_ms: int) -> list[Repeat]:
    """From sums of whole periods, and the cases before the first of these."""
    from_ms, kept, zone = now_ms - REPEATS_MS, crossed_by(["segment"], WHOLE), zone_of(connection)
    first, those = day_at(from_ms, zone) + DAY, "segment <> '' AND kind <> 'remedy'"
    days = Periods("day", first, date.max).condition(few_codes=False)
    where, values = area.condition(f"grain = 'day' AND {days} AND {those}")
    there, more = area.condition(f"submitted_ms >= ? AND submitted_ms < ? AND master IS NULL AND {COUNTED} AND {those}")
    query = (
        "SELECT segment, category, sum(cases) FROM (SELECT segment, category, opened - merged AS cases"  # noqa: S608 - only names of ours
        f" FROM (SELECT *, nullif(proposed, 0) AS proposes FROM {kept.name}) WHERE {where}"
        f" UNION ALL SELECT segment, category, 1 FROM cases INDEXED BY cases_submitted WHERE {there})"
        f" GROUP BY 1, 2 HAVING sum(cases) >= {REPEATED} ORDER BY 3 DESC, 1, 2 LIMIT {SHOWN}"
    )
    rows = connection.execute(query, [*values, from_ms, begin_ms(first, zone), *more])
    return [Repeat(*row) for row in rows]
