"""Lists of cases as SQL: filters, orders, pages, and the index that answers each list. Pure.

SQLite guesses which index is best without knowing how the cases are spread; here it is chosen, by what a street looks
like after years: nearly everything is closed, little is open, refused or merged.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, TypedDict

from connectors.ledger.fold import OVER, due_order
from connectors.ledger.remit_sql import CaseWay, held, ways
from schemas.case import Case, State
from schemas.remit import WHOLE, Remit

Order = Literal["newest", "due"]
KEYS: Final[dict[Order, tuple[str, bool]]] = {"newest": ("submitted_ms", True), "due": ("due_order", False)}
"""The column of each order before the number, and whether the list descends."""
SELDOM: Final = OVER - {State.CLOSED}
LARGE: Final = frozenset({"cases_submitted", "cases_department", "cases_category"})
"""Indexes in which those who see a part of the region would pass over most entries, as in that of closed cases."""
MOST_WAYS: Final = 100
"""Of more grids the cases are near enough to each other in any order."""
COLUMNS: Final = (
    "assignee", "executor", "reporter", "department", "category", "kind", "raised", "grid", "segment", "master",
)  # fmt: skip


PROVED: Final = """number IN (
    SELECT number FROM proofs WHERE digest = ?
    UNION SELECT theirs.number FROM proofs AS mine
        JOIN proofs AS theirs ON theirs.dhash = mine.dhash WHERE mine.digest = ?
    UNION SELECT theirs.number FROM proofs AS mine JOIN alike ON alike.one = mine.dhash
        JOIN proofs AS theirs ON theirs.dhash = alike.other WHERE mine.digest = ?
)"""


class FigureCases(NamedTuple):
    """The cases of a figure: a condition of ours and its values, and the index that finds them by time ("": ids)."""

    condition: str
    values: tuple[object, ...]
    by: str
    own_part: bool = False
    """Whether the condition itself keeps to a part of the region, in its own way."""


class CaseFilters(TypedDict, total=False):
    """What cases must match; None stands for everything.

    Stubs of cases that moved to another home are left out unless asked for by `state`.
    """

    state: State | Iterable[State] | None
    assignee: str | None
    executor: str | None
    reporter: str | None
    department: str | None
    """Its code."""
    category: str | None
    kind: str | None
    """The kind in figures."""
    raised: str | None
    """The rung that it was raised to."""
    grid: str | None
    segment: str | None
    master: str | None
    called: str | None
    """The code of a called department."""
    ordered_from: str | None
    """The code of the owner's department, or of a called one."""
    joined: bool
    """Merged into another case."""
    proposals: bool
    """Proposed list changes."""
    remedies: bool
    """Standing remedies."""
    own: bool
    """Not merged into another case."""
    approved: bool
    """Of those, the ones that were approved from a day on."""
    to_inspect: bool
    """Fixed on the spot, sampled and not yet inspected."""
    about: str | None
    """Proposals that this case led to."""
    offered: bool
    """On offer to somebody."""
    numbers: Sequence[str] | None
    proof: str | None
    """Cases with this after-photo (SHA-256), or one that resembles it."""
    open_only: bool
    from_ms: int | None
    """`from_ms` ≤ submitted < `to_ms`."""
    to_ms: int | None
    due_before_ms: int | None
    """Only cases whose deadline is before this time."""
    figure: FigureCases | None
    """Only cases that a figure counts."""
    within: Remit
    """Only cases of this part of the region, whatever else is asked for."""


class CaseListQuery(NamedTuple):
    """A query and its values."""

    sql: str
    values: list[object]


def case_query(
    filters: CaseFilters,
    order: Order,
    before: Case | tuple[int, str] | None = None,
    limit: int = 100,
    *,
    back: bool = False,
    what: str = "doc",
) -> CaseListQuery:
    """The list after `before`: the last case of the page before, or its place in this order. `what`: columns.

    `back`: the page right before this case, which is then the first one of the page behind.
    """
    after = place_of(before, order) if isinstance(before, Case) else before
    if after is not None and order == "newest" and not back and after[0] < (filters.get("to_ms") or 0):
        filters = filters | {"to_ms": None}  # says no more than the page, and SQLite would begin there
    states = _states(filters)
    open_ = filters.get("open_only", False) or (states is not None and OVER.isdisjoint(states))
    conditions, values = _conditions(filters, states, open_=open_)
    key, descends = KEYS[order]
    if after is not None:
        conditions.append(f"({key}, number) {'<' if descends != back else '>'} (?, ?)")
        values += after
    index = _index(filters, states, order, open_=open_)
    by, found_by = (f"{key} {each}, number {each}" for each in _directions(descends, back))
    figure = filters.get("figure")
    remit = WHOLE if figure is not None and figure.own_part else filters.get("within", WHOLE)
    large = index in LARGE or (index == "cases_state" and states == [State.CLOSED])
    apart = ways(remit) if large and order == "newest" else []
    if not 0 < len(apart) <= MOST_WAYS:
        inside, more = held(remit)
        apart = [CaseWay(index or "", " AND ".join(inside or ["true"]), more)]
    parts = [_chosen(key, each, conditions) for each in apart]
    asked = [value for each in apart for value in (*each.values, *values)]
    chosen = f"{' UNION ALL '.join(parts)} ORDER BY {found_by} LIMIT ?"
    return CaseListQuery(f"SELECT {what} FROM ({chosen}) CROSS JOIN docs USING (id) ORDER BY {by}", [*asked, limit])  # noqa: S608 - names of ours


def _directions(descends: bool, back: bool) -> tuple[str, str]:
    """Of the list, and of the search for its cases."""
    return "DESC" if descends else "", "DESC" if descends != back else ""


def _chosen(key: str, way: CaseWay, conditions: Sequence[str]) -> str:
    indexed = f"INDEXED BY {way.by}" if way.by else ""
    return f"SELECT id, {key}, number FROM cases {indexed} WHERE {' AND '.join([way.condition, *conditions])}"  # noqa: S608 - names of ours


def place_of(case: Case, order: Order) -> tuple[int, str]:
    """Where a case stands in an order: what a next page begins after."""
    return (case.submitted_ms if order == "newest" else due_order(case.due_ms)), case.number


def _states(filters: CaseFilters) -> list[State] | None:
    state = filters.get("state")
    return [state] if isinstance(state, State) else None if state is None else list(state)


def _conditions(filters: CaseFilters, states: Sequence[State] | None, *, open_: bool) -> tuple[list[str], list[object]]:
    where, values = list[str](), list[object]()

    def also(condition: str, *given: object) -> None:
        where.append(condition)
        values.extend(given)

    if open_:
        also("open = 1")
    if states is not None:
        also("state = ?" if len(states) == 1 else f"state IN ({_marks(states)})", *states)
    elif not open_:
        also("state <> 'moved'")
    for name in COLUMNS:
        if (value := filters.get(name)) is not None:
            also(f"{name} = ?", value)
    if (numbers := filters.get("numbers")) is not None:
        also(f"number IN ({_marks(numbers)})", *numbers)
    if (proof := filters.get("proof")) is not None:
        also(PROVED, *[proof] * 3)
    if (figure := filters.get("figure")) is not None:
        also(figure.condition, *figure.values)
    if (department := filters.get("ordered_from")) is not None:
        also("(department = ? OR instr(called, ' ' || ? || ' ') > 0)", department, department)
    given = {
        "called IS NOT NULL AND instr(called, ' ' || ? || ' ') > 0": filters.get("called"),
        "proposes IS NOT NULL AND (SELECT json_extract(doc, '$.links') FROM docs WHERE docs.id = cases.id) = ?": (
            filters.get("about")
        ),
        "submitted_ms >= ?": filters.get("from_ms"),
        "submitted_ms < ?": filters.get("to_ms"),
        "due_order < ?": filters.get("due_before_ms"),
    }
    for condition, value in given.items():
        if value is not None:
            also(condition, value)
    flags = {"master IS NOT NULL": filters.get("joined"), "proposes IS NOT NULL": filters.get("proposals")}
    flags |= {"kind = 'remedy'": filters.get("remedies"), "master IS NULL": filters.get("own")}
    flags |= {"sample = 'waiting'": filters.get("to_inspect"), "raised > 0": _is_raised(filters)}
    flags |= {
        "(SELECT json_extract(doc, '$.offer') FROM docs WHERE docs.id = cases.id) IS NOT NULL": filters.get("offered")
    }
    flags |= {
        "(SELECT json_extract(doc, '$.change_from') FROM docs WHERE docs.id = cases.id) IS NOT NULL": filters.get(
            "approved"
        )
    }
    for condition in (each for each, wanted in flags.items() if wanted):
        also(condition)
    return where, values


def _index(filters: CaseFilters, states: Sequence[State] | None, order: Order, *, open_: bool) -> str | None:
    """The index to go by; None: SQLite chooses."""
    named = [name for name in COLUMNS if filters.get(name) is not None]
    narrow = {
        "cases_master": "master" in named,
        "cases_joined": filters.get("joined", False) and "reporter" in named,
        "cases_proposes": filters.get("proposals") or filters.get("about") is not None,
        "cases_remedies": filters.get("remedies", False),
        "cases_open_called": filters.get("called") is not None and open_,
        "cases_called": filters.get("called") is not None,
        "cases_sampled": filters.get("to_inspect", False),
    }
    if filters.get("numbers") is not None or filters.get("proof") is not None or states == []:
        return None
    if (figure := filters.get("figure")) is not None:
        return figure.by
    if (found := next((index for index, fits in narrow.items() if fits), None)) is not None:
        return found
    if open_:
        return _of_open(named, states, order)
    if order == "due":
        return None
    return _of_all(named, states, raised=_is_raised(filters))


def _of_open(named: Sequence[str], states: Sequence[State] | None, order: Order) -> str:
    persons = ("assignee", "executor", "reporter") if order == "newest" else ("assignee", "executor", "department")
    person = next((name for name in persons if name in named), None)
    if person is not None:
        return f"cases_open_{person}"
    if order == "newest" and states is not None and len(states) == 1 and OVER.isdisjoint(states):
        return "cases_state"  # there may be few of them
    return "cases_open" if order == "newest" else "cases_open_due"


def _of_all(named: Sequence[str], states: Sequence[State] | None, *, raised: bool) -> str:
    if (person := next((name for name in ("reporter", "assignee", "executor") if name in named), None)) is not None:
        return f"cases_{person}"
    if states is not None and len(states) == 1 and SELDOM.issuperset(states):
        return "cases_state"
    if raised:
        return "cases_raised"
    where = next((name for name in ("segment", "grid", "category", "department") if name in named), None)
    if where is not None:
        return f"cases_{where}"
    return "cases_state" if states is not None and len(states) == 1 else "cases_submitted"


def _is_raised(filters: CaseFilters) -> bool:
    return filters.get("raised") not in {None, "0"}


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
