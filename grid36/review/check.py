"""`grid36 rules check`: checks a rulebook for a region, and tries its tables on the rule engine in a child process."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, Protocol

from rules.check.all import check, sorted_problems
from rules.check.problem import Problem, Severity
from rules.check.said import problem
from rules.check.severities import IN_FLIGHT
from rules.review.durable_trial import Failure, try_tables
from schemas.names import Language
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.table import Table
from texts.catalogue import say


class AnyProblem(Protocol):
    """A problem of the rulebook or of its files."""

    @property
    def code(self) -> str:
        """Which kind of problem it is."""

    @property
    def severity(self) -> Severity:
        """What it means."""

    @property
    def sheet(self) -> str:
        """The list that it is in."""

    def where(self, language: Language) -> str:
        """Sheet, row and column."""

    def say(self, language: Language) -> str:
        """One line."""


EXAMPLES: Final = 3
"""Problems of one kind in one list that are shown whole."""
PLACES: Final = 5
"""Places of the others that are named."""


async def check_rulebook(
    region: Region,
    rulebook: Rulebook,
    on: date | None = None,
    try_on_engine: Callable[[Sequence[Table]], Awaitable[list[Failure]]] = try_tables,
) -> tuple[Problem, ...]:
    """All problems, those of the engine included; what has errors must not be activated.

    `on`: the day from which it is to hold, in the region's zone.
    """
    found = check(region, rulebook, on)
    failures = await try_on_engine(rulebook.tables)
    tried = [_failed(failure) for failure in failures]
    return sorted_problems([*found, *tried]) if tried else found


def _failed(failure: Failure) -> Problem:
    if failure.facts is None:
        return problem("engine_failed", failure.table, detail=failure.detail)
    return problem("engine_differs", failure.table, (), None, tuple(failure.facts.items()))


def has_errors(problems: Iterable[AnyProblem]) -> bool:
    """Whether a rulebook with these problems must not be activated."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """For `--json`: both languages."""
    return [
        {
            "severity": p.severity.value,
            "code": p.code,
            "sheet": p.sheet,
            "rows": list(p.rows),
            "column": p.column,
            "example": p.facts,
            "text": p.text.model_dump(),
            "remedy": p.remedy.model_dump(),
        }
        for p in problems
    ]


def as_lines(problems: Iterable[AnyProblem], language: Language, notes: bool = True) -> list[str]:
    """For people: each kind of problem once, with its first examples and the number and places of the others.

    Their numbers stand at the end. Notes are only counted where nobody wants them, except those on cases in flight.
    """
    listed = list(problems)
    kinds: dict[tuple[Severity, str, str], list[AnyProblem]] = {}
    for p in listed:
        if notes or p.severity is not Severity.NOTE or p.code in IN_FLIGHT:
            kinds.setdefault((p.severity, p.code, p.sheet), []).append(p)
    lines = [line for alike in kinds.values() for line in _kind(alike, language)]
    counts = Counter(p.severity for p in listed)
    total = (say(language, f"review.check.count.{severity}", n=counts[severity]) for severity in Severity)
    return [*lines, say(language, "review.comma").join(total)]


def _kind(alike: list[AnyProblem], language: Language) -> Iterator[str]:
    """The first problems of a kind, and where the others are."""
    for p in alike[:EXAMPLES]:
        yield f"{say(language, f'review.check.severity.{p.severity}'):<8}{p.say(language)}"
    if others := alike[EXAMPLES:]:
        places = list(dict.fromkeys(p.where(language) for p in others))
        shown = say(language, "review.semicolon").join(places[:PLACES])
        if len(places) > PLACES:
            shown += say(language, "review.dots")
        yield say(language, "review.check.others", n=len(others), places=shown)
