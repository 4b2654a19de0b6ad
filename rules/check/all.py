"""Runs all checks: `check(region, rulebook)`, the gravest problems first."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from rules.check.boxes import Boxes
from rules.check.categories import categories
from rules.check.cells import cells
from rules.check.danger import danger
from rules.check.duties import duties
from rules.check.engine import engine
from rules.check.examples import examples
from rules.check.gaps import gaps, nobody
from rules.check.items import items
from rules.check.known import References
from rules.check.limits import limits
from rules.check.outputs import outputs
from rules.check.overlaps import overlaps
from rules.check.placeless import placeless
from rules.check.places import places
from rules.check.policies import policies
from rules.check.problem import Problem, Severity
from rules.check.steps import steps
from rules.check.subcategories import subcategories
from schemas.region import Region
from schemas.rulebook import Rulebook

_GRAVITY: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check(region: Region, rulebook: Rulebook, on: date | None = None) -> tuple[Problem, ...]:
    """All problems, errors first, then by sheet and row; empty for a correct rulebook.

    `on` is the day (in the region's zone) when the rulebook takes effect: items must be in force then. Without it
    their dates are ignored.
    """
    return sorted_problems(_found(References(region, rulebook, on)))


def check_lists(region: Region, rulebook: Rulebook, on: date) -> Iterator[Problem]:
    """Problems that a change of one item can cause: its own, and those of rows and categories that name it.

    It does not compare rows with each other, so it is fast enough for a decision.
    """
    known = References(region, rulebook, on)
    yield from outputs(known)
    yield from items(known)
    yield from categories(known)


def sorted_problems(found: Iterator[Problem] | list[Problem]) -> tuple[Problem, ...]:
    """Errors first, then by sheet, row and code."""
    return tuple(sorted(found, key=lambda p: (_GRAVITY[p.severity], p.sheet, p.rows[:1], p.code, p.rows)))


def _found(known: References) -> Iterator[Problem]:
    book = known.rulebook
    for table in book.tables:
        boxes = Boxes(table, known.parents)
        yield from cells(table, known)
        yield from overlaps(boxes)
        if table is book.routing:
            yield from gaps(boxes, known)
            yield from nobody(boxes, known)
    yield from placeless(known)
    yield from outputs(known)
    yield from items(known)
    yield from categories(known)
    yield from subcategories(known)
    yield from limits(known)
    yield from danger(known)
    yield from steps(known)
    yield from policies(known)
    yield from duties(known)
    yield from places(known)
    yield from engine(known)
    yield from examples(known)
