"""Translates tables to rules of the durable-rules engine, within the limits for which it was measured to be correct.

Outside these limits durable-rules 2.0.28 was not measured and may fail (docs/adr): such tables are left to the index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Final, Literal, NamedTuple, TypeAlias

from schemas.names import Name
from schemas.table import MAX_INT, Cell, Fact, Table, bad_text

MAX_RULES: Final = 4_000  # in one ruleset
MAX_RULES_OF_TABLE: Final = 20_000  # in all rulesets of a table: the engine takes about 12 KB for each
MAX_ON_NODE: Final = 500
MAX_IDENTICAL: Final = 200
MAX_TRUE: Final = 60
MAX_CONDITIONS: Final = 28  # of one rule; a range with two ends counts twice
PIVOT: Final = "category"


class Condition(NamedTuple):
    """One test on one fact."""

    name: str
    operator: Literal["eq", "ge", "le"]
    value: Fact


Conditions: TypeAlias = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class EngineProblem:
    """Why a table is left to the index: which limit is exceeded, and by which rows (numbers from 1)."""

    text: Name
    rows: tuple[int, ...]

    def __str__(self) -> str:
        """The message, with at most ten row numbers."""
        shown = ", ".join(map(str, self.rows[:10])) + (" …" if len(self.rows) > 10 else "")
        return f"{self.text.en} (rows {shown})"


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Engine rules of one category; several rules may stand for one row, given by its place in the table (from 0)."""

    rules: tuple[tuple[int, Conditions], ...]
    always: tuple[int, ...]  # rows without any further condition: they need no engine
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """A table as rulesets: one for each category, and one (None) of the rows that hold for all categories."""

    rulesets: Mapping[Fact | None, Ruleset]
    problems: tuple[EngineProblem, ...]


def check_envelope(table: Table) -> list[EngineProblem]:
    """Everything in `table` outside the measured limits of the engine; empty when it may be loaded."""
    return list(plan(table).problems)


def plan(table: Table) -> EnginePlan:
    """Divide `table` by category and expand each part to engine rules, the most selective input first."""
    parts: defaultdict[Fact | None, list[int]] = defaultdict(list)
    for i, row in enumerate(table.rows):
        for category in row.cell(PIVOT).one_of or (None,):
            parts[category].append(i)
    problems: list[EngineProblem] = []
    rulesets: dict[Fact | None, Ruleset] = {}
    for category, rows in parts.items():
        ruleset, found = _best(table, rows)
        problems += found if category is None else [_in_category(problem, category) for problem in found]
        rulesets[category] = ruleset
    if (total := sum(len(ruleset.rules) for ruleset in rulesets.values())) > MAX_RULES_OF_TABLE:
        text = Name.of("checks.engine.whole_table", total=total, most=MAX_RULES_OF_TABLE)
        problems.append(EngineProblem(text, tuple(range(1, len(table.rows) + 1))))
    return EnginePlan(rulesets, tuple(problems))


def _in_category(problem: EngineProblem, category: Fact) -> EngineProblem:
    return EngineProblem(Name.of("checks.engine.in_category", category=category, text=problem.text), problem.rows)


def _best(table: Table, rows: Sequence[int]) -> tuple[Ruleset, list[EngineProblem]]:
    """The first order of inputs that stays within the limits; if none does, the problems of the usual one."""
    cells = {i: {name: cell for name, cell in table.rows[i].when.items() if name != PIVOT} for i in rows}
    if problem := _too_many_rules(cells):
        return Ruleset((), (), frozenset()), [problem]
    usual = _selective_first(cells)
    first: tuple[Ruleset, list[EngineProblem]] | None = None
    for order in [usual, *([name, *(other for other in usual if other != name)] for name in usual[1:])]:
        ruleset = _expand(cells, order)
        problems = list(_problems(ruleset))
        if not problems:
            return ruleset, []
        first = first or (ruleset, problems)
    return first or (_expand(cells, usual), [])


def _selective_first(cells: Mapping[int, Mapping[str, Cell]]) -> list[str]:
    values: defaultdict[str, set[Condition]] = defaultdict(set)
    for row in cells.values():
        for name, cell in row.items():
            values[name].update(condition for conditions in _alternatives(name, cell) for condition in conditions)
    return sorted((name for name in values if values[name]), key=lambda name: (-len(values[name]), name))


def _too_many_rules(cells: Mapping[int, Mapping[str, Cell]]) -> EngineProblem | None:
    sizes = {i: prod(len(cell.one_of or (0,)) for cell in row.values()) for i, row in cells.items()}
    if (total := sum(sizes.values())) <= MAX_RULES:
        return None
    largest = sorted(sizes, key=lambda i: -sizes[i])
    text = Name.of("checks.engine.rules", total=total, most=MAX_RULES)
    return EngineProblem(text, tuple(i + 1 for i in largest))


def _alternatives(name: str, cell: Cell) -> list[Conditions]:
    """Ways to meet a cell; exactly one of them holds for a fact that meets it. Any: no way to state."""
    if cell.one_of is not None:
        return [(Condition(name, "eq", value),) for value in cell.one_of]
    ends = []
    if cell.ge is not None:
        ends.append(Condition(name, "ge", cell.ge))
    if cell.le is not None:
        ends.append(Condition(name, "le", cell.le))
    return [tuple(ends)] if ends else []


def _expand(cells: Mapping[int, Mapping[str, Cell]], order: Sequence[str]) -> Ruleset:
    rules: list[tuple[int, Conditions]] = []
    always = []
    for i, row in cells.items():
        choices = [found for name in order if name in row and (found := _alternatives(name, row[name]))]
        if choices:
            rules += [(i, tuple(c for part in parts for c in part)) for parts in product(*choices)]
        else:
            always.append(i)
    return Ruleset(tuple(rules), tuple(always), frozenset(order))


@dataclass(slots=True)
class _Node:
    """A node of the engine's network: the tests after the conditions that lead here."""

    children: dict[Condition, _Node] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)  # of rules that end here


def _network(ruleset: Ruleset) -> _Node:
    root = _Node()
    for row, conditions in ruleset.rules:
        node = root
        for condition in conditions:
            node = node.children.setdefault(condition, _Node())
        node.rows.append(row)
    return root


def _problems(ruleset: Ruleset) -> Iterator[EngineProblem]:
    root = _network(ruleset)
    for node in _nodes(root):
        if len(node.children) > MAX_ON_NODE:
            text = Name.of("checks.engine.on_node", total=len(node.children), most=MAX_ON_NODE)
            yield EngineProblem(text, _numbers(node))
        if len(node.rows) > MAX_IDENTICAL:
            text = Name.of("checks.engine.identical", total=len(node.rows), most=MAX_IDENTICAL)
            yield EngineProblem(text, tuple(row + 1 for row in node.rows))
    if (true := _true_at_once(root)) > MAX_TRUE:
        yield EngineProblem(Name.of("checks.engine.true_at_once", total=true, most=MAX_TRUE), _numbers(root))
    if long := tuple(row + 1 for row, conditions in ruleset.rules if len(conditions) > MAX_CONDITIONS):
        yield EngineProblem(Name.of("checks.engine.in_row", most=MAX_CONDITIONS), long)


def _nodes(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.children.values():
        yield from _nodes(child)


def _numbers(node: _Node) -> tuple[int, ...]:
    """The row numbers under `node`, those that occur most often first."""
    times = Counter(row + 1 for below in _nodes(node) for row in below.rows)
    return tuple(row for row, _ in times.most_common())


def _true_at_once(node: _Node) -> int:
    """Upper bound of the conditions below `node` that are true for the same facts."""
    weights: defaultdict[str, list[tuple[Condition, int]]] = defaultdict(list)
    for condition, child in node.children.items():
        weights[condition.name].append((condition, 1 + _true_at_once(child)))
    return sum(_heaviest(column) for column in weights.values())


def _heaviest(column: Iterable[tuple[Condition, int]]) -> int:
    """The largest total weight of conditions on one fact that a single value meets.

    It suffices to try the named values: none between them meets more than its neighbours.
    """
    met: dict[str, Counter[Fact]] = {"eq": Counter(), "ge": Counter(), "le": Counter()}
    for condition, weight in column:
        met[condition.operator][condition.value] += weight
    named = {value for weights in met.values() for value in weights}
    if not met["ge"] and not met["le"]:
        return max(met["eq"].values(), default=0)
    points = sorted(value for value in named if isinstance(value, int))
    above, below, heaviest = 0, sum(met["le"].values()), 0
    for point in points:
        above += met["ge"][point]
        heaviest = max(heaviest, above + below + met["eq"][point])
        below -= met["le"][point]
    return heaviest


def in_envelope(facts: Iterable[Fact | None]) -> bool:
    """Whether these facts are within the measured limits of the engine."""
    return all(
        fact is None or (abs(fact) <= MAX_INT if isinstance(fact, int) else bad_text(fact) is None) for fact in facts
    )


def loadable(plans: Mapping[str, EnginePlan]) -> dict[str, EnginePlan]:
    """The plans without problems, as long as all of them together stay below the rules of one table."""
    left = MAX_RULES_OF_TABLE
    found = {}
    for name, one in plans.items():
        size = sum(len(ruleset.rules) for ruleset in one.rulesets.values())
        if not one.problems and size <= left:
            left -= size
            found[name] = one
    return found
