"""The sets of cases that metrics count, by name: how many of a group are in one, and which they are, as SQL. Pure.

Lists find the cases of a figure by the same conditions by which the sums were added up.
"""

from collections.abc import Callable
from typing import Final, Literal

from connectors.ledger.kept.sums import COUNTED, THOSE
from connectors.ledger.queries.statistics.group import FigureGroup
from connectors.ledger.queries.stats_totals import LATE
from connectors.ledger.span_cases import COUNTED_TIMES

CaseSet = Literal[
    "opened", "own", "merged", "refused", "closed", "resolved", "timed", "by_day", "open_late", "due", "on_time",
    "rework", "extended", "escalated", "above_one_hop", "responded_judged", "responded", "solved_judged", "solved",
    "satisfied_judged", "satisfied",
]  # fmt: skip
_OTHERS: Final[dict[str, str]] = {
    "own": "master IS NULL",
    "timed": COUNTED_TIMES,
    "by_day": "by_day = 1 AND timed = 1",
    "open_late": LATE,
    "due": f"(({THOSE['judged']}) OR ({LATE}))",
}
SELDOM: Final[dict[str, str]] = {
    "refused": "cases_state", "open_late": "cases_open", "rework": "cases_reworked", "extended": "cases_extended",
    "escalated": "cases_escalated", "above_one_hop": "cases_passed_on",
}  # fmt: skip
"""Sets of few cases, each with an index of its own by time."""
_COUNTS: Final[dict[str, Callable[[FigureGroup], int]]] = {
    "own": lambda group: group.opened - group.sums["merged"],
    "timed": lambda group: group.sums["took"],
    "by_day": lambda group: len(group.days),
    "due": lambda group: group.sums["judged"] + group.sums["open_late"],
}


def sums_of(cases: CaseSet) -> tuple[str, ...]:
    """The sums by which `count` counts a set."""
    others = {"own": ("opened", "merged"), "timed": ("took",), "by_day": (), "due": ("judged",), "open_late": ()}
    return others.get(cases, (cases,))


def count(group: FigureGroup, cases: CaseSet) -> int:
    """How many cases of a group are in a set."""
    return _COUNTS[cases](group) if cases in _COUNTS else group.sums[cases]


def condition(cases: CaseSet, at_ms: int) -> str:
    """The cases of a set as a condition on the table of cases; late ones as of `at_ms`."""
    which = _OTHERS[cases] if cases in _OTHERS else THOSE[cases]
    few = " AND open = 1" if cases == "open_late" else ""
    return f"{COUNTED}{few} AND ({which.replace(':at', str(int(at_ms)))})"
