"""Checks golden examples: facts, and the row that must decide them."""

from collections.abc import Iterator

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import near, problem
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Conflict, choose
from schemas.names import Name
from schemas.rulebook import Example
from schemas.table import kind_of

SHEET = "examples"
_DEFAULT = Name.of("checks.default")


def examples(known: References) -> Iterator[Problem]:
    """Examples that another row decides, or that name something unknown."""
    matcher = IndexMatcher([known.rulebook.routing])
    for number, example in enumerate(known.rulebook.examples, 1):
        faults = list(_faults(number, example, known))
        yield from faults
        if not any(fault.code != "example_unused_fact" for fault in faults):
            yield from _decided(number, example, known, matcher)


def _faults(number: int, example: Example, known: References) -> Iterator[Problem]:
    table = known.rulebook.routing
    for name, value in example.given.items():
        kind = kind_of(name)
        if kind is None or isinstance(value, str) != (kind == "text") or value == "":
            yield problem("example_wrong_fact", SHEET, (number,), name, value=repr(value))
        elif name not in table.kinds():
            yield problem("example_unused_fact", SHEET, (number,), name)
    if example.row is not None and example.row not in table.numbers:
        alike = near(example.row, table.numbers)
        yield problem("example_unknown_row", SHEET, (number,), "row", wanted=example.row, near=alike)


def _decided(number: int, example: Example, known: References, matcher: IndexMatcher) -> Iterator[Problem]:
    table = known.rulebook.routing
    hit = choose(table, matcher.matches(table.name, example.given))
    if isinstance(hit, Conflict):
        found: object = ", ".join(hit.rows)
    elif hit.row is not None and hit.row.id == example.row:
        return
    elif hit.row is None:
        found = _DEFAULT
    else:
        found = hit.row.id
    if found is _DEFAULT and example.row is None:
        return
    wanted: object = _DEFAULT if example.row is None else example.row
    given = tuple(example.given.items())
    yield problem("example_differs", SHEET, (number,), "row", given, wanted=wanted, found=found)
